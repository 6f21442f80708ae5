import { feedLatency, type SkewView } from '../../shared/feedLatency.ts';
import type { Point } from './points.ts';

/** The beat of the engine's loop is held up by this machine when it is later than this, ms (row H6). */
export const STALL_MS = 20;

/** What one slice says of who is to blame. */
export interface LanePoint {
  readonly fromMs: number;
  /** Median feed latency, ms; negative where the venue's clock is ahead by more than it takes. */
  readonly feedMs: number | null;
  readonly loopMs: number;
  readonly stalledSamples: number;
}

export function laneOf(points: readonly Point[], skew: SkewView | null): readonly LanePoint[] {
  return points.map(({ slice: { fromMs, lag, loopMaxMs, stalledSamples } }) => ({
    fromMs,
    feedMs: lag === null ? null : feedLatency(lag, skew).medianMs,
    loopMs: loopMaxMs,
    stalledSamples,
  }));
}
