import { bucketBoundsUs, bucketOf, type EncodedHistogram } from '../../shared/histogram.ts';
import { type Axis, linearAxis } from './axis.ts';

/** One bar: log-spaced bounds in microseconds, `fromUs` inclusive. */
export interface Bin {
  readonly fromUs: number;
  readonly toUs: number;
  readonly count: number;
}

/** Bars per decade, coarse to fine; the finest is no finer than the engine's own buckets (about 1.6 %). */
const PER_DECADE = [5, 10, 20, 40, 80, 140] as const;
const MOST_BINS = 48;
const FEWEST_BINS = 12;

/** Over it is room for the names of three percentiles. */
const HIGHEST_BAR = 0.75;

/** The axis of samples for these bars. */
export const axisOver = (bins: readonly Bin[]): Axis =>
  linearAxis(Math.max(4, ...bins.map((bin) => bin.count)) / HIGHEST_BAR);

/**
 * Merges the engine's buckets into bars of the same width on a logarithmic axis: as fine as fits into `MOST_BINS`.
 * Bounds are powers that do not depend on the samples, so bars stay where they are while counts grow. No sample is lost:
 * a bucket belongs to the bar its middle lies in.
 */
export function displayBins(histogram: EncodedHistogram): readonly Bin[] {
  const { buckets } = histogram;
  const firstUs = middleUs(buckets[0]);
  const lastUs = middleUs(buckets.at(-2));
  if (firstUs === null || lastUs === null) return [];
  const perDecade =
    PER_DECADE.findLast((candidate) => indexOf(lastUs, candidate) - indexOf(firstUs, candidate) < MOST_BINS) ??
    PER_DECADE[0];
  const missing = Math.max(0, FEWEST_BINS - (indexOf(lastUs, perDecade) - indexOf(firstUs, perDecade) + 1));
  const low = indexOf(firstUs, perDecade) - Math.floor(missing / 2) - 1;
  const high = indexOf(lastUs, perDecade) + Math.ceil(missing / 2) + 1;
  const counts = new Array<number>(high - low + 1).fill(0);
  for (let i = 0; i < buckets.length; i += 2) {
    const at = indexOf(middleUs(buckets[i]) ?? 0, perDecade) - low;
    counts[at] = (counts[at] ?? 0) + (buckets[i + 1] as number);
  }
  return counts.map((count, i) => ({
    fromUs: edgeUs(low + i, perDecade),
    toUs: edgeUs(low + i + 1, perDecade),
    count,
  }));
}

/** Where a sample stands on the axis of these bars, 0 to 1: at the middle of its bucket, and so in the bar that counts it. */
export function placeOf(bins: readonly Bin[], us: number): number {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return Math.log((middleUs(bucketOf(Math.floor(us))) ?? 0) / first.fromUs) / Math.log(last.toUs / first.fromUs);
}

const indexOf = (us: number, perDecade: number): number => Math.floor(Math.log10(us) * perDecade + 1e-9);
const edgeUs = (index: number, perDecade: number): number => 10 ** (index / perDecade);

function middleUs(bucket: number | undefined): number | null {
  if (bucket === undefined) return null;
  const { fromUs, toUs } = bucketBoundsUs(bucket);
  return Math.max(0.5, (fromUs + toUs - 1) / 2);
}
