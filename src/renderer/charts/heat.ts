import { bucketBoundsUs } from '../../shared/histogram.ts';
import { latency, plural, timeOfDay } from '../format.ts';
import type { HeldSlice } from '../store/slices.ts';
import type { Axis } from './axis.ts';

/** Steps of lightness: as many as are told apart side by side. */
export const HEAT_STEPS = 5;

/** Bands of latency of the same height on a logarithmic axis, lowest first. */
export interface Bands {
  readonly lowMs: number;
  readonly highMs: number;
  readonly count: number;
}

const BAND_PX = 7;

/** As many bands as are told apart in a plot of so many pixels. */
export const bandCountIn = (heightPx: number): number => Math.max(6, Math.floor(heightPx / BAND_PX));

export const bandsOf = ({ domain: [lowMs, highMs] }: Axis, count: number): Bands => ({ lowMs, highMs, count });

/** The band at a height, 0 at the top of the plot and 1 at its foot. */
export const bandAt = (down: number, count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor((1 - down) * count)));

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

/** A cell in words, in the three parts that it is shown in: when, from where to where, how many. */
export function cellTexts(slice: HeldSlice, sliceMs: number, bands: Bands, band: number): readonly string[] {
  const [fromMs, toMs] = bandBoundsMs(bands, band);
  const count = bandCounts(slice, bands)?.[band];
  return [
    `${timeOfDay(slice.fromMs)} to ${timeOfDay(slice.fromMs + sliceMs)}`,
    `${latency(fromMs)} to ${latency(toMs)}`,
    count === undefined ? 'not measured' : plural(count, 'sample'),
  ];
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
