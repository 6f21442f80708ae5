import { Histogram } from '../../shared/histogram.ts';
import { ENOUGH_SAMPLES } from '../../shared/rttView.ts';
import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';
import type { HeldSlice } from '../store/slices.ts';
import type { Away } from './outages.ts';
import type { Span } from './timeScope.ts';

/** Shares that are drawn, as `q` of a quantile. 0 and 1 are the smallest and the largest sample. */
export const QUANTILES = { min: 0, p5: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99, max: 1 } as const;
export type Quantile = keyof typeof QUANTILES;
export type Quantiles = Readonly<Record<Quantile, number>>;

/** One point of a chart: a slice, and the figures of the window that ends with it. */
export interface Point {
  /** Where it is drawn: at the end of the slice, or where the link was lost in it. What is said is of the time before. */
  readonly t: number;
  /** The end of the slice, or of what is seen of it. */
  readonly endMs: number;
  readonly slice: HeldSlice;
  /** Samples in the window. */
  readonly count: number;
  /** Milliseconds; `null` without samples, and while the link was down. */
  readonly figures: Quantiles | null;
  /** The link was away between the point before and this one. */
  readonly afterAway: boolean;
}

interface Figures {
  readonly count: number;
  readonly figures: Quantiles | null;
}

/** A slice that is over keeps its point: only the newest slices are counted again. */
const known = new WeakMap<HeldSlice, Point>();

/** The points of a stretch of time, oldest first. Percentiles are those of merged histograms, never of each other. */
export function pointsOf(
  slices: readonly HeldSlice[],
  range: SliceRange,
  span: Span,
  away: readonly Away[],
): readonly Point[] {
  const { sliceMs, windowMs } = SLICE_SHAPES[range];
  const first = slices.findIndex(({ fromMs }) => fromMs + sliceMs > span.fromMs);
  if (first < 0) return [];
  const points: Point[] = [];
  for (let i = first; i < slices.length; i += 1) {
    const slice = slices[i] as HeldSlice;
    if (slice.fromMs >= span.toMs) break;
    const point = known.get(slice) ?? pointOf(slices, i, sliceMs, windowMs);
    known.set(slice, point);
    points.push(heldAgainst(away, point, Math.min(point.endMs, span.toMs)));
  }
  return points;
}

function pointOf(slices: readonly HeldSlice[], at: number, sliceMs: number, windowMs: number): Point {
  const slice = slices[at] as HeldSlice;
  const endMs = slice.fromMs + sliceMs;
  return { t: endMs, endMs, slice, ...figuresOf(slices, at, windowMs), afterAway: false };
}

/** The point of a slice that is seen until `endMs`. Of one that lies wholly in an outage there are no figures. */
function heldAgainst(away: readonly Away[], point: Point, endMs: number): Point {
  const { fromMs } = point.slice;
  const met = (one: Away): boolean => one.fromMs < endMs && endOf(one) >= fromMs;
  const at = away.findLastIndex(met);
  const last = away[at];
  if (last === undefined) return endMs === point.endMs ? point : { ...point, t: endMs, endMs };
  const isAway = endOf(last) >= endMs;
  if (isAway && last.fromMs <= fromMs) return { ...point, t: endMs, endMs, figures: null };
  const [before] = away.slice(Math.max(0, at - 1), at);
  return {
    ...point,
    t: isAway ? last.fromMs : endMs,
    endMs,
    afterAway: !isAway || (before !== undefined && met(before)),
  };
}

const endOf = ({ toMs }: Away): number => toMs ?? Number.POSITIVE_INFINITY;

/** True where no line leads from one point to the next: the link was away, the engine did not run, or this machine slept. */
export function isHole(earlier: Point, later: Point, range: SliceRange): boolean {
  return later.afterAway || later.slice.fromMs - earlier.slice.fromMs > SLICE_SHAPES[range].sliceMs * 1.5;
}

/** The point that a moment belongs to, after a loss without its figures; `null` where there is none. */
export function pointAt(points: readonly Point[], t: number): Point | null {
  let at = points.length - 1;
  while (at > 0 && (points[at - 1] as Point).endMs >= t) at -= 1;
  const point = points[at];
  if (point === undefined || t < point.slice.fromMs) return null;
  return t > point.t && point.t < point.endMs ? { ...point, figures: null } : point;
}

const SHARES = [QUANTILES.p5, QUANTILES.p25, QUANTILES.p50, QUANTILES.p75, QUANTILES.p95, QUANTILES.p99];

function figuresOf(slices: readonly HeldSlice[], at: number, windowMs: number): Figures {
  const parts: Histogram[] = [];
  const last = slices[at] as HeldSlice;
  for (let i = at; i >= 0; i -= 1) {
    const slice = slices[i] as HeldSlice;
    if (last.fromMs - slice.fromMs > windowMs - 1) break;
    if (slice.rtt !== null) parts.push(slice.rtt);
  }
  const together = Histogram.together(parts, SHARES);
  if (together === null) return { count: 0, figures: null };
  const { count, minUs, maxUs, quantilesUs } = together;
  const [p5 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0, p99 = 0] = quantilesUs.map((us) => us / 1000);
  return { count, figures: { min: minUs / 1000, p5, p25, p50, p75, p95, p99, max: maxUs / 1000 } };
}

/** The smallest and the largest of some figures, for an axis. */
export function extentOf(
  lines: readonly (readonly Point[])[],
  keys: readonly Quantile[],
): { min: number; max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, 0];
  for (const points of lines) {
    for (const { figures } of points) {
      if (figures === null) continue;
      for (const key of keys) {
        min = Math.min(min, figures[key]);
        max = Math.max(max, figures[key]);
      }
    }
  }
  return { min, max };
}

/** True where there is a figure and few samples stand behind it. */
export const isFaint = (point: Point | undefined): boolean =>
  point !== undefined && point.figures !== null && point.count < ENOUGH_SAMPLES;

/** How thick a point is drawn that no stroke leads to or from: it would not be seen else. */
export const LONE_DOT_PX = 2;

/** Which of the values stand alone between gaps. */
export function loneAmong(count: number, valueAt: (index: number) => number | null | undefined): number[] {
  const isThere = (index: number): boolean => (valueAt(index) ?? null) !== null;
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1),
  );
}
