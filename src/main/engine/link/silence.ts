import { Histogram } from '../../../shared/histogram.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { LocalStall } from '../stall.ts';

/** Shorter gaps cannot raise the learned gap over its floor, so they are only counted. */
const NOTED_FROM_MS = 100;
const FLOOR_MS = 1_000;
const FACTOR = 3;
const LEARNED_FROM_MESSAGES = 20;
const PERCENTILE_FROM_GAPS = 1_000;

/**
 * What silence means on this socket (row L4): the gap it has learned between frames that the venue sends of its own accord.
 *
 * 1. Gaps across a stall of this machine are not learned, and a socket begins with nothing learned.
 * 2. A silence that a probe has shown to be harmless makes the next limit twice as long, until a frame ends it.
 */
export class LearnedSilence {
  #long: Histogram | null = null;
  #gaps = 0;
  #longestMs = 0;
  #lastAt: MonoMs | null = null;
  #patience = 1;

  /** A frame that nobody asked for came. True if the limit may be shorter from now on. */
  heard(now: MonoMs, stall: LocalStall): boolean {
    const before = this.#lastAt;
    const wasPatient = this.#patience > 1;
    this.#lastAt = now;
    this.#patience = 1;
    if (before === null) return wasPatient;
    const gapMs = elapsedMs(before, now);
    if (gapMs >= NOTED_FROM_MS && stall.awakeMs(before) < gapMs / 2) return wasPatient;
    this.#gaps += 1;
    if (gapMs > this.#longestMs) this.#longestMs = gapMs;
    if (gapMs >= NOTED_FROM_MS) {
      this.#long ??= new Histogram();
      this.#long.add(gapMs * 1000);
    }
    return wasPatient || this.#gaps === PERCENTILE_FROM_GAPS;
  }

  /** Other subscriptions have other gaps. */
  forget(): void {
    this.#long = null;
    this.#gaps = 0;
    this.#longestMs = 0;
    this.#lastAt = null;
    this.#patience = 1;
  }

  /** The venue answered in the middle of this silence. */
  excuse(): void {
    this.#patience *= 2;
  }

  /** A longer silence than this is suspicious, ms; `null` while too little is known. */
  get limitMs(): number | null {
    if (this.#gaps + 1 < LEARNED_FROM_MESSAGES) return null;
    return Math.max(FLOOR_MS, FACTOR * this.#gapMs()) * this.#patience;
  }

  #gapMs(): number {
    if (this.#gaps < PERCENTILE_FROM_GAPS) return this.#longestMs;
    const long = this.#long;
    if (long === null) return 0;
    const rank = Math.ceil(0.999 * this.#gaps) - (this.#gaps - long.count);
    return rank <= 0 ? 0 : (long.quantileUs(rank / long.count) ?? 0) / 1000;
  }
}
