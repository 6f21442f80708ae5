import { backoffMs } from '../../../shared/backoff.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { SessionCore } from './sessionCore.ts';
import type { Entry } from './subscriptionEntry.ts';

/** A venue that is overloaded takes it a little later; a wrong symbol is refused for ever, and costs four messages an hour. */
const WAITS = {
  initialReconnectDelayMs: 30_000,
  maxReconnectDelayMs: 900_000,
  backoffMultiplier: 2,
  jitter: 'proportional',
  jitterFactor: 0.1,
} as const;

/**
 * When one socket asks again for what was refused, or never acknowledged (row L9).
 *
 * 1. Each of those has a next time, also while its message waits for its place: what is not in force has a next step.
 * 2. One timer is armed while there are any, and none otherwise. What was given up together is asked for together.
 * 3. All of them take at most half of what the venue lets us subscribe: the rest is for what is wanted anew.
 */
export class AskingAgain {
  readonly #core: SessionCore;
  readonly #ask: (due: readonly Entry[]) => void;
  readonly #entries = new Set<Entry>();
  /** One for all, from 0 to 1: those of one message stay together, and links that were refused together do not. */
  #jitter: number | null = null;
  /** The timer's. */
  #at: MonoMs | null = null;

  constructor(core: SessionCore, ask: (due: readonly Entry[]) => void) {
    this.#core = core;
    this.#ask = ask;
  }

  /** It has just been given up, or asked for again. */
  plan(entry: Entry): void {
    this.#entries.add(entry);
    entry.againAt = after(this.#core.clock.now(), this.#waitMs(entry));
    this.#arm(entry.againAt);
  }

  /** It is in force, or not wanted any more. */
  forget(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    entry.againAt = null;
    entry.rounds = 0;
  }

  #waitMs({ rounds }: Entry): number {
    this.#jitter ??= this.#core.random();
    const placesMs = 2 * this.#core.turns.subscribeMs * this.#entries.size;
    return Math.max(placesMs, backoffMs(WAITS, rounds + 1, this.#jitter, null));
  }

  #arm(at: MonoMs): void {
    if (this.#at !== null && this.#at <= at) return;
    this.#at = at;
    const waitMs = elapsedMs(this.#core.clock.now(), at);
    this.#core.timers.armAbout('again', waitMs, () => this.#look());
  }

  #look(): void {
    this.#at = null;
    const now = this.#core.clock.now();
    const due = [...this.#entries].filter(({ againAt }) => againAt !== null && againAt <= now);
    for (const entry of due) {
      entry.rounds += 1;
      this.plan(entry);
    }
    this.#ask(due.filter(({ waiting }) => waiting === null));
    for (const { againAt } of this.#entries) if (againAt !== null) this.#arm(againAt);
  }
}
