import type { SkewView } from '../../shared/feedLatency.ts';
import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';
import { count as countText, feedMs, fixedMs, NOTHING, timeOfDay } from '../format.ts';
import type { LanePoint } from './laneData.ts';
import { isFaint, type Point, pointAt } from './points.ts';
import { useCursor } from './timeScope.ts';

interface Props {
  readonly points: readonly Point[];
  readonly lane: readonly LanePoint[];
  readonly skew: SkewView | null;
  readonly range: SliceRange;
}

/** What all charts of the page say at the moment that is pointed at, else at the newest; every figure keeps its place. */
export function Readout({ points, lane, skew, range }: Props) {
  const cursor = useCursor();
  const point = cursor === null ? (points.at(-1) ?? null) : pointAt(points, cursor.t);
  const side = lane[points.findIndex(({ slice }) => slice === point?.slice)];
  const figures = point?.figures ?? null;
  const few = point !== null && isFaint(point) ? 'num few' : 'num';
  const minutes = SLICE_SHAPES[range].windowMs / 60_000;
  return (
    <dl className="readout" data-testid="readout">
      <div className="when">
        <dt className="visually-hidden">Time</dt>
        <dd className="num">{point === null ? NOTHING : timeOfDay(cursor === null ? point.t : cursor.t)}</dd>
      </div>
      {(['p50', 'p95', 'p99'] as const).map((quantile) => (
        <div key={quantile}>
          <dt>{quantile}</dt>
          <dd className={few}>{fixedMs(figures?.[quantile])}</dd>
        </div>
      ))}
      <div className="samples" title={`Samples of the ${minutes} min before, which the percentiles are made of`}>
        <dt>ms, n in {minutes} min</dt>
        <dd className={few}>{point === null ? NOTHING : countText(point.count)}</dd>
      </div>
      <div title="Round trips kept out because this machine stood still">
        <dt>kept out</dt>
        <dd className="num">{side?.stalledSamples ?? NOTHING}</dd>
      </div>
      <div className="feed">
        <dt>feed</dt>
        <dd className="num">
          {side?.feedMs == null ? NOTHING : feedMs({ medianMs: side.feedMs, errorMs: skew?.errorMs ?? null })}
          {skew === null || side?.feedMs == null ? '' : ` ± ${skew.errorMs.toFixed(1)}`}
        </dd>
      </div>
      <div>
        <dt>late</dt>
        <dd className="num">{fixedMs(side?.loopMs)}</dd>
      </div>
    </dl>
  );
}
