import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { BudgetView } from '../../../shared/subscriptionView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { WindowLimit } from '../../../shared/watchTimes.ts';
import type { Clock } from '../ports.ts';
import type { SharedBudget, Sharer } from '../sharedBudget.ts';
import type { Timers } from '../timers.ts';
import {
  isPing,
  messageBudget,
  Precedence,
  pongReserve,
  type Said,
  type SlidingWindow,
  subscribeBudget,
} from './budget.ts';

/** Held back by a ping, a message looks again so soon. */
const HELD_MS = 20;

/** When one socket may say what: by the venue's limits on it, by who of its own goes first, and by whom it shares with. */
export class Turns implements Sharer {
  /** What of the socket's own goes first. */
  readonly precedence = new Precedence();
  isInUse = false;
  readonly #clock: Clock;
  readonly #timers: Pick<Timers<Said>, 'arm' | 'armFor'>;
  readonly #all: SlidingWindow;
  /** What the venue lets us send of messages that subscribe; `null`: as of any others. */
  readonly #subscribes: SlidingWindow | null;
  /** Probes alone; made with the first. */
  #probes: SlidingWindow | null = null;
  /** With other connections of this address; `null` where the venue counts each by itself. */
  readonly #shared: SharedBudget | null;
  /** Places that are left for pongs, which go out when the venue pings. */
  readonly #reserve: number;

  /** `pace`, from 1: how many times slower than the preset's limit, since the venue complained. */
  constructor(parts: {
    clock: Clock;
    timers: Pick<Timers<Said>, 'arm' | 'armFor'>;
    preset: LinkConfig['preset'];
    pace: number;
    shared: SharedBudget | null;
  }) {
    const { preset, shared } = parts;
    this.#clock = parts.clock;
    this.#timers = parts.timers;
    this.#all = messageBudget(preset, parts.pace);
    this.#subscribes = subscribeBudget(preset);
    this.#shared = shared;
    this.#reserve = pongReserve(preset);
  }

  /** True if it is to be sent now, and then it is counted. Otherwise `again` is called when it is time to ask again. */
  take(what: Said, again: () => void): boolean {
    const shared = this.#shared;
    const now = this.#clock.now();
    const waitMs = this.#waitMs(what, now);
    if (waitMs > 0) this.#timers.arm(what, waitMs, again);
    else if (shared === null || shared.pass(this, what)) {
      this.#went(what, now);
      return true;
    } else this.#timers.armFor(what, (run) => shared.wait(this, what, run), again);
    if (what === 'ping' || what === 'keepalive') this.precedence.pingWaits();
    return false;
  }

  /** Counts what waits for no place, but takes one. */
  count(now: MonoMs): void {
    this.#all.take(now);
    this.#shared?.take(now);
  }

  /** What it lets this socket probe, whatever others say; `null` where no limit is known. */
  get probeLimit(): WindowLimit | null {
    return this.#all.half().limit;
  }

  /** How much of the venue's limits is used now, of what is shared by all; `null` where none is known. */
  views(now: MonoMs): { readonly budget: BudgetView | null; readonly subscribeBudget: BudgetView | null } {
    return {
      budget: (this.#shared ?? this.#all).view(now),
      subscribeBudget: this.#subscribes?.view(now) ?? null,
    };
  }

  /** As far as it is this socket's own affair. Probes take at most half of what the venue lets us send (row L4). */
  #waitMs(what: Said, now: MonoMs): number {
    const waitMs = this.#all.waitMs(now, this.#reserve);
    if (what === 'probe') return Math.max(waitMs, this.#probes?.waitMs(now) ?? 0);
    if (what !== 'send') return waitMs;
    // Of what is shared the order is kept for all.
    const isHeld = this.#shared === null && this.precedence.holds;
    return Math.max(waitMs, this.#subscribes?.waitMs(now) ?? 0, isHeld ? HELD_MS : 0);
  }

  #went(what: Said, now: MonoMs): void {
    this.#all.take(now);
    if (what === 'probe') this.#probeWent(now);
    if (isPing(what)) return this.precedence.pingWent();
    this.#subscribes?.take(now);
    this.precedence.otherWent();
  }

  #probeWent(now: MonoMs): void {
    this.#probes ??= this.#all.half();
    this.#probes.take(now);
  }
}
