import type { MonoMs } from '../../shared/units.ts';

const SECOND_MS = 1000;
/** As long as the slices of links go back, and some. */
const SECONDS = 3_960;

/** For each of the last seconds of a little over an hour, how late the loop was at worst. */
export class Lateness {
  readonly #worstMs = new Float32Array(SECONDS);
  #newest: number;

  constructor(now: MonoMs) {
    this.#newest = Math.floor(now / SECOND_MS);
  }

  /** The loop was due at `dueAt` and came at `now`: it was late in every second between. */
  note(dueAt: MonoMs, now: MonoMs): void {
    const last = Math.floor(now / SECOND_MS);
    const late = now - dueAt;
    this.#reach(last);
    for (let second = Math.max(Math.floor(dueAt / SECOND_MS), last - SECONDS + 1); second <= last; second += 1) {
      const at = second % SECONDS;
      if (late > (this.#worstMs[at] as number)) this.#worstMs[at] = late;
    }
  }

  /** The worst between two moments, ms; 0 where nothing is known. */
  worstMs(from: number, to: number): number {
    let worst = 0;
    const last = Math.min(this.#newest, Math.ceil(to / SECOND_MS) - 1);
    for (let second = Math.max(Math.floor(from / SECOND_MS), this.#newest - SECONDS + 1); second <= last; second += 1) {
      worst = Math.max(worst, this.#worstMs[second % SECONDS] as number);
    }
    return worst;
  }

  #reach(second: number): void {
    for (let next = Math.max(this.#newest + 1, second - SECONDS + 1); next <= second; next += 1) {
      this.#worstMs[next % SECONDS] = 0;
    }
    this.#newest = Math.max(this.#newest, second);
  }
}
