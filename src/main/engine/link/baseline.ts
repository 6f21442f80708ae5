import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

const BLOCK_MS = 5 * 60_000;
const KEPT_BLOCKS = 12;
const LEARNED_FROM = 3;

/**
 * What is usual for one link (row H8): the median of the p99 of its last twelve quiet blocks of 5 min. What is slower is not
 * learned, or a bad hour would make the next one look well; but when it has lasted for an hour it is what is usual now.
 */
export class Baseline {
  #quiet: readonly number[] = NONE;
  #slow: readonly number[] = NONE;
  #learnedAt: MonoMs | null = null;

  /** ms; `null` in the first 15 min. */
  get p99Ms(): number | null {
    if (this.#quiet.length < LEARNED_FROM) return null;
    const sorted = [...this.#quiet].sort((a, b) => a - b);
    return sorted[(sorted.length - 1) >> 1] ?? null;
  }

  /** Call at any time with the p99 of the last 5 min, ms. True if what was slow for an hour has become usual. */
  learn(p99Ms: number, isSlow: boolean, now: MonoMs): boolean {
    if (!isSlow) this.#slow = NONE;
    if (this.#learnedAt !== null && elapsedMs(this.#learnedAt, now) < BLOCK_MS) return false;
    this.#learnedAt = now;
    if (!isSlow) this.#quiet = [...this.#quiet, p99Ms].slice(-KEPT_BLOCKS);
    else this.#slow = [...this.#slow, p99Ms];
    if (this.#slow.length < KEPT_BLOCKS) return false;
    this.#quiet = this.#slow;
    this.#slow = NONE;
    return true;
  }
}

const NONE: readonly number[] = [];
