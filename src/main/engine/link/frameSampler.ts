import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

const SECOND_MS = 1_000;
const FULL_PER_SEC = 50;
const EVERY_MS = SECOND_MS / FULL_PER_SEC;
/** A microsecond more than 49 of them: sums of fractions are not exact. */
const AHEAD_MS = SECOND_MS - EVERY_MS + 0.001;

/**
 * Row L5: which frames are told apart in full: all up to 50 in a second, and of more than that 50 a second, evenly spread. A
 * flood of many links comes to all of them at once: were it the first 50 of each second, all would be slow together.
 */
export class FrameSampler {
  /** Each frame that is told apart in full pays for a fiftieth of a second, up to a second ahead. */
  #paidUntil = 0;
  #from: MonoMs | null = null;
  #skips = false;
  #skipped = false;

  inFull(now: MonoMs): boolean {
    if (this.#from === null || elapsedMs(this.#from, now) >= SECOND_MS) {
      this.#skipped = this.sampled(now) && this.#skips;
      this.#from = now;
      this.#skips = false;
    }
    if (this.#paidUntil - now > AHEAD_MS) {
      this.#skips = true;
      return false;
    }
    this.#paidUntil = Math.max(this.#paidUntil, now) + EVERY_MS;
    return true;
  }

  /** Clocks and counts by kind come from a sample: of this second, or of the one before. */
  sampled(now: MonoMs): boolean {
    if (this.#from === null || elapsedMs(this.#from, now) >= 2 * SECOND_MS) return false;
    return this.#skips || this.#skipped;
  }
}
