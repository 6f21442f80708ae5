import type { LagView } from './feedLatency.ts';
import type { EncodedHistogram } from './histogram.ts';
import type { WallMs } from './units.ts';

export const SLICE_RANGES = ['1m', '5m', '15m', '1h'] as const;
export type SliceRange = (typeof SLICE_RANGES)[number];

export interface RangeShape {
  readonly rangeMs: number;
  readonly sliceMs: number;
  /** A percentile at a point of this range is that of the samples of so long before it. */
  readonly windowMs: number;
}

/**
 * Every range has 60 slices: columns of a heatmap that are told apart on any screen, and a ping of most profiles falls
 * into each. Each length holds the next finer one whole, so a coarse slice is the sum of fine ones. An hour looks back over
 * 5 min at each point: with a ping every 15 s that is the first length that holds 20 samples.
 */
export const SLICE_SHAPES: Readonly<Record<SliceRange, RangeShape>> = {
  '1m': { rangeMs: 60_000, sliceMs: 1_000, windowMs: 60_000 },
  '5m': { rangeMs: 300_000, sliceMs: 5_000, windowMs: 60_000 },
  '15m': { rangeMs: 900_000, sliceMs: 15_000, windowMs: 60_000 },
  '1h': { rangeMs: 3_600_000, sliceMs: 60_000, windowMs: 300_000 },
};

/** What happened on one link in one stretch of time. */
export interface Slice {
  /** Wall time of its beginning. */
  readonly from: WallMs;
  /** `null`: no round trip was measured. */
  readonly rtt: EncodedHistogram | null;
  /** Round trips that were kept out because this machine stood still meanwhile (row H6). */
  readonly stalledSamples: number;
  /** `null` where the venue stamps nothing, or nothing came. The median is that of the medians of its seconds. */
  readonly lag: LagView | null;
  /** The longest that the engine's own loop was late in it, ms. */
  readonly loopMaxMs: number;
}

export interface SlicesFrame {
  /** `whole`: the range and one window before it, without a hole; later only what is new or has changed since. */
  readonly kind: 'whole' | 'news';
  readonly until: WallMs;
  /** Oldest first. */
  readonly slices: readonly Slice[];
}
