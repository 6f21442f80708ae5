import type { DemoFault } from '../../shared/demoFault.ts';
import type { PoolView } from '../../shared/pool.ts';
import { followPool, newPoolTrack, type PoolMilestone, type PoolTrack, sightOf } from '../../shared/poolDrill.ts';
import { answerLimitMs, type PoolPromises, poolPromisesOf } from '../../shared/poolPromise.ts';
import { poolTimeline } from '../../shared/poolTimeline.ts';
import type { DrillMoment, TimelineRow } from '../../shared/timeline.ts';
import type { MonoMs } from '../../shared/units.ts';
import type { Pools } from './pools.ts';

/** The origin of one pool in one drill. */
export interface PoolDrill {
  readonly pool: string;
  readonly before: PoolView;
  /** `null` until its settings have been asked for. */
  readonly promises: PoolPromises | null;
  readonly track: PoolTrack;
}

/** The pools that have this exchange among their origins and are not off, in the order of the settings. */
export function poolsAt(exchange: string, { order, byName }: Pools): readonly PoolView[] {
  const views = order.flatMap((name) => byName[name] ?? []);
  return views.filter(({ enabled, origins }) => enabled && origins.some(({ url }) => url === originUrl(exchange)));
}

export function newPoolDrills(
  exchange: string,
  fault: DemoFault,
  startAt: MonoMs,
  before: Pools | null,
): readonly PoolDrill[] {
  if (before === null) return [];
  const origin = originUrl(exchange);
  const slowerMs = fault.kind === 'slow' ? fault.byMs : null;
  return poolsAt(exchange, before).flatMap((pool): PoolDrill[] => {
    const sight = sightOf(pool, origin);
    if (sight === null) return [];
    const track = newPoolTrack({ origin, before: sight, startAt, slowerMs });
    return [{ pool: pool.name, before: pool, promises: null, track }];
  });
}

/** After one more frame; the same object where it tells nothing of this pool. */
export function fedPool(drill: PoolDrill, pools: Pools): PoolDrill {
  const view = pools.byName[drill.pool];
  const sight = view === undefined ? null : sightOf(view, drill.track.subject.origin);
  return sight === null ? drill : { ...drill, track: followPool(drill.track, sight, pools.at) };
}

/** What is promised of a pool as it is; `null` if its settings do not say enough. */
export function promisesOfPool(
  exchange: string,
  fault: DemoFault,
  pool: PoolView,
  startAt: MonoMs,
  settings: Parameters<typeof answerLimitMs>[0],
): PoolPromises | null {
  const origin = pool.origins.find(({ url }) => url === originUrl(exchange));
  const limitMs = answerLimitMs(settings);
  return origin === undefined || limitMs === null
    ? null
    : poolPromisesOf(fault, { origin, startAt, answerLimitMs: limitMs });
}

export function poolRowsOf({ promises, track }: PoolDrill, moment: DrillMoment): readonly TimelineRow<PoolMilestone>[] {
  return promises === null ? [] : poolTimeline(promises, track, moment);
}

const originUrl = (exchange: string): string => `demo://${exchange}`;
