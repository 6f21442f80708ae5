import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { SliceRange, SlicesFrame } from '../../shared/slices.ts';
import { useClient } from './hooks.ts';
import { openWhileSeen, whileSeen } from './seen.ts';
import { type Held, SliceHistory } from './slices.ts';
import { onTick, reserveNextTick } from './ticker.ts';

/** So many ticks later it is drawn: what else comes once a second has been done by then, and no update is long. */
const LATER_TICKS = 1;

/** The histories of some links in one range: filled by `useSlices`, read by every chart of a page. */
export class SliceBook {
  readonly range: SliceRange;
  readonly #histories = new Map<string, SliceHistory>();
  readonly #listeners = new Set<() => void>();
  /** Those that are drawn. The others' histories are kept, and stand still. */
  #followed: readonly string[] = [];
  #untick: (() => void) | null = null;
  #ticksLeft = 0;
  #wholes = 0;

  constructor(range: SliceRange) {
    this.range = range;
  }

  /** How many wholes have come: each of them changes what is known of the past. */
  get wholes(): number {
    return this.#wholes;
  }

  /** The newest moment that any of the links that are drawn was heard of; `null` before the first. */
  get untilMs(): number | null {
    const known = this.#drawn().flatMap(({ untilMs }) => (untilMs === null ? [] : [untilMs]));
    return known.length === 0 ? null : Math.max(...known);
  }

  /** The beginning of the oldest slice that is held. */
  get earliestMs(): number | null {
    const known = this.#drawn().flatMap(({ slices: [first] }) => (first === undefined ? [] : [first.fromMs]));
    return known.length === 0 ? null : Math.min(...known);
  }

  /** The history of this link, begun if there is none yet. */
  of(name: string): SliceHistory {
    const history = this.#histories.get(name) ?? new SliceHistory(this.range);
    this.#histories.set(name, history);
    return history;
  }

  follow(names: readonly string[]): void {
    this.#followed = names;
  }

  accept(name: string, frame: SlicesFrame, held: Held | null): void {
    this.of(name).accept(frame, held);
    if (this.#untick === null) this.#ticksLeft = LATER_TICKS;
    if (frame.kind === 'whole') {
      this.#wholes += 1;
      this.#ticksLeft = 0;
    }
    // Frames of all links come one by one within a moment: they are drawn together, and with the table.
    this.#untick ??= onTick(() => this.#tick());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #drawn(): readonly SliceHistory[] {
    return this.#followed.map((name) => this.of(name));
  }

  #tick(): void {
    if (this.#ticksLeft === 0) return this.#tell();
    this.#ticksLeft -= 1;
    if (this.#ticksLeft === 0) reserveNextTick();
  }

  #tell(): void {
    this.#untick?.();
    this.#untick = null;
    for (const listener of this.#listeners) listener();
  }
}

/** Reads the slices of these links into the book as long as the component stands and is seen. */
export function useSlices(names: readonly string[], book: SliceBook, held: () => Held | null): void {
  const client = useClient();
  useEffect(
    () =>
      openWhileSeen(() => {
        book.follow(names);
        const stops = names.map((link) =>
          client.slices({ link, range: book.range }, (frame) => book.accept(link, frame, held())),
        );
        return () => {
          for (const stop of stops) stop();
        };
      }),
    [client, book, names, held],
  );
}

/** Goes up with each whole: what is drawn of the past has changed. */
export function useWholes(book: SliceBook): number {
  const subscribe = useCallback((listener: () => void) => whileSeen((told) => book.subscribe(told), listener), [book]);
  return useSyncExternalStore(subscribe, () => book.wholes);
}
