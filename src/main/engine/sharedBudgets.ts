import type { Preset } from '../../shared/preset.ts';
import { messageWindowMs, SlidingWindow } from './link/budget.ts';

/** What venues let all connections of one address send together, over all links of this process (row L9). */
export class SharedBudgets {
  readonly #windows = new Map<string, SlidingWindow>();

  /** `null` where the venue counts each connection by itself. */
  of({ limits, venue }: Preset): SlidingWindow | null {
    if (limits.messages === undefined || limits.messages_of !== 'address') return null;
    const windowMs = messageWindowMs(limits);
    const key = JSON.stringify([venue, limits.messages, windowMs]);
    const known = this.#windows.get(key);
    if (known !== undefined) return known;
    const window = new SlidingWindow(limits.messages, windowMs);
    this.#windows.set(key, window);
    return window;
  }
}
