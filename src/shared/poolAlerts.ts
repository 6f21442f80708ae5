import type { PoolAlert, PoolCounters, PoolPolicy } from './pool.ts';
import { elapsedMs, type MonoMs } from './units.ts';

/** Fewer requests say nothing of the reuse. */
const REUSE_REQUESTS = 20;
/** For so long after its start, or a flush, a pool may have young sockets. */
const YOUNG_AFTER_MS = 60_000;

export interface PoolFacts {
  readonly now: MonoMs;
  readonly counters: Pick<PoolCounters, 'requests' | 'reused' | 'connects' | 'closedByPeer'>;
  /** Open sockets; and of those the ones that have carried a request: the first on each can have found no used one. */
  readonly open: number;
  readonly used: number;
  readonly idle: number;
  /** Of the open sockets; `null` without any. */
  readonly averageAgeMs: number | null;
  readonly startedAt: MonoMs;
  readonly flushedAt: MonoMs | null;
  /** Since when the average age has been under `alertAgeMs`; `null` while it is not. */
  readonly youngSince: MonoMs | null;
  /** Since when one of its origins has had as many sockets as it may, and none idle; `null` while none has. */
  readonly fullSince: MonoMs | null;
  readonly policy: Pick<
    PoolPolicy,
    | 'maxConnections'
    | 'idleTimeoutMs'
    | 'maxSocketAgeMs'
    | 'alertReusePercent'
    | 'alertIdle'
    | 'alertFullMs'
    | 'alertAgeMs'
  >;
}

/**
 * Row P4: when a pool is not what it should be. The alerts of each, in the order given; too many idle sockets in all are told
 * of the pool that has the most, and judged by its value.
 */
export function poolAlerts(pools: readonly PoolFacts[]): readonly (readonly PoolAlert[])[] {
  const idleInAll = pools.reduce((sum, { idle }) => sum + idle, 0);
  const most = Math.max(0, ...pools.map(({ idle }) => idle));
  const blamed = pools.findIndex(({ idle }) => idle === most);
  return pools.map((pool, index) => [
    ...reuseAlert(pool),
    ...(index === blamed ? idleAlert(pool, idleInAll) : []),
    ...fullAlert(pool),
    ...youngAlert(pool),
  ]);
}

function reuseAlert(facts: PoolFacts): PoolAlert[] {
  const { counters, policy, used } = facts;
  const { alertReusePercent, maxSocketAgeMs, idleTimeoutMs } = policy;
  const requests = counters.requests - used;
  const percent = (100 * counters.reused) / requests;
  if (requests < REUSE_REQUESTS || percent >= alertReusePercent) return [];
  const few = `only ${Math.floor(percent)} % of ${requests} requests found a used socket, and ${alertReusePercent} % should`;
  if (venueEnds(facts)) return [{ kind: 'reuse', text: `${few}: ${VENUE_ENDS}`, setting: 'warm_sockets' }];
  const setting = maxSocketAgeMs < idleTimeoutMs ? 'max_socket_age_secs' : 'idle_timeout_secs';
  return [{ kind: 'reuse', text: `${few}: sockets end before they are used again`, setting }];
}

const VENUE_ENDS = 'the venue ends most of them';

/** Most of the sockets that have ended were ended by the venue: no limit of ours keeps them longer. */
const venueEnds = ({ counters: { connects, closedByPeer }, open }: PoolFacts): boolean =>
  closedByPeer > (connects - open) / 2;

function idleAlert({ idle, policy: { alertIdle } }: PoolFacts, idleInAll: number): PoolAlert[] {
  if (idleInAll <= alertIdle) return [];
  const text = `${idleInAll} sockets are idle in all pools, ${idle} of them here; more than ${alertIdle} are kept for nothing`;
  return [{ kind: 'idle', text, setting: 'max_idle_per_host' }];
}

function fullAlert({ now, fullSince, policy: { maxConnections, alertFullMs } }: PoolFacts): PoolAlert[] {
  if (fullSince === null || elapsedMs(fullSince, now) < alertFullMs) return [];
  const secs = Math.floor(elapsedMs(fullSince, now) / 1000);
  const text = `at its ${maxConnections} connections to an origin for ${secs} s, and ${alertFullMs / 1000} s are too long: further requests wait`;
  return [{ kind: 'full', text, setting: 'max_connections' }];
}

function youngAlert(facts: PoolFacts): PoolAlert[] {
  const { now, averageAgeMs, youngSince, startedAt, flushedAt, policy } = facts;
  const { alertAgeMs } = policy;
  if (averageAgeMs === null || averageAgeMs >= alertAgeMs) return [];
  // One that has taken the place of another is older than that when as much time has passed.
  if (youngSince === null || elapsedMs(youngSince, now) < alertAgeMs) return [];
  if (elapsedMs(startedAt, now) <= YOUNG_AFTER_MS) return [];
  if (flushedAt !== null && elapsedMs(flushedAt, now) < YOUNG_AFTER_MS) return [];
  const young = `sockets are ${(averageAgeMs / 1000).toFixed(1)} s old on average, and ${alertAgeMs / 1000} s is the least`;
  if (venueEnds(facts)) return [{ kind: 'young', text: `${young}: ${VENUE_ENDS}`, setting: 'warm_sockets' }];
  return [{ kind: 'young', text: `${young}: they are replaced too soon`, setting: 'max_socket_age_secs' }];
}
