import { useMemo, useRef } from 'react';
import { isOpen } from '../../shared/health.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { RttWindow } from '../../shared/rttView.ts';
import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';
import { isPaused } from '../standing.ts';
import type { EngineState } from '../store/engine.ts';
import { useEngine } from '../store/hooks.ts';
import { tickedNow, useTicked } from '../store/ticker.ts';
import { type LineChoice, useLineChoice } from './lineChoice.ts';
import { type Away, awayOf } from './outages.ts';

/** More lines than this are not told apart. */
export const MOST_LINES = 12;
/** Which links are the worst is asked so often: lines that change every second cannot be read. */
const RANKED_EVERY_MS = 10_000;

/** What is known of links that may be drawn. */
export interface Candidates {
  readonly links: Readonly<Record<string, LinkView>>;
  /** Whether the stretch that is drawn has an outage of it; a pause is none. */
  readonly wasAway: (name: string) => boolean;
  /** Whether anything of it was measured in that stretch. */
  readonly isMeasured: (name: string) => boolean;
  /** What is drawn already. */
  readonly drawn: readonly string[];
}

/**
 * The links that are drawn: those that were asked for, then the worst of the others, as long as there is room: those that are
 * down, those not to be traded over, those that were down, then by p99 of the last minute. One of which nothing would be seen
 * takes no other's line. In the order of `names`, so that a line keeps its colour.
 */
export function drawnLinks(
  names: readonly string[],
  known: Candidates,
  wanted: LineChoice['wanted'],
): readonly string[] {
  const asked = names.filter((name) => wanted.get(name) === true);
  const room = Math.max(0, MOST_LINES - asked.length);
  const others = names.filter((name) => !wanted.has(name));
  const worst = others.length <= room ? others : worstOf(others, known, room);
  const drawn = new Set([...asked.slice(0, MOST_LINES), ...worst]);
  return names.filter((name) => drawn.has(name));
}

/** Of the lines of a venue that is down as a whole, this share is left to what is up. */
const LEFT_TO_LIVE = 1 / 4;
/** Another one takes the place of a line that is drawn only where it is so much slower. */
const CLEARLY = 1.2;

function worstOf(names: readonly string[], known: Candidates, room: number): readonly string[] {
  const ranks = names.map((name) => {
    const link = known.links[name];
    const p99Ms = (link?.rtt.windows['1m']?.p99Ms ?? 0) * (known.drawn.includes(name) ? CLEARLY : 1);
    return { name, trouble: link === undefined ? UNSEEN : troubleOf(link, known), p99Ms };
  });
  ranks.sort((a, b) => b.trouble - a.trouble || b.p99Ms - a.p99Ms);
  const down = ranks.filter(({ trouble }) => trouble === DOWN);
  const others = ranks.slice(down.length);
  const live = others.filter(({ trouble }) => trouble >= 0);
  const downFirst = down.slice(0, room - Math.min(live.length, Math.floor(room * LEFT_TO_LIVE)));
  return [...downFirst, ...others].slice(0, room).map(({ name }) => name);
}

const DOWN = 3;
const PAUSED = -1;
const UNSEEN = -2;

/** The gate of a link without pings is closed for good. */
function troubleOf(link: LinkView, { wasAway, isMeasured }: Candidates): number {
  if (!isMeasured(link.name)) return UNSEEN;
  if (isPaused(link)) return PAUSED;
  if (!isOpen(link.state)) return DOWN;
  if (link.gate.kind === 'closed' && link.about.ping !== 'none') return 2;
  return wasAway(link.name) ? 1 : 0;
}

/** How many are down of which nothing would be seen. */
export const unseenOf = (names: readonly string[], { links, isMeasured }: Candidates): number =>
  names.filter((name) => {
    const link = links[name];
    return link !== undefined && !isOpen(link.state) && !isPaused(link) && !isMeasured(name);
  }).length;

/** The shortest window that holds all of a range. */
const WINDOW_OVER: Readonly<Record<SliceRange, RttWindow>> = { '1m': '1m', '5m': '5m', '15m': '1h', '1h': '1h' };

function candidates({ snapshot, events }: EngineState, range: SliceRange, drawn: readonly string[]): Candidates {
  const links = snapshot?.links ?? {};
  const fromMs = (snapshot?.wall ?? 0) - SLICE_SHAPES[range].rangeMs;
  const isGone = ({ fromMs: sinceMs, toMs }: Away): boolean => toMs === null && sinceMs <= fromMs;
  return {
    links,
    wasAway: (name) => awayOf(events, name).some(({ toMs, paused }) => !paused && (toMs === null || toMs > fromMs)),
    isMeasured: (name) =>
      (links[name]?.rtt.windows[WINDOW_OVER[range]] ?? null) !== null && !awayOf(events, name).some(isGone),
    drawn,
  };
}

/** The same, asked anew now and then, and not while `pinned`. `selected`: `names` are what a person selected. */
export function useDrawnLinks(names: readonly string[], range: SliceRange, pinned: boolean, selected: boolean) {
  const { store } = useEngine();
  const { choice, change } = useLineChoice(selected ? names : null);
  const { wanted, only } = choice;
  const slot = useTicked(() => (names.length <= MOST_LINES ? 0 : Math.floor(tickedNow() / RANKED_EVERY_MS)));
  const held = useRef<Held | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the slot says when it is time to rank them anew
  const { usual, unseen } = useMemo(() => {
    const before = held.current;
    if (pinned && before !== null && before.names === names && before.wanted === wanted) return before;
    const known = candidates(store.getState(), range, before?.usual ?? []);
    const next = drawnLinks(names, known, wanted);
    const same =
      before !== null && before.usual.length === next.length && next.every((name, i) => before.usual[i] === name);
    const unseen = unseenOf(
      names.filter((name) => !next.includes(name)),
      known,
    );
    held.current = { names, wanted, usual: same ? before.usual : next, unseen };
    return held.current;
  }, [names, wanted, range, slot, pinned, store]);
  return useMemo(() => {
    const alone = names.filter((name) => only.has(name)).slice(0, MOST_LINES);
    const drawn = alone.length > 0 ? alone : usual;
    const isListed = (name: string): boolean =>
      drawn.includes(name) || usual.includes(name) || wanted.get(name) === false;
    return {
      drawn,
      unseen,
      listed: names.filter(isListed),
      rest: names.filter((name) => !isListed(name)),
      isAlone: alone.length > 0,
      byHand: alone.length > 0 || wanted.size > 0,
      change,
    };
  }, [names, usual, unseen, wanted, only, change]);
}

interface Held {
  readonly names: readonly string[];
  readonly wanted: LineChoice['wanted'];
  /** What is drawn where no line is alone. */
  readonly usual: readonly string[];
  readonly unseen: number;
}
