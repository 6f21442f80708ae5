import type { DownReason } from '../../shared/linkState.ts';
import type { MonoMs } from '../../shared/units.ts';
import type { Clock } from './ports.ts';

/** Until when an address, or its host, is to be left alone, and what was said there. */
export interface AskedWait {
  readonly reason: DownReason;
  readonly until: MonoMs;
  /** A person was told: it is over when one has done something. */
  readonly loud: boolean;
}

/**
 * What venues have asked of any link (row L6), by origin or address, and a link that starts is to heed: under another name,
 * or taken out and back again, it is to the venue who it was. Links that run heed what they were told themselves.
 */
export class AskedWaits {
  readonly #clock: Clock;
  readonly #waits = new Map<string, AskedWait>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(key: string, wait: AskedWait): void {
    for (const [known, { until }] of this.#waits) if (until <= this.#clock.now()) this.#waits.delete(known);
    if ((this.#waits.get(key)?.until ?? 0) < wait.until) this.#waits.set(key, wait);
  }

  get(key: string): AskedWait | undefined {
    return this.#waits.get(key);
  }

  /** A socket was let in there. */
  forget(key: string): void {
    this.#waits.delete(key);
  }
}
