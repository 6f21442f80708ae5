import { Histogram, type Percentiles } from './histogram.ts';
import { elapsedMs, type MonoMs } from './units.ts';

const WINDOW_MS = 60_000;

/** Durations of the last one to two minutes, for figures of a program about itself. */
export class RecentHistogram {
  #recent = new Histogram();
  #previous = new Histogram();
  #windowFrom: MonoMs;

  constructor(now: MonoMs) {
    this.#windowFrom = now;
  }

  /** One duration in milliseconds. */
  add(ms: number, now: MonoMs): void {
    if (elapsedMs(this.#windowFrom, now) > WINDOW_MS) {
      this.#previous = this.#recent;
      this.#recent = new Histogram();
      this.#windowFrom = now;
    }
    this.#recent.add(ms * 1000);
  }

  percentiles(): Percentiles | null {
    const merged = new Histogram();
    merged.merge(this.#recent);
    merged.merge(this.#previous);
    return merged.percentiles();
  }
}
