import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { BudgetView } from '../../../shared/subscriptionView.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';

/** What may be sent now, and what was. */
export interface Budget {
  /** Milliseconds until one more is allowed with `reserve` places left over; 0 for now. */
  waitMs(now: MonoMs, reserve?: number): number;
  /** Counts one that is sent now. */
  take(now: MonoMs): void;
}

/**
 * A venue's limit on what we may send: at most `limit` in any window of `windowMs`, wherever that window begins.
 *
 * A bucket that refills would let twice the limit through around a boundary; venues that cut clients count like this.
 */
export class SlidingWindow implements Budget {
  readonly #limit: number;
  readonly #windowMs: number;
  /** Moments of the last `limit` takes, oldest first. */
  readonly #taken: MonoMs[] = [];
  /** What is taken here is taken there as well, and must have its place in both. */
  readonly #shared: SlidingWindow | null;

  /** `limit` may be `Infinity`: then nothing ever waits. */
  constructor(limit: number, windowMs: number, shared: SlidingWindow | null = null) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#shared = shared;
  }

  /** Milliseconds until one more is allowed with `reserve` places left over and `others` before it; 0 for now. */
  waitMs(now: MonoMs, reserve = 0, others = 0): number {
    const room = Math.max(1, this.#limit - reserve);
    this.#expire(now);
    const blocking = this.#taken[this.#taken.length - room + others];
    const ownMs = blocking === undefined ? 0 : Math.max(0, elapsedMs(now, after(blocking, this.#windowMs)));
    return this.#shared === null ? ownMs : Math.max(ownMs, this.#shared.waitMs(now, reserve, others));
  }

  /** Counts one that is sent now. */
  take(now: MonoMs): void {
    this.#shared?.take(now);
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

  /** `null` where there is no limit; of what is shared, what all have taken. */
  view(now: MonoMs): BudgetView | null {
    const shared = this.#shared?.view(now) ?? null;
    if (shared !== null) return { ...shared, shared: true };
    if (this.#limit === Number.POSITIVE_INFINITY) return null;
    return { used: this.used(now), limit: this.#limit, windowMs: this.#windowMs, shared: false };
  }

  get limit(): number {
    return this.#limit;
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
export function messageBudget(
  { limits }: LinkConfig['preset'],
  pace: number,
  shared: SlidingWindow | null,
): SlidingWindow {
  const limit = limits.messages ?? (pace > 1 ? ASSUMED_PER_SEC : Number.POSITIVE_INFINITY);
  return new SlidingWindow(limit, messageWindowMs(limits) * pace, shared);
}

/** Both limits hold: that on all messages, and the venue's `own` on those that subscribe, where it has one. */
export function subscribeBudget(
  all: SlidingWindow,
  { limits }: LinkConfig['preset'],
): Budget & { readonly own: SlidingWindow | null } {
  const own =
    limits.subscribes === undefined
      ? null
      : new SlidingWindow(limits.subscribes, limits.subscribes_window_secs * 1000 * MARGIN);
  return {
    own,
    waitMs: (now, reserve = 0) => Math.max(all.waitMs(now, reserve), own?.waitMs(now) ?? 0),
    take: (now) => {
      all.take(now);
      own?.take(now);
    },
  };
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
