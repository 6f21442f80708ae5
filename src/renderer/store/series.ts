import type { SeriesFrame, SeriesPoint } from '../../shared/snapshot.ts';

/** Eleven minutes at one point a second: the longest range that is drawn, and some. */
const CAPACITY = 660;
/** Points further apart than this are not joined: nobody measured in between. */
const GAP_MS = 2500;

export type SeriesField = 'p50' | 'p99';

/** One point in time and the value of each asked-for link, in the order asked: `v0`, `v1`, ... */
export interface SeriesRow {
  readonly t: number;
  readonly [key: `v${number}`]: number | null;
}

interface Column {
  readonly p50: Float64Array;
  readonly p99: Float64Array;
}

/**
 * The charts' points, beside the store because they change every second for every link: one ring of times, one column
 * a link. A value that was not measured is NaN, so that a gap stays a gap.
 */
export class SeriesStore {
  readonly #times = new Float64Array(CAPACITY);
  readonly #columns = new Map<string, Column>();
  readonly #listeners = new Set<() => void>();
  /** Points ever written; the newest lies at `(#written - 1) % CAPACITY`. */
  #written = 0;
  #version = 0;

  /** Goes up with every change: the value that a subscriber compares. */
  get version(): number {
    return this.#version;
  }

  /** Wall time of the newest point, `null` before the first. */
  get untilMs(): number | null {
    return this.#written === 0 ? null : (this.#times[(this.#written - 1) % CAPACITY] as number);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  accept(frame: SeriesFrame): void {
    if (frame.kind === 'history') this.#restart(frame.until, frame.links);
    else this.#append(frame.wall, frame.links);
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  /**
   * The rows of `names` after `fromMs`, oldest first, at most `maxRows` and one or two for gaps. Several points that
   * share a row show the worst of them. Groups are counted from the first point ever, so old rows do not dance.
   */
  rows(names: readonly string[], fields: readonly SeriesField[], fromMs: number, maxRows: number): SeriesRow[] {
    const first = this.#firstFrom(fromMs);
    const step = Math.max(1, Math.ceil((this.#written - first) / maxRows));
    const columns = names.flatMap((name) => fields.map((field) => this.#columns.get(name)?.[field]));
    const rows: SeriesRow[] = [];
    let last = Number.NaN;
    for (let start = first - (first % step); start < this.#written; start += step) {
      const from = Math.max(start, first);
      const to = Math.min(start + step, this.#written);
      const t = this.#times[(to - 1) % CAPACITY] as number;
      if (t - last > GAP_MS * step) rows.push(blank(last + 1, columns.length));
      rows.push(this.#row(t, columns, from, to));
      last = t;
    }
    return rows;
  }

  /** The last `points` values of one link, oldest first; NaN where there is none. */
  values(name: string, field: SeriesField, points: number): Float64Array {
    const column = this.#columns.get(name)?.[field];
    const values = new Float64Array(points).fill(Number.NaN);
    if (column === undefined) return values;
    const held = Math.min(points, this.#written, CAPACITY);
    for (let i = 0; i < held; i += 1) {
      values[points - held + i] = column[(this.#written - held + i) % CAPACITY] as number;
    }
    return values;
  }

  #row(t: number, columns: readonly (Float64Array | undefined)[], from: number, to: number): SeriesRow {
    const row: Record<string, number | null> & { t: number } = { t };
    for (const [index, column] of columns.entries()) {
      let worst = Number.NaN;
      for (let i = from; i < to; i += 1) {
        const value = column === undefined ? Number.NaN : (column[i % CAPACITY] as number);
        if (!(value <= worst) && !Number.isNaN(value)) worst = value;
      }
      row[`v${index}`] = Number.isNaN(worst) ? null : worst;
    }
    return row as SeriesRow;
  }

  #firstFrom(fromMs: number): number {
    let first = Math.max(0, this.#written - CAPACITY);
    while (first < this.#written && (this.#times[first % CAPACITY] as number) <= fromMs) first += 1;
    return first;
  }

  #restart(untilMs: number, links: Readonly<Record<string, readonly SeriesPoint[]>>): void {
    this.#columns.clear();
    const entries = Object.entries(links);
    const length = Math.min(CAPACITY, Math.max(0, ...entries.map(([, points]) => points.length)));
    this.#written = length;
    for (let i = 0; i < length; i += 1) this.#times[i] = untilMs - (length - 1 - i) * 1000;
    for (const [name, points] of entries) {
      const column = this.#columnOf(name);
      const held = points.slice(-length);
      for (const [i, point] of held.entries()) write(column, length - held.length + i, point);
    }
  }

  #append(wallMs: number, links: Readonly<Record<string, SeriesPoint>>): void {
    const at = this.#written % CAPACITY;
    this.#times[at] = wallMs;
    this.#written += 1;
    for (const name of Object.keys(links)) this.#columnOf(name);
    for (const [name, column] of this.#columns) {
      write(column, at, Object.hasOwn(links, name) ? links[name] : undefined);
    }
  }

  #columnOf(name: string): Column {
    const held = this.#columns.get(name);
    if (held !== undefined) return held;
    const empty = (): Float64Array => new Float64Array(CAPACITY).fill(Number.NaN);
    const column = { p50: empty(), p99: empty() };
    this.#columns.set(name, column);
    return column;
  }
}

function write(column: Column, at: number, point: SeriesPoint | undefined): void {
  column.p50[at] = point?.p50Ms ?? Number.NaN;
  column.p99[at] = point?.p99Ms ?? Number.NaN;
}

function blank(t: number, columns: number): SeriesRow {
  const row: Record<string, number | null> & { t: number } = { t };
  for (let i = 0; i < columns; i += 1) row[`v${i}`] = null;
  return row as SeriesRow;
}
