import type { BudgetView } from '../../shared/subscriptionView.ts';
import type { MonoMs } from '../../shared/units.ts';
import type { WindowLimit } from '../../shared/watchTimes.ts';
import { isPing, probesOf, type Said, SlidingWindow } from './link/budget.ts';
import type { Cancel, Clock } from './ports.ts';
import { Timers } from './timers.ts';

/** A socket that sends by it. */
export interface Sharer {
  /** People rely on it: what it has to say goes before what a spare has. */
  readonly isInUse: boolean;
}

interface Waiting {
  readonly who: Sharer;
  readonly what: Said;
  readonly go: () => void;
}

/**
 * What several sockets may send together, or one alone, and whose turn it is (row L9).
 *
 * 1. Probes go first, then pings, then messages of sockets in use, then those of spares; but no two pings in a row while a
 *    message waits, so that neither starves the other. Probes take at most half of the budget (row L4).
 * 2. Each socket waits here with one message at a time, and with its next one behind all others: the sockets take turns.
 * 3. Nobody passes those who wait and may go before it. One timer is armed while anybody waits, and none otherwise.
 */
export class SharedBudget {
  readonly #clock: Clock;
  readonly #all: SlidingWindow;
  readonly #probes: SlidingWindow;
  readonly #timers: Timers<'next'>;
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiting>();
  /** Places left for pongs, by the one that needs most: whoever left none would starve those who do. */
  #reserve = 0;
  #pingWasLast = false;
  /** Its turn has come. */
  #called: Waiting | null = null;
  #isTurning = false;

  constructor(clock: Clock, limit: WindowLimit) {
    this.#clock = clock;
    this.#all = new SlidingWindow(limit);
    this.#probes = new SlidingWindow(probesOf(limit));
    this.#timers = new Timers(clock);
  }

  get probeLimit(): WindowLimit {
    return this.#probes.limit;
  }

  leaveFree(reserve: number): void {
    this.#reserve = Math.max(this.#reserve, reserve);
  }

  /** True if it may go now, and then it is counted. */
  pass(who: Sharer, what: Said): boolean {
    const now = this.#clock.now();
    if (!this.#isCalled(who, what) && !this.#mayGo({ who, what, go: () => undefined }, now)) return false;
    this.#called = null;
    this.#all.take(now);
    if (what === 'probe') this.#probes.take(now);
    this.#pingWasLast = isPing(what);
    return true;
  }

  /** Calls `go` once, when its turn has come: then it passes. */
  wait(who: Sharer, what: Said, go: () => void): Cancel {
    const waiting = { who, what, go };
    this.#waiting.add(waiting);
    this.#arm();
    return () => {
      if (this.#waiting.delete(waiting)) this.#arm();
    };
  }

  /** Counts what waits for nobody. */
  take(now: MonoMs): void {
    this.#all.take(now);
  }

  view(now: MonoMs): Omit<BudgetView, 'shared'> {
    return this.#all.view(now);
  }

  #isCalled(who: Sharer, what: Said): boolean {
    return this.#called?.who === who && this.#called.what === what;
  }

  /** It would be the first, behind all who wait and may go before it. */
  #mayGo(wish: Waiting, now: MonoMs): boolean {
    this.#waiting.add(wish);
    const first = this.#first(now);
    this.#waiting.delete(wish);
    return first === wish;
  }

  #waitMs(what: Said, now: MonoMs): number {
    const waitMs = this.#all.waitMs(now, this.#reserve);
    return what === 'probe' ? Math.max(waitMs, this.#probes.waitMs(now)) : waitMs;
  }

  /** Whose turn it is of those that may go. */
  #first(now: MonoMs): Waiting | null {
    if (this.#waitMs('send', now) > 0) return null;
    const mayProbe = this.#waitMs('probe', now) === 0;
    const first: { [kind in 'probe' | 'ping' | 'message' | 'spare']?: Waiting } = {};
    for (const one of this.#waiting) {
      if (one.what === 'probe') {
        if (mayProbe) first.probe ??= one;
      } else if (isPing(one.what)) first.ping ??= one;
      else first[one.who.isInUse ? 'message' : 'spare'] ??= one;
    }
    const ping = first.probe ?? first.ping ?? null;
    const message = first.message ?? first.spare ?? null;
    return this.#pingWasLast ? (message ?? ping) : (ping ?? message);
  }

  /** For the first that may go; during a turn its end does it, once for all. */
  #arm(): void {
    if (this.#isTurning) return;
    if (this.#waiting.size === 0) return this.#timers.disarm('next');
    const areProbes = [...this.#waiting].every(({ what }) => what === 'probe');
    const waitMs = this.#waitMs(areProbes ? 'probe' : 'send', this.#clock.now());
    this.#timers.arm('next', waitMs, () => this.#turn());
  }

  #turn(): void {
    this.#isTurning = true;
    try {
      for (let next = this.#first(this.#clock.now()); next !== null; next = this.#first(this.#clock.now())) {
        this.#waiting.delete(next);
        this.#called = next;
        next.go();
      }
    } finally {
      // What fails for one of them is no reason for the others to wait for ever.
      this.#called = null;
      this.#isTurning = false;
      this.#arm();
    }
  }
}
