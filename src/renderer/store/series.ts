import type { SeriesFrame, SeriesPoint } from '../../shared/rttView.ts';

/** Two minutes at one point a second, as long as a sparkline, and some. */
const CAPACITY = 130;

/**
 * The p99 of every link, once a second, for the sparklines of the overview: beside the store because it changes every second
 * for every link. One ring a link; a value that was not measured is NaN, so that a gap stays a gap.
 */
export class SeriesStore {
  readonly #columns = new Map<string, Float64Array>();
  readonly #listeners = new Set<() => void>();
  /** Points ever written; the newest lies at `(#written - 1) % CAPACITY`. */
  #written = 0;
  #version = 0;

  /** Goes up with every change: the value that a subscriber compares. */
  get version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  accept(frame: SeriesFrame): void {
    if (frame.kind === 'history') this.#restart(frame.links);
    else this.#append(frame.links);
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  /** The last `points` values of one link, oldest first; NaN where there is none. */
  values(name: string, points: number): Float64Array {
    const column = this.#columns.get(name);
    const values = new Float64Array(points).fill(Number.NaN);
    if (column === undefined) return values;
    const held = Math.min(points, this.#written, CAPACITY);
    for (let i = 0; i < held; i += 1) {
      values[points - held + i] = column[(this.#written - held + i) % CAPACITY] as number;
    }
    return values;
  }

  #restart(links: Readonly<Record<string, readonly SeriesPoint[]>>): void {
    this.#columns.clear();
    const entries = Object.entries(links);
    const length = Math.min(CAPACITY, Math.max(0, ...entries.map(([, points]) => points.length)));
    this.#written = length;
    for (const [name, points] of entries) {
      const column = this.#columnOf(name);
      const held = points.slice(-length);
      for (const [i, point] of held.entries()) column[length - held.length + i] = point.p99Ms ?? Number.NaN;
    }
  }

  #append(links: Readonly<Record<string, SeriesPoint>>): void {
    const at = this.#written % CAPACITY;
    this.#written += 1;
    for (const name of Object.keys(links)) this.#columnOf(name);
    for (const [name, column] of this.#columns) {
      column[at] = (Object.hasOwn(links, name) ? links[name]?.p99Ms : null) ?? Number.NaN;
    }
  }

  #columnOf(name: string): Float64Array {
    const held = this.#columns.get(name);
    if (held !== undefined) return held;
    const column = new Float64Array(CAPACITY).fill(Number.NaN);
    this.#columns.set(name, column);
    return column;
  }
}
