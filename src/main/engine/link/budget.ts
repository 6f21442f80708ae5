import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';

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

  /** Milliseconds until one more is allowed with `reserve` places left over, 0 for now. */
  waitMs(now: MonoMs, reserve = 0): number {
    const room = Math.max(1, this.#limit - reserve);
    this.#expire(now);
    const blocking = this.#taken[this.#taken.length - room];
    return blocking === undefined ? 0 : Math.max(0, elapsedMs(now, after(blocking, this.#windowMs)));
  }

  /** Counts one that is sent now. */
  take(now: MonoMs): void {
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    this.#expire(now);
    this.#taken.push(now);
  }

  used(now: MonoMs): number {
    this.#expire(now);
    return this.#taken.length;
  }

  get limit(): number {
    return this.#limit;
  }

  #expire(now: MonoMs): void {
    while (this.#taken[0] !== undefined && elapsedMs(this.#taken[0], now) >= this.#windowMs) this.#taken.shift();
  }
}
