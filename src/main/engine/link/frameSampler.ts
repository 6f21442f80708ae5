import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

const SECOND_MS = 1_000;
const FULL_PER_SEC = 50;
const LEAST_EVERY_MS = 100;

/** Row L5: which frames are told apart in full: all up to 50 a second, above that at least ten a second. */
export class FrameSampler {
  #from: MonoMs | null = null;
  #frames = 0;
  #lastAt = 0;
  #skips = false;
  #skipped = false;

  inFull(now: MonoMs): boolean {
    if (this.#from === null || elapsedMs(this.#from, now) >= SECOND_MS) {
      this.#from = now;
      this.#frames = 0;
      this.#skipped = this.#skips;
      this.#skips = false;
    }
    this.#frames += 1;
    if (this.#frames <= FULL_PER_SEC || now - this.#lastAt >= LEAST_EVERY_MS) {
      this.#lastAt = now;
      return true;
    }
    this.#skips = true;
    return false;
  }

  /** Clocks and counts by kind come from a sample. */
  get sampled(): boolean {
    return this.#skips || this.#skipped;
  }
}
