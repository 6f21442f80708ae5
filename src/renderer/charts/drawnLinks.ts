import { useCallback, useMemo, useRef, useState } from 'react';
import type { LinkView } from '../../shared/linkView.ts';
import { isPaused } from '../standing.ts';
import { useEngine } from '../store/hooks.ts';
import { tickedNow, useTicked } from '../store/ticker.ts';

/** More lines than this are not told apart. */
export const MOST_LINES = 12;
/** Which links are the worst is asked so often: lines that change every second cannot be read. */
const RANKED_EVERY_MS = 10_000;

/** What a person wanted: true to be drawn, false not to be. */
export type Choice = ReadonlyMap<string, boolean>;

/**
 * The links that are drawn: those that were asked for, then the worst of the others by p99 of the last minute, as long as
 * there is room. In the order of `names`, so that a line keeps its colour.
 */
export function drawnLinks(
  names: readonly string[],
  links: Readonly<Record<string, LinkView>>,
  choice: Choice,
): readonly string[] {
  const asked = names.filter((name) => choice.get(name) === true);
  const room = Math.max(0, MOST_LINES - asked.length);
  const others = names.filter((name) => !choice.has(name));
  const p99Of = (name: string): number => {
    const link = links[name];
    return link === undefined || isPaused(link) ? -1 : (link.rtt.windows['1m']?.p99Ms ?? 0);
  };
  const worst = others.length <= room ? others : others.toSorted((a, b) => p99Of(b) - p99Of(a)).slice(0, room);
  const drawn = new Set([...asked.slice(0, MOST_LINES), ...worst]);
  return names.filter((name) => drawn.has(name));
}

/** The same, asked anew now and then, and not while `pinned`. */
export function useDrawnLinks(names: readonly string[], pinned: boolean) {
  const { store } = useEngine();
  const [choice, setChoice] = useState<Choice>(NO_CHOICE);
  const slot = useTicked(() => (names.length <= MOST_LINES ? 0 : Math.floor(tickedNow() / RANKED_EVERY_MS)));
  const held = useRef<{ names: readonly string[]; choice: Choice; drawn: readonly string[] } | null>(null);
  // The slot says when it is time
  const drawn = useMemo(() => {
    const known = held.current;
    if (pinned && known !== null && known.names === names && known.choice === choice) return known.drawn;
    const next = drawnLinks(names, store.getState().snapshot?.links ?? {}, choice);
    const same =
      known !== null && known.drawn.length === next.length && next.every((name, i) => known.drawn[i] === name);
    held.current = { names, choice, drawn: same ? known.drawn : next };
    return held.current.drawn;
  }, [names, choice, slot, pinned, store]);
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
