import { Histogram, type Percentiles } from '../../../shared/histogram.ts';
import { RTT_WINDOWS, type RttWindow } from '../../../shared/snapshot.ts';
import type { MonoMs } from '../../../shared/units.ts';

/**
 * Rolling RTT figures of one link.
 *
 * A link of few samples keeps the samples themselves and its windows are exact; one of many keeps slices of histograms,
 * and a window holds whole slices, so it covers its length less at most one: 1 min in slices of 5 s, 5 min of 15 s, 1 h of
 * 60 s. Windows go on across reconnects; only the engine's start empties `start`.
 */
const SLICES: Readonly<Record<Exclude<RttWindow, 'start'>, { sliceMs: number; slices: number }>> = {
  '1m': { sliceMs: 5_000, slices: 12 },
  '5m': { sliceMs: 15_000, slices: 20 },
  '1h': { sliceMs: 60_000, slices: 60 },
};
const LONGEST_MS = 3_600_000;
/** A ping every 15 s makes 240 samples an hour, and each warm-up 20 more. */
const SPARSE_SAMPLES = 512;

type Rolling = Readonly<Record<keyof typeof SLICES, RollingHistogram>>;

export class RttWindows {
  #sparse: SparseSamples | null = new SparseSamples();
  #rolling: Rolling | null = null;
  readonly #start = new Histogram();
  /** Figures of a window that has not changed since are not made again. */
  readonly #figures = new Map<RttWindow, { histogram: Histogram; count: number; figures: Percentiles | null }>();

  add(rttMs: number, now: MonoMs): void {
    const us = rttMs * 1000;
    this.#start.add(us);
    if (this.#sparse !== null && !this.#sparse.add(us, now)) {
      this.#rolling = this.#sparse.sliced();
      this.#sparse = null;
    }
    if (this.#rolling === null) return;
    for (const window of RTT_WINDOWS) if (window !== 'start') this.#rolling[window].at(now).add(us);
  }

  histogram(window: RttWindow, now: MonoMs): Histogram {
    if (window === 'start') return this.#start;
    return this.#sparse?.merged(window, now) ?? this.#rolling?.[window].merged(now) ?? new Histogram();
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

/** The samples of the last hour one by one, two numbers each, as long as there are few of them. */
class SparseSamples {
  #atMs: number[] = [];
  #us: number[] = [];
  readonly #merged = new Map<RttWindow, { from: number; count: number; histogram: Histogram }>();

  /** False if there are too many: this one was not taken. */
  add(us: number, now: MonoMs): boolean {
    let old = 0;
    while (old < this.#atMs.length && (this.#atMs[old] as number) <= now - LONGEST_MS) old += 1;
    if (old > 0) {
      this.#atMs = this.#atMs.slice(old);
      this.#us = this.#us.slice(old);
      this.#merged.clear();
    }
    if (this.#atMs.length >= SPARSE_SAMPLES) return false;
    this.#atMs.push(Math.round(now));
    this.#us.push(Math.round(us));
    return true;
  }

  merged(window: keyof typeof SLICES, now: MonoMs): Histogram {
    const { sliceMs, slices } = SLICES[window];
    const since = now - sliceMs * slices;
    let from = this.#atMs.length;
    while (from > 0 && (this.#atMs[from - 1] as number) > since) from -= 1;
    const count = this.#us.length;
    const known = this.#merged.get(window);
    if (known !== undefined && known.from === from && known.count === count) return known.histogram;
    // A window that has lost nothing since only gets what came; its figures are told apart by their count.
    const histogram = known?.from === from ? known.histogram : new Histogram();
    for (let i = known?.from === from ? known.count : from; i < count; i += 1) histogram.add(this.#us[i] as number);
    this.#merged.set(window, { from, count, histogram });
    return histogram;
  }

  /** The same samples in slices. */
  sliced(): Rolling {
    const rolling = {
      '1m': new RollingHistogram(SLICES['1m']),
      '5m': new RollingHistogram(SLICES['5m']),
      '1h': new RollingHistogram(SLICES['1h']),
    };
    for (const [i, atMs] of this.#atMs.entries()) {
      for (const window of ['1m', '5m', '1h'] as const) rolling[window].at(atMs as MonoMs).add(this.#us[i] as number);
    }
    return rolling;
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
