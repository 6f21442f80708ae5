import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { BudgetView } from '../../../shared/subscriptionView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { WindowLimit } from '../../../shared/watchTimes.ts';
import type { Clock } from '../ports.ts';
import { SharedBudget, type Sharer } from '../sharedBudget.ts';
import type { Timers } from '../timers.ts';
import { messageLimit, pongReserve, probesOf, type Said, SlidingWindow, subscribeBudget } from './budget.ts';

/** When one socket may say what: by the venue's limits on it, and by who of all that they are for goes first. */
export class Turns implements Sharer {
  isInUse = false;
  readonly #clock: Clock;
  readonly #timers: Pick<Timers<Said>, 'arm' | 'armFor'>;
  /** Its own, or that of all connections of this address; `null` where no limit is known. */
  readonly #budget: SharedBudget | null;
  readonly #isShared: boolean;
  /** Beside the shared one, which a complaint about this socket does not slow down; `null` without a complaint. */
  readonly #slowed: SlidingWindow | null;
  /** What the venue lets us send of messages that subscribe; `null`: as of any others. */
  readonly #subscribes: SlidingWindow | null;
  #probing = false;
  /** Asks again for what had to wait for the end of the probes. */
  #held: (() => void) | null = null;

  /** `pace`, from 1: how many times slower than the preset's limit, since the venue complained. */
  constructor(parts: {
    clock: Clock;
    timers: Pick<Timers<Said>, 'arm' | 'armFor'>;
    preset: LinkConfig['preset'];
    pace: number;
    shared: SharedBudget | null;
  }) {
    const { clock, timers, preset, pace, shared } = parts;
    const limit = messageLimit(preset, pace);
    this.#clock = clock;
    this.#timers = timers;
    this.#budget = shared ?? (limit === null ? null : new SharedBudget(clock, limit));
    this.#budget?.leaveFree(pongReserve(preset));
    this.#isShared = shared !== null;
    this.#slowed = shared === null || limit === null || pace === 1 ? null : new SlidingWindow(limit);
    this.#subscribes = subscribeBudget(preset);
  }

  /** True if it is to be sent now, and then it is counted. Otherwise `again` is called when it is time to ask again. */
  take(what: Said, again: () => void): boolean {
    const budget = this.#budget;
    if (what === 'send' && this.#probing) {
      this.#held = again;
      return false;
    }
    const now = this.#clock.now();
    const waitMs = this.#waitMs(what, now);
    if (waitMs > 0) this.#timers.arm(what, waitMs, again);
    else if (budget === null || budget.pass(this, what)) {
      this.#slowed?.take(now);
      if (what === 'send') this.#subscribes?.take(now);
      return true;
    } else this.#timers.armFor(what, (run) => budget.wait(this, what, run), again);
    return false;
  }

  /** Counts what waits for no place, but takes one. */
  count(now: MonoMs): void {
    this.#slowed?.take(now);
    this.#budget?.take(now);
  }

  /** While the link is suspect, and the venue counts its probes, nothing is subscribed. */
  set probing(on: boolean) {
    this.#probing = on;
    if (on || this.#held === null) return;
    this.#timers.arm('send', 0, this.#held);
    this.#held = null;
  }

  /** How much of the venue's limit on what subscribes one such message takes, ms; 0 where it has none. */
  get subscribeMs(): number {
    return this.#subscribes === null ? 0 : this.#subscribes.limit.windowMs / this.#subscribes.limit.limit;
  }

  /** What it lets this socket probe, whatever others say; `null` where no limit is known. */
  get probeLimit(): WindowLimit | null {
    return this.#slowed === null ? (this.#budget?.probeLimit ?? null) : probesOf(this.#slowed.limit);
  }

  /** How much of the venue's limits is used now, of what is shared by all; `null` where none is known. */
  views(now: MonoMs): { readonly budget: BudgetView | null; readonly subscribeBudget: BudgetView | null } {
    const view = (of: SharedBudget | SlidingWindow | null, shared: boolean): BudgetView | null =>
      of === null ? null : { ...of.view(now), shared };
    return { budget: view(this.#budget, this.#isShared), subscribeBudget: view(this.#subscribes, false) };
  }

  /** As far as it is this socket's own affair. */
  #waitMs(what: Said, now: MonoMs): number {
    const slowedMs = this.#slowed?.waitMs(now) ?? 0;
    return what === 'send' ? Math.max(slowedMs, this.#subscribes?.waitMs(now) ?? 0) : slowedMs;
  }
}
