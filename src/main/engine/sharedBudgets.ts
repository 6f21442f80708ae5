import type { Preset } from '../../shared/preset.ts';
import { messageLimit } from './link/budget.ts';
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
    const limit = messageLimit(preset, 1);
    if (limit === null || preset.limits.messages_of !== 'address') return null;
    const key = JSON.stringify([preset.venue, limit]);
    const budget = this.#budgets.get(key) ?? new SharedBudget(this.#clock, limit);
    this.#budgets.set(key, budget);
    return budget;
  }
}
