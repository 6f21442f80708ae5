import { Histogram, type Percentiles } from '../../../shared/histogram.ts';
import { RTT_WINDOWS, type RttWindow } from '../../../shared/snapshot.ts';
import type { MonoMs } from '../../../shared/units.ts';

/**
 * Rolling RTT figures of one link, merged from slices of histograms.
 *
 * A window holds whole slices, so it covers its length less at most one slice: 1 min in slices of 5 s, 5 min of 15 s,
 * 1 h of 60 s. Windows go on across reconnects; only the engine's start empties `start`.
 */
const SLICES: Readonly<Record<Exclude<RttWindow, 'start'>, { sliceMs: number; slices: number }>> = {
  '1m': { sliceMs: 5_000, slices: 12 },
  '5m': { sliceMs: 15_000, slices: 20 },
  '1h': { sliceMs: 60_000, slices: 60 },
};

export class RttWindows {
  readonly #rolling = {
    '1m': new RollingHistogram(SLICES['1m']),
    '5m': new RollingHistogram(SLICES['5m']),
    '1h': new RollingHistogram(SLICES['1h']),
  };
  readonly #start = new Histogram();
  /** Figures of a window that has not changed since are not made again. */
  readonly #figures = new Map<RttWindow, { histogram: Histogram; count: number; figures: Percentiles | null }>();

  add(rttMs: number, now: MonoMs): void {
    const us = rttMs * 1000;
    for (const window of RTT_WINDOWS) (window === 'start' ? this.#start : this.#rolling[window].at(now)).add(us);
  }

  histogram(window: RttWindow, now: MonoMs): Histogram {
    return window === 'start' ? this.#start : this.#rolling[window].merged(now);
  }

  percentiles(window: RttWindow, now: MonoMs): Percentiles | null {
    const histogram = this.histogram(window, now);
    const known = this.#figures.get(window);
    if (known?.histogram === histogram && known.count === histogram.count) return known.figures;
    const figures = histogram.percentiles();
    this.#figures.set(window, { histogram, count: histogram.count, figures });
    return figures;
  }
}

class RollingHistogram {
  readonly #sliceMs: number;
  readonly #capacity: number;
  /** Only slices that have samples, oldest first: an idle link costs nothing. */
  #slices: { readonly index: number; readonly histogram: Histogram }[] = [];
  #merged: { readonly index: number; readonly count: number; readonly histogram: Histogram } | null = null;

  constructor({ sliceMs, slices }: { sliceMs: number; slices: number }) {
    this.#sliceMs = sliceMs;
    this.#capacity = slices;
  }

  /** The slice that a sample of `now` belongs to. */
  at(now: MonoMs): Histogram {
    const index = this.#expire(now);
    const last = this.#slices.at(-1);
    if (last?.index === index) return last.histogram;
    const histogram = new Histogram();
    this.#slices.push({ index, histogram });
    return histogram;
  }

  merged(now: MonoMs): Histogram {
    const index = this.#expire(now);
    const count = this.#slices.reduce((sum, slice) => sum + slice.histogram.count, 0);
    if (this.#merged?.index === index && this.#merged.count === count) return this.#merged.histogram;
    const histogram = new Histogram();
    for (const slice of this.#slices) histogram.merge(slice.histogram);
    this.#merged = { index, count, histogram };
    return histogram;
  }

  #expire(now: MonoMs): number {
    const index = Math.floor(now / this.#sliceMs);
    while ((this.#slices[0]?.index ?? index) <= index - this.#capacity) this.#slices.shift();
    return index;
  }
}
