import { useCallback, useMemo, useRef, useState } from 'react';
import { isOpen } from '../../shared/health.ts';
import type { LinkView } from '../../shared/linkView.ts';
import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';
import { isPaused } from '../standing.ts';
import { useEngine } from '../store/hooks.ts';
import { tickedNow, useTicked } from '../store/ticker.ts';
import { awayOf } from './outages.ts';

/** More lines than this are not told apart. */
export const MOST_LINES = 12;
/** Which links are the worst is asked so often: lines that change every second cannot be read. */
const RANKED_EVERY_MS = 10_000;

/** What a person wanted: true to be drawn, false not to be. */
export type Choice = ReadonlyMap<string, boolean>;

/** What is known of links that may be drawn. */
export interface Candidates {
  readonly links: Readonly<Record<string, LinkView>>;
  /** Whether the stretch that is drawn has an outage of it; a pause is none. */
  readonly wasAway: (name: string) => boolean;
  /** What is drawn already. */
  readonly drawn: readonly string[];
}

/**
 * The links that are drawn: those that were asked for, then the worst of the others, as long as there is room: those that are
 * down, those not to be traded over, those that were down, then by p99 of the last minute. In the order of `names`, so
 * that a line keeps its colour.
 */
export function drawnLinks(names: readonly string[], known: Candidates, choice: Choice): readonly string[] {
  const asked = names.filter((name) => choice.get(name) === true);
  const room = Math.max(0, MOST_LINES - asked.length);
  const others = names.filter((name) => !choice.has(name));
  const worst = others.length <= room ? others : worstFirst(others, known).slice(0, room);
  const drawn = new Set([...asked.slice(0, MOST_LINES), ...worst]);
  return names.filter((name) => drawn.has(name));
}

/** Another one takes the place of a line that is drawn only where it is so much slower. */
const CLEARLY = 1.2;

function worstFirst(names: readonly string[], { links, wasAway, drawn }: Candidates): readonly string[] {
  const ranks = names.map((name) => {
    const link = links[name];
    const p99Ms = (link?.rtt.windows['1m']?.p99Ms ?? 0) * (drawn.includes(name) ? CLEARLY : 1);
    return { name, trouble: link === undefined ? -1 : troubleOf(link, wasAway), p99Ms };
  });
  return ranks.sort((a, b) => b.trouble - a.trouble || b.p99Ms - a.p99Ms).map(({ name }) => name);
}

/** A link without pings has nothing to be drawn, and its gate is closed for good. */
function troubleOf(link: LinkView, wasAway: (name: string) => boolean): number {
  if (isPaused(link)) return -1;
  if (!isOpen(link.state)) return 3;
  if (link.gate.kind === 'closed' && link.about.ping !== 'none') return 2;
  return wasAway(link.name) ? 1 : 0;
}

/** The same, asked anew now and then, and not while `pinned`. */
export function useDrawnLinks(names: readonly string[], range: SliceRange, pinned: boolean) {
  const { store } = useEngine();
  const [choice, setChoice] = useState<Choice>(NO_CHOICE);
  const slot = useTicked(() => (names.length <= MOST_LINES ? 0 : Math.floor(tickedNow() / RANKED_EVERY_MS)));
  const held = useRef<{ names: readonly string[]; choice: Choice; drawn: readonly string[] } | null>(null);
  // The slot says when it is time
  const drawn = useMemo(() => {
    const known = held.current;
    if (pinned && known !== null && known.names === names && known.choice === choice) return known.drawn;
    const { snapshot, events } = store.getState();
    const fromMs = (snapshot?.wall ?? 0) - SLICE_SHAPES[range].rangeMs;
    const wasAway = (name: string) =>
      awayOf(events, name).some(({ toMs, paused }) => !paused && (toMs === null || toMs > fromMs));
    const next = drawnLinks(names, { links: snapshot?.links ?? {}, wasAway, drawn: known?.drawn ?? [] }, choice);
    const same =
      known !== null && known.drawn.length === next.length && next.every((name, i) => known.drawn[i] === name);
    held.current = { names, choice, drawn: same ? known.drawn : next };
    return held.current.drawn;
  }, [names, choice, range, slot, pinned, store]);
  const choose = useCallback(
    (name: string, wanted: boolean): void => setChoice((held) => new Map(held).set(name, wanted)),
    [],
  );
  const [dropped, rest] = useMemo(() => {
    const others = names.filter((name) => !drawn.includes(name));
    return [others.filter((name) => choice.get(name) === false), others.filter((name) => choice.get(name) !== false)];
  }, [names, drawn, choice]);
  return { drawn, dropped, rest, choose };
}

const NO_CHOICE: Choice = new Map();
