import type { MonoMs } from '../../../shared/units.ts';

const SLICE_MS = 15 * 60_000;
const SLICES = 96;

/** Judged only after so much observed time. */
const JUDGED_AFTER_MS = 3_600_000;
/** How far above the target a link must come before it counts as recovered: no flapping around the line. */
const LEAVE_PERCENT = 0.5;

/** Row H3: time up with fresh data over time observed, for the last 24 h (in slices of 15 min) and since start. */
export class Reliability {
  #slices: readonly { readonly index: number; observedMs: number; freshMs: number }[] = [];
  #observedMs = 0;
  #freshMs = 0;
  #low = false;

  add(now: MonoMs, lastedMs: number, fresh: boolean): void {
    const index = Math.floor(now / SLICE_MS);
    let slice = this.#slices.at(-1);
    if (slice?.index !== index) {
      slice = { index, observedMs: 0, freshMs: 0 };
      this.#slices = this.#slices.filter((old) => old.index > index - SLICES).concat(slice);
    }
    const freshMs = fresh ? lastedMs : 0;
    slice.observedMs += lastedMs;
    slice.freshMs += freshMs;
    this.#observedMs += lastedMs;
    this.#freshMs += freshMs;
  }

  get sinceStart(): { readonly observedMs: number; readonly freshMs: number } {
    return { observedMs: this.#observedMs, freshMs: this.#freshMs };
  }

  get day(): { readonly observedMs: number; readonly freshMs: number } {
    let observedMs = 0;
    let freshMs = 0;
    for (const slice of this.#slices) {
      observedMs += slice.observedMs;
      freshMs += slice.freshMs;
    }
    return { observedMs, freshMs };
  }

  /** `low` when the day's figure falls below the target, `back` when it is clearly above again, else `null`. */
  judge(targetPercent: number): { readonly turn: 'low' | 'back'; readonly percent: number } | null {
    const { observedMs, freshMs } = this.day;
    if (observedMs < JUDGED_AFTER_MS) return null;
    const percent = (100 * freshMs) / observedMs;
    const low = percent < (this.#low ? Math.min(100, targetPercent + LEAVE_PERCENT) : targetPercent);
    if (low === this.#low) return null;
    this.#low = low;
    return { turn: low ? 'low' : 'back', percent };
  }
}
