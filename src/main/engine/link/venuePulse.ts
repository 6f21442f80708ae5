import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

const KEPT = 8;
/** Beats of several channels that come together are one. */
const TOGETHER_MS = 100;
const LEARNED_FROM = 3;
/** A pulse is missed when it is later than this share of its period, and a second. */
const TOLERANCE = 1.5;
const GRACE_MS = 1_000;

/** The venue's own rhythm: its pings or heartbeats, whose first absence is the earliest sign of trouble (incident 5). */
export class VenuePulse {
  readonly #intervals: number[] = [];
  #lastAt: MonoMs | null = null;
  #onlyWhileQuiet = false;

  /** `onlyWhileQuiet`: a venue may leave this beat out while it sends data. */
  beat(now: MonoMs, onlyWhileQuiet: boolean): void {
    this.#onlyWhileQuiet = onlyWhileQuiet;
    const sinceMs = this.#lastAt === null ? null : elapsedMs(this.#lastAt, now);
    this.#lastAt = now;
    if (sinceMs === null || sinceMs < TOGETHER_MS) return;
    this.#intervals.push(sinceMs);
    if (this.#intervals.length > KEPT) this.#intervals.shift();
  }

  /** This machine was away: the next beat begins anew. */
  pause(): void {
    this.#lastAt = null;
  }

  /** The period it has shown, ms; `null` before it has shown one. */
  get periodMs(): number | null {
    if (this.#intervals.length < LEARNED_FROM) return null;
    const sorted = [...this.#intervals].sort((a, b) => a - b);
    return sorted[(sorted.length - 1) >> 1] ?? null;
  }

  /** For how long it is overdue, ms; `null` while it beats, or was never learned. `dataAt`: when data came last. */
  overdueMs(now: MonoMs, dataAt: MonoMs | null): number | null {
    const period = this.periodMs;
    if (period === null || this.#lastAt === null) return null;
    const from = this.#onlyWhileQuiet && dataAt !== null && dataAt > this.#lastAt ? dataAt : this.#lastAt;
    const ageMs = elapsedMs(from, now);
    return ageMs > period * TOLERANCE + GRACE_MS ? ageMs - period : null;
  }
}
