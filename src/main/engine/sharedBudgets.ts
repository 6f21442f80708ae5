import type { Preset } from '../../shared/preset.ts';
import { messageWindowMs, pongReserve } from './link/budget.ts';
import type { Clock } from './ports.ts';
import { SharedBudget } from './sharedBudget.ts';

/** What venues let all connections of one address send together, over all links of this process (row L9). */
export class SharedBudgets {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, SharedBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `null` where the venue counts each connection by itself. */
  of(preset: Preset): SharedBudget | null {
    const { limits, venue } = preset;
    if (limits.messages === undefined || limits.messages_of !== 'address') return null;
    const windowMs = messageWindowMs(limits);
    const key = JSON.stringify([venue, limits.messages, windowMs]);
    const budget = this.#budgets.get(key) ?? new SharedBudget(this.#clock, limits.messages, windowMs);
    this.#budgets.set(key, budget);
    budget.leaveFree(pongReserve(preset));
    return budget;
  }
}
