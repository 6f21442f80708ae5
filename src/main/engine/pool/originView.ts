import type { OriginConfig, OriginState, OriginView, PoolConfig } from '../../../shared/pool.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { SocketSet } from './socketSet.ts';
import type { Warmth } from './warmth.ts';

export interface OriginFacts {
  readonly now: MonoMs;
  readonly origin: OriginConfig;
  readonly pool: PoolConfig;
  readonly sockets: SocketSet;
  readonly warmth: Warmth;
  readonly protocol: 'h1' | 'h2' | null;
  readonly address: string | null;
  readonly waiting: number;
}

/** Row P5: what of one origin is ready to fire now. */
export function viewOrigin(facts: OriginFacts): OriginView {
  const { now, origin, pool, sockets, warmth } = facts;
  const { maxSocketAgeMs } = pool.policy;
  const { trustedMs } = warmth;
  const ready = [...sockets.all]
    // One on which nothing was ever answered has shown nothing but that it was opened.
    .filter((socket) => socket.answered && socket.isReady(now, maxSocketAgeMs, trustedMs))
    .map(({ provenAt }) => provenAt)
    .sort((a, b) => b - a);
  return {
    url: origin.url,
    state: stateOf(facts),
    protocol: facts.protocol,
    address: facts.address,
    ready: ready.length,
    idleSince: ready,
    wanted: warmth.wanted,
    active: [...sockets.all].filter(({ flying }) => flying > 0).length,
    connecting: sockets.connecting,
    pending: facts.waiting,
    idleLimit: warmth.limit,
    nextRefreshAt: warmth.nextRefreshAt,
    lastWarmMs: sockets.lastWarmMs,
    lastColdMs: sockets.lastColdMs,
    last: sockets.last,
  };
}

function stateOf({ pool, warmth }: OriginFacts): OriginState {
  if (!pool.enabled) return { kind: 'off' };
  const { rest } = warmth;
  if (rest !== null) return { kind: 'failing', why: rest.why, attempts: rest.attempts, retryAt: rest.until };
  if (warmth.wanted === 0) return { kind: 'cold' };
  return { kind: warmth.isWarm ? 'warm' : 'warming' };
}
