import type { LagView } from '../../../shared/feedLatency.ts';
import type { Histogram } from '../../../shared/histogram.ts';
import { SLICE_RANGES, SLICE_SHAPES, type SliceRange } from '../../../shared/slices.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { PackedSlices } from './packedSlices.ts';
import { SliceSum } from './sliceSum.ts';

/** Fine to coarse: how long a slice is, and for how long it is kept before it becomes a part of the next coarser one. */
const TIERS = SLICE_RANGES.map((range) => {
  const { sliceMs, rangeMs, windowMs } = SLICE_SHAPES[range];
  return { sliceMs, keptMs: rangeMs + windowMs };
});
const FINEST_MS = SLICE_SHAPES[SLICE_RANGES[0]].sliceMs;

/** Used between two calls only, by all links: an engine has one thread. */
const scratch = new SliceSum();

/**
 * What one link measured in a little over an hour, in slices of which the young are fine and the old coarse. Every sample is
 * held once: windows, charts and heatmaps are sums of these slices. Nothing but the open second is not yet packed.
 */
export class SliceLog {
  readonly #tiers = TIERS.map(() => new PackedSlices());
  readonly #open: { us: number[]; stalled: number; lag: LagView | null } = { us: [], stalled: 0, lag: null };
  #openIndex = 0;

  add(us: number, now: MonoMs): void {
    this.#settle(now);
    this.#open.us.push(Math.round(us));
  }

  /** A sample that was taken across a stall of this machine. */
  addStalled(now: MonoMs): void {
    this.#settle(now);
    this.#open.stalled += 1;
  }

  /** What the frames of the last second said of the feed; at most once a second. */
  addLag(lag: LagView, now: MonoMs): void {
    this.#settle(now);
    this.#open.lag = lag;
  }

  /**
   * The samples of a range, the slice that has just begun included, and until when they stay the same if none is added:
   * then the oldest of them leave.
   */
  merged(range: SliceRange, now: MonoMs): { readonly histogram: Histogram; readonly until: number } {
    this.#settle(now);
    scratch.clear();
    const { sliceMs, rangeMs } = SLICE_SHAPES[range];
    const oldest = Math.floor(now / sliceMs) - rangeMs / sliceMs;
    let until = Number.POSITIVE_INFINITY;
    this.#each(range, (startMs) => {
      const index = Math.floor(startMs / sliceMs);
      if (index <= oldest) return null;
      until = Math.min(until, index * sliceMs + rangeMs);
      return scratch;
    });
    return { histogram: scratch.histogram(), until };
  }

  /** The slices of a range that hold something, from the slice numbered `first` on, oldest first. */
  visit(range: SliceRange, first: number, now: MonoMs, visit: (index: number, sum: SliceSum) => void): void {
    this.#settle(now);
    scratch.clear();
    const { sliceMs } = SLICE_SHAPES[range];
    let current = first;
    const flush = (): void => {
      if (!scratch.isEmpty) visit(current, scratch);
      scratch.clear();
    };
    this.#each(range, (startMs) => {
      const index = Math.floor(startMs / sliceMs);
      if (index < first) return null;
      if (index !== current) flush();
      current = index;
      return scratch;
    });
    flush();
  }

  /** Every slice of a range in turn, oldest first, each as fine as it is held; some older ones too. */
  #each(range: SliceRange, sum: (startMs: number) => SliceSum | null): void {
    for (let tier = SLICE_RANGES.indexOf(range); tier >= 0; tier -= 1) {
      const { sliceMs } = TIERS[tier] as (typeof TIERS)[number];
      this.#tiers[tier]?.each((index) => sum(index * sliceMs));
    }
    const into = sum(this.#openIndex * FINEST_MS);
    if (into !== null) this.#addOpenTo(into);
  }

  #addOpenTo(sum: SliceSum): void {
    for (const us of this.#open.us) sum.add(us);
    sum.stalled += this.#open.stalled;
    if (this.#open.lag !== null) sum.lag(this.#open.lag);
  }

  /** Packs the second that is over, makes what has become old coarser, and lets go of what is too old. */
  #settle(now: MonoMs): void {
    const index = Math.floor(now / FINEST_MS);
    if (index === this.#openIndex) return;
    scratch.clear();
    this.#addOpenTo(scratch);
    if (!scratch.isEmpty) this.#tiers[0]?.append(this.#openIndex, scratch);
    if (this.#open.us.length > 0) this.#open.us = [];
    this.#open.stalled = 0;
    this.#open.lag = null;
    this.#openIndex = index;
    for (const [tier, { sliceMs, keptMs }] of TIERS.entries()) {
      const coarserMs = TIERS[tier + 1]?.sliceMs ?? sliceMs;
      this.#age(tier, coarserMs / sliceMs, Math.floor(now / coarserMs) - Math.ceil(keptMs / coarserMs));
    }
  }

  /** Takes from a tier what lies before the coarser slice `until`, in groups of `share`, and gives it to the next tier. */
  #age(tier: number, share: number, until: number): void {
    const slices = this.#tiers[tier] as PackedSlices;
    const coarser = this.#tiers[tier + 1];
    while (slices.firstIndex !== null) {
      const group = Math.floor(slices.firstIndex / share);
      if (group >= until) return;
      scratch.clear();
      while (slices.firstIndex !== null && Math.floor(slices.firstIndex / share) === group) slices.shiftInto(scratch);
      coarser?.append(group, scratch);
    }
  }
}
