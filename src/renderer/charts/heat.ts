import { bucketBoundsUs } from '../../shared/histogram.ts';
import type { HeldSlice } from '../store/slices.ts';

/** Steps of lightness: as many as are told apart side by side. */
export const HEAT_STEPS = 5;

/** Bands of latency of the same height on a logarithmic axis, lowest first. */
export interface Bands {
  readonly lowMs: number;
  readonly highMs: number;
  readonly count: number;
}

/** The band that a latency lies in, `null` where it is off the axis. */
export function bandOf({ lowMs, highMs, count }: Bands, ms: number): number | null {
  if (ms < lowMs || ms > highMs) return null;
  return Math.min(count - 1, Math.floor((Math.log(ms / lowMs) / Math.log(highMs / lowMs)) * count));
}

/** From where to where a band goes, ms. */
export function bandBoundsMs({ lowMs, highMs, count }: Bands, band: number): readonly [number, number] {
  const edge = (at: number): number => lowMs * (highMs / lowMs) ** (at / count);
  return [edge(band), edge(band + 1)];
}

/** How many samples of a slice lie in each band; `null` for a slice without any: that is not the same as zero. */
export function bandCounts({ rtt }: HeldSlice, bands: Bands): readonly number[] | null {
  if (rtt === null) return null;
  const counts = new Array<number>(bands.count).fill(0);
  const { buckets } = rtt.encode();
  for (let i = 0; i < buckets.length; i += 2) {
    const { fromUs, toUs } = bucketBoundsUs(buckets[i] as number);
    const band = bandOf(bands, Math.max(0.5, (fromUs + toUs - 1) / 2) / 1000);
    if (band !== null) counts[band] = (counts[band] ?? 0) + (buckets[i + 1] as number);
  }
  return counts;
}

/** The least count of each step of lightness for cells of up to `most`: each about as many times more than the last. */
export function heatSteps(most: number): readonly number[] {
  const steps = Array.from({ length: HEAT_STEPS }, (_, i) => Math.ceil(most ** (i / HEAT_STEPS) - 1e-9));
  return [...new Set(steps)].filter((step) => step >= 1 && step <= most);
}

/** The step of a count, 0 for the palest; the last that is not above it. */
export const stepOf = (steps: readonly number[], count: number): number => steps.findLastIndex((step) => step <= count);

/** What each step stands for: `1`, `2–4`, `5+`. */
export function stepTexts(steps: readonly number[]): readonly string[] {
  return steps.map((from, i) => {
    const next = steps[i + 1];
    if (next === undefined) return `${from}+`;
    return next - 1 === from ? String(from) : `${from}–${next - 1}`;
  });
}
