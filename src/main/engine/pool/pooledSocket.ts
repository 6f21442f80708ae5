import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { HttpOpened, HttpSocket } from '../ports.ts';
import type { SocketLife } from './idleLimit.ts';
import { STREAMS_PER_SOCKET } from './streams.ts';
import type { IdleSocket } from './upkeep.ts';

/** The life of a socket may end up to this share sooner, so that sockets of one birthday do not end at once. */
const AGE_SPREAD = 0.1;

/** One socket of an origin, from the first step of its connect to its end. */
export class PooledSocket {
  readonly id: number;
  readonly dialledAt: MonoMs;
  /** Uniform in [0, 1): its own share of every spread. */
  readonly spread: number;
  /** Set right after its making, by its maker. */
  socket: HttpSocket | null = null;
  opened: HttpOpened | null = null;
  openedAt: MonoMs | null = null;
  /** The moment of its last sign of life: its opening, or the end of the last answer. */
  provenAt: MonoMs;
  /** Requests on it now; of those, the ones that keep it warm. */
  flying = 0;
  refreshing = false;
  /** It has carried a request before; and one was answered. */
  used = false;
  answered = false;
  /** Takes no more requests and is closed after the last one on it. */
  retiring = false;

  constructor(id: number, now: MonoMs, spread: number) {
    this.id = id;
    this.dialledAt = now;
    this.provenAt = now;
    this.spread = spread;
  }

  get isOpen(): boolean {
    return this.opened !== null;
  }

  get isIdle(): boolean {
    return this.isOpen && this.flying === 0 && !this.retiring;
  }

  endsAt(maxAgeMs: number): MonoMs {
    return after(this.openedAt ?? this.dialledAt, maxAgeMs * (1 - AGE_SPREAD * this.spread));
  }

  /** May a request go out on it now? */
  isReady(now: MonoMs, maxAgeMs: number, trustedMs: number): boolean {
    return this.isIdle && now < this.endsAt(maxAgeMs) && elapsedMs(this.provenAt, now) < trustedMs;
  }

  /** Another request may go beside those under way. */
  hasFreeStream(now: MonoMs, maxAgeMs: number): boolean {
    if (this.opened?.protocol !== 'h2' || this.retiring || this.flying === 0) return false;
    return this.flying < STREAMS_PER_SOCKET && now < this.endsAt(maxAgeMs);
  }
}

export const ageMs = (socket: PooledSocket, now: MonoMs): number => elapsedMs(socket.openedAt ?? now, now);

export const lifeOf = (socket: PooledSocket, now: MonoMs): SocketLife => ({
  idleMs: elapsedMs(socket.provenAt, now),
  ageMs: ageMs(socket, now),
});

/** How the sockets stand that are open and stay so: those that nobody uses, and how many are in use. */
export function survey(
  sockets: Iterable<PooledSocket>,
  maxAgeMs: number,
): { readonly idle: IdleSocket[]; readonly busy: number; readonly refreshing: number } {
  const idle: IdleSocket[] = [];
  let busy = 0;
  let refreshing = 0;
  for (const socket of sockets) {
    if (socket.isIdle) {
      const { id, provenAt: idleSince, spread } = socket;
      idle.push({ id, idleSince, spread, endsAt: socket.endsAt(maxAgeMs) });
    } else if (socket.isOpen && !socket.retiring) {
      if (socket.refreshing) refreshing += 1;
      else busy += 1;
    }
  }
  return { idle, busy, refreshing };
}

/**
 * The socket for the next request: of the ready ones the one that was most recently proven alive; else the least busy one
 * with a free stream; `null` if there is none. `provenSince`: only sockets that were alive at this moment.
 */
export function readiest(
  sockets: Iterable<PooledSocket>,
  now: MonoMs,
  limits: { readonly maxAgeMs: number; readonly trustedMs: number; readonly provenSince: MonoMs | null },
): PooledSocket | null {
  let best: PooledSocket | null = null;
  let shared: PooledSocket | null = null;
  for (const socket of sockets) {
    if (limits.provenSince !== null && socket.provenAt < limits.provenSince) continue;
    if (socket.isReady(now, limits.maxAgeMs, limits.trustedMs)) {
      if (best === null || socket.provenAt > best.provenAt) best = socket;
    } else if (socket.hasFreeStream(now, limits.maxAgeMs)) {
      if (shared === null || socket.flying < shared.flying) shared = socket;
    }
  }
  return best ?? shared;
}
