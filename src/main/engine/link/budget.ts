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
  readonly #limit: number;
  readonly #windowMs: number;
  /** Moments of the last `limit` takes, oldest first. */
  readonly #taken: MonoMs[] = [];

  /** `limit` may be `Infinity`: then nothing ever waits. */
  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** A window of half as many, at least one. */
  half(): SlidingWindow {
    return new SlidingWindow(Math.max(1, Math.floor(this.#limit / 2)), this.#windowMs);
  }

  /** Milliseconds until one more is allowed with `reserve` places left over and `others` before it; 0 for now. */
  waitMs(now: MonoMs, reserve = 0, others = 0): number {
    const room = Math.max(1, this.#limit - reserve);
    this.#expire(now);
    const blocking = this.#taken[this.#taken.length - room + others];
    return blocking === undefined ? 0 : Math.max(0, elapsedMs(now, after(blocking, this.#windowMs)));
  }

  /** Counts one that is sent now. */
  take(now: MonoMs): void {
    if (this.#limit === Number.POSITIVE_INFINITY) return;
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

  /** `null` where there is none. */
  get limit(): WindowLimit | null {
    return this.#limit === Number.POSITIVE_INFINITY ? null : { limit: this.#limit, windowMs: this.#windowMs };
  }

  /** `null` where there is no limit. */
  view(now: MonoMs): BudgetView | null {
    const { limit } = this;
    return limit === null ? null : { used: this.used(now), ...limit, shared: false };
  }

  #expire(now: MonoMs): void {
    while (this.#taken[0] !== undefined && elapsedMs(this.#taken[0], now) >= this.#windowMs) this.#taken.shift();
  }
}

/** A margin of a twentieth: what leaves here evenly may arrive there closer together. */
const MARGIN = 1.05;
/** The limit that is assumed once a venue without a known one has complained. */
const ASSUMED_PER_SEC = 5;

export const messageWindowMs = ({ messages_window_secs }: LinkConfig['preset']['limits']): number =>
  messages_window_secs * 1000 * MARGIN;

/** What a venue lets one connection send. `pace`, from 1: how many times slower, since it complained. */
export function messageBudget({ limits }: LinkConfig['preset'], pace: number): SlidingWindow {
  const limit = limits.messages ?? (pace > 1 ? ASSUMED_PER_SEC : Number.POSITIVE_INFINITY);
  return new SlidingWindow(limit, messageWindowMs(limits) * pace);
}

/** The venue's own limit on messages that subscribe, beside that on all; `null` where it has none. */
export function subscribeBudget({ limits }: LinkConfig['preset']): SlidingWindow | null {
  if (limits.subscribes === undefined) return null;
  return new SlidingWindow(limits.subscribes, limits.subscribes_window_secs * 1000 * MARGIN);
}

/** The venue counts pings among what it lets us send. */
export const countsPings = ({ limits, ping }: LinkConfig['preset']): boolean =>
  limits.pings_count || ping.kind !== 'protocol';

/** What it lets one connection probe; `null` where it counts no pings, or nothing. */
export function probeLimit(preset: LinkConfig['preset'], pace: number): WindowLimit | null {
  return countsPings(preset) ? messageBudget(preset, pace).half().limit : null;
}

/** A venue that counts our pongs, or wants them as messages, pings when it likes: of three places or more one is left for them. */
export function pongReserve({ answer, limits }: LinkConfig['preset']): number {
  const counts = limits.pings_count || answer.some(({ send }) => send !== undefined);
  return counts && (limits.messages ?? 0) >= 3 ? 1 : 0;
}

/**
 * Who goes first where all share one budget: a ping or keep-alive that waits for its place goes before subscriptions, but
 * no two in a row do, so that neither starves the other. While the link is suspect only probes go.
 */
export class Precedence {
  #pingWaits = false;
  #pingWasLast = false;
  /** The link is suspect, and its probes share the budget. */
  probing = false;

  /** Subscriptions are to wait, whatever the budget says. */
  get holds(): boolean {
    return this.probing || (this.#pingWaits && !this.#pingWasLast);
  }

  pingWaits(): void {
    this.#pingWaits = true;
  }

  pingWent(): void {
    this.#pingWaits = false;
    this.#pingWasLast = true;
  }

  otherWent(): void {
    this.#pingWasLast = false;
  }

  /** No ping waits any more. */
  calm(): void {
    this.#pingWaits = false;
    this.probing = false;
  }
}
