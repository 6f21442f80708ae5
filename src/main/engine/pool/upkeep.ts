import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';

/** An open socket that carries nothing. */
export interface IdleSocket {
  readonly id: number;
  readonly idleSince: MonoMs;
  /** The end of its life by age. */
  readonly endsAt: MonoMs;
  /** Its own share of the spread of refreshes, 0 to 1. */
  readonly spread: number;
}

export interface UpkeepFacts {
  readonly now: MonoMs;
  readonly idle: readonly IdleSocket[];
  /** Open sockets that carry an application's request, and those that carry a refresh or a warm-up. */
  readonly busy: number;
  readonly refreshing: number;
  readonly connecting: number;
  /** All of this origin that are open or being opened, whatever for. */
  readonly total: number;
  readonly wanted: number;
  readonly maxIdle: number;
  readonly maxConnections: number;
  /** So long after its last answer a socket is still given to requests, ms. */
  readonly trustedMs: number;
  /** Nothing is opened or asked on our own account before this moment. */
  readonly restUntil: MonoMs;
  /** The venue last refused to be asked: the first moment that it may be, one kept socket asks. */
  readonly doubtful: boolean;
}

export interface Upkeep {
  readonly close: readonly number[];
  readonly refresh: readonly number[];
  readonly open: number;
  /** When the next of the kept sockets is to be refreshed; `null` when none is kept. */
  readonly nextRefreshAt: MonoMs | null;
  /** Look again at this moment, if nothing happens before. */
  readonly lookAt: MonoMs | null;
}

/** The last tenth of the trusted time is where refreshes lie, so that sockets of one birthday do not ask at once. */
const SPREAD = 0.1;
/** No socket is refreshed sooner after its last answer: whatever is learned, announced or set, no venue is flooded. */
const REFRESH_FLOOR_MS = 2_000;

/**
 * What the idle sockets of an origin need now.
 *
 * 1. Sockets past their age are closed, and the oldest of more than `maxIdle`.
 * 2. The `wanted` freshest are kept: each is refreshed before the end of its trusted time, at most half of them at a time.
 * 3. What is missing of `wanted` is opened; a socket in use counts, since it comes back.
 */
export function upkeep(facts: UpkeepFacts): Upkeep {
  const { now, wanted } = facts;
  const fresh = [...facts.idle].sort((a, b) => b.idleSince - a.idleSince || b.id - a.id);
  const alive = fresh.filter((socket) => socket.endsAt > now);
  const held = alive.slice(0, facts.maxIdle);
  const stays = new Set(held);
  const kept = held.slice(0, wanted);
  const dueAt = (socket: IdleSocket, index: number): MonoMs =>
    facts.doubtful && index === 0
      ? facts.restUntil
      : after(socket.idleSince, Math.max(REFRESH_FLOOR_MS, facts.trustedMs * (1 - SPREAD * socket.spread)));
  const dues = kept.map((socket, index) => {
    const due = dueAt(socket, index);
    return { id: socket.id, due, at: later(due, facts.restUntil) };
  });
  const atOnce = Math.max(0, Math.max(1, Math.floor(wanted / 2)) - facts.refreshing);
  const refresh = dues
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.due - b.due)
    .slice(0, atOnce)
    .map(({ id }) => id);
  const closing = facts.idle.length - held.length;
  const missing = wanted - held.length - facts.busy - facts.refreshing - facts.connecting;
  const room = facts.maxConnections - (facts.total - closing);
  const lacking = Math.max(0, Math.min(missing, room));
  const resting = elapsedMs(now, facts.restUntil) > 0;
  const waits = [
    ...held.map(({ endsAt }) => endsAt),
    ...dues.map(({ at }) => at),
    ...(resting && lacking > 0 ? [facts.restUntil] : []),
  ].filter((at) => at > now);
  return {
    close: fresh.filter((socket) => !stays.has(socket)).map(({ id }) => id),
    refresh,
    open: resting ? 0 : lacking,
    nextRefreshAt: earliest(dues.map(({ at }) => at)),
    lookAt: earliest(waits),
  };
}

const later = (a: MonoMs, b: MonoMs): MonoMs => (a > b ? a : b);
const earliest = (moments: readonly MonoMs[]): MonoMs | null =>
  moments.reduce<MonoMs | null>((first, at) => (first === null || at < first ? at : first), null);
