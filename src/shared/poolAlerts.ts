import { type PoolAlert, type PoolCounters, reuseRatio } from './pool.ts';
import { elapsedMs, type MonoMs } from './units.ts';

/** Row P4: when a pool is not what it should be. Times are milliseconds. */
export const POOL_ALERT_LIMITS = {
  reuse: 0.7,
  reuseRequests: 20,
  idleInAll: 50,
  fullMs: 60_000,
  ageMs: 10_000,
  youngAfterMs: 60_000,
} as const;

/** What a healthy pool looks like, shown beside its figures. */
export const POOL_TARGETS = { reuse: 0.9, ageMs: 30_000, idleLeast: 5, idleMost: 20 } as const;

export interface PoolFacts {
  readonly now: MonoMs;
  readonly counters: Pick<PoolCounters, 'requests' | 'reused'>;
  readonly idle: number;
  /** Of the open sockets; `null` without any. */
  readonly averageAgeMs: number | null;
  readonly startedAt: MonoMs;
  readonly flushedAt: MonoMs | null;
  /** Since when one of its origins has had as many sockets as it may; `null` while none has. */
  readonly fullSince: MonoMs | null;
  readonly maxConnections: number;
}

/** The alerts of each pool, in the order given. Too many idle sockets in all is told of the pool that has the most. */
export function poolAlerts(pools: readonly PoolFacts[]): readonly (readonly PoolAlert[])[] {
  const idleInAll = pools.reduce((sum, { idle }) => sum + idle, 0);
  const most = Math.max(0, ...pools.map(({ idle }) => idle));
  const blamed = idleInAll > POOL_ALERT_LIMITS.idleInAll ? pools.findIndex(({ idle }) => idle === most) : -1;
  return pools.map((pool, index) => [
    ...reuseAlert(pool),
    ...(index === blamed ? [idleAlert(pool, idleInAll)] : []),
    ...fullAlert(pool),
    ...youngAlert(pool),
  ]);
}

function reuseAlert({ counters }: PoolFacts): PoolAlert[] {
  const ratio = reuseRatio(counters);
  if (ratio === null || counters.requests < POOL_ALERT_LIMITS.reuseRequests || ratio >= POOL_ALERT_LIMITS.reuse) {
    return [];
  }
  const text = `only ${Math.floor(ratio * 100)} % of ${counters.requests} requests found a used socket, and 70 % should: sockets end before they are used again`;
  return [{ kind: 'reuse', text, setting: 'idle_timeout_secs' }];
}

function idleAlert({ idle }: PoolFacts, idleInAll: number): PoolAlert {
  const text = `${idleInAll} sockets are idle in all pools, ${idle} of them here; more than ${POOL_ALERT_LIMITS.idleInAll} are kept for nothing`;
  return { kind: 'idle', text, setting: 'max_idle_per_host' };
}

function fullAlert({ now, fullSince, maxConnections }: PoolFacts): PoolAlert[] {
  if (fullSince === null || elapsedMs(fullSince, now) < POOL_ALERT_LIMITS.fullMs) return [];
  const secs = Math.floor(elapsedMs(fullSince, now) / 1000);
  const text = `at its ${maxConnections} connections to an origin for ${secs} s: further requests wait`;
  return [{ kind: 'full', text, setting: 'max_connections' }];
}

function youngAlert({ now, averageAgeMs, startedAt, flushedAt }: PoolFacts): PoolAlert[] {
  if (averageAgeMs === null || averageAgeMs >= POOL_ALERT_LIMITS.ageMs) return [];
  if (elapsedMs(startedAt, now) <= POOL_ALERT_LIMITS.youngAfterMs) return [];
  if (flushedAt !== null && elapsedMs(flushedAt, now) < POOL_ALERT_LIMITS.youngAfterMs) return [];
  const text = `sockets are ${(averageAgeMs / 1000).toFixed(1)} s old on average, and 30 s would be good: they are replaced too soon`;
  return [{ kind: 'young', text, setting: 'max_socket_age_secs' }];
}
