import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { BudgetView } from '../../../shared/subscriptionView.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { WindowLimit } from '../../../shared/watchTimes.ts';

/** What waits for its place, by the name of its timer. */
export type Said = 'probe' | 'ping' | 'keepalive' | 'send';

/** It keeps the connection, or asks whether it is there; all else subscribes. */
export const isPing = (what: Said): boolean => what !== 'send';

/**
 * A venue's limit on what we may send: at most `limit` in any window of `windowMs`, wherever that window begins.
 *
 * A bucket that refills would let twice the limit through around a boundary; venues that cut clients count like this.
 */
export class SlidingWindow {
  readonly limit: WindowLimit;
  /** Moments of the last takes that may still count, oldest first. */
  readonly #taken: MonoMs[] = [];

  constructor(limit: WindowLimit) {
    this.limit = limit;
  }

  /** Milliseconds until one more is allowed with `reserve` places left over and `others` before it; 0 for now. */
  waitMs(now: MonoMs, reserve = 0, others = 0): number {
    const room = Math.max(1, this.limit.limit - reserve);
    this.#expire(now);
    const blocking = this.#taken[this.#taken.length - room + others];
    return blocking === undefined ? 0 : Math.max(0, elapsedMs(now, after(blocking, this.limit.windowMs)));
  }

  /** Counts one that is sent now. */
  take(now: MonoMs): void {
    this.#expire(now);
    this.#taken.push(now);
  }

  /** Those that may still count, oldest first. */
  get taken(): readonly MonoMs[] {
    return this.#taken;
  }

  used(now: MonoMs): number {
    this.#expire(now);
    return this.#taken.length;
  }

  view(now: MonoMs): Omit<BudgetView, 'shared'> {
    const { limit, windowMs } = this.limit;
    return { used: this.used(now), limit, windowMs };
  }

  #expire(now: MonoMs): void {
    while (this.#taken[0] !== undefined && elapsedMs(this.#taken[0], now) >= this.limit.windowMs) this.#taken.shift();
  }
}

/** A margin of a twentieth: what leaves here evenly may arrive there closer together. */
const MARGIN = 1.05;
/** The limit that is assumed once a venue without a known one has complained. */
const ASSUMED_PER_SEC = 5;

/** What a venue lets us send, `null` where no limit is known. `pace`, from 1: how many times slower, since it complained. */
export function messageLimit({ limits }: LinkConfig['preset'], pace: number): WindowLimit | null {
  const limit = limits.messages ?? (pace > 1 ? ASSUMED_PER_SEC : null);
  return limit === null ? null : { limit, windowMs: limits.messages_window_secs * 1000 * MARGIN * pace };
}

/** The venue's own limit on messages that subscribe, beside that on all; `null` where it has none. */
export function subscribeBudget({ limits }: LinkConfig['preset']): SlidingWindow | null {
  if (limits.subscribes === undefined) return null;
  return new SlidingWindow({ limit: limits.subscribes, windowMs: limits.subscribes_window_secs * 1000 * MARGIN });
}

/** The venue counts pings among what it lets us send. */
export const countsPings = ({ limits, ping }: LinkConfig['preset']): boolean =>
  limits.pings_count || ping.kind !== 'protocol';

/** What probes take of it at most (row L4). */
export const probesOf = ({ limit, windowMs }: WindowLimit): WindowLimit => ({
  limit: Math.max(1, Math.floor(limit / 2)),
  windowMs,
});

/** What the venue lets one connection probe; `null` where it counts no pings, or nothing. */
export function probeLimit(preset: LinkConfig['preset'], pace: number): WindowLimit | null {
  const limit = countsPings(preset) ? messageLimit(preset, pace) : null;
  return limit && probesOf(limit);
}

/** A venue that counts our pongs, or wants them as messages, pings when it likes: of three places or more one is left for them. */
export function pongReserve({ answer, limits }: LinkConfig['preset']): number {
  const counts = limits.pings_count || answer.some(({ send }) => send !== undefined);
  return counts && (limits.messages ?? 0) >= 3 ? 1 : 0;
}
