import { POOL_MILESTONES, type PoolMilestone, type PoolTrack } from './poolDrill.ts';
import type { PoolPromises } from './poolPromise.ts';
import type { Anchor } from './promised.ts';
import { type DrillMoment, standingOf, type TimelineRow } from './timeline.ts';

/** Every milestone of a pool beside its promise. */
export function poolTimeline(
  promises: PoolPromises,
  track: PoolTrack,
  moment: DrillMoment,
): readonly TimelineRow<PoolMilestone>[] {
  const { marks } = track;
  const troubled = marks.lost !== undefined || marks.failing !== undefined;
  return POOL_MILESTONES.map((milestone) => {
    const promised = promises[milestone];
    const mark = marks[milestone] ?? null;
    const begun = milestone !== 'ready-again' || troubled;
    const from = begun && 'from' in promised ? anchorMs(promised.from, track, moment) : null;
    const limitMs = from !== null && 'ms' in promised ? from + promised.ms : null;
    return { milestone, promised, limitMs, mark, standing: standingOf(promised, limitMs, mark, moment) };
  });
}

function anchorMs(from: Anchor, { marks, lastLossMs }: PoolTrack, { overMs }: DrillMoment): number | null {
  if (from === 'fault') return 0;
  if (from === 'over') return overMs;
  if (from === 'ended') return lastLossMs;
  const first = Math.min(marks.lost?.ms ?? Number.POSITIVE_INFINITY, marks.failing?.ms ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(first) ? first : null;
}
