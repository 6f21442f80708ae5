import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

const KEPT = 8;
/** Beats that come together are one. */
const TOGETHER_MS = 100;
const LEARNED_FROM = 3;
/** A pulse is missed when it is later than this share of its period, and a second. */
const TOLERANCE = 1.5;
const GRACE_MS = 1_000;
/** More than a venue has channels on a socket: then it is no channel that they are told by. */
const MOST_CHANNELS = 256;

/**
 * The venue's own rhythm: its pings or heartbeats, whose first absence is the earliest sign of trouble (incident 5). Where each
 * channel has beats of its own the period is that of one channel, and all of them are missed together.
 */
export class VenuePulse {
  readonly #intervals: number[] = [];
  /** When each channel beat last. */
  readonly #lastOf = new Map<string, MonoMs>();
  #lastAt: MonoMs | null = null;
  #onlyWhileQuiet = false;

  /** `onlyWhileQuiet`: a venue may leave this beat out while it sends data. `of`: its channel, as far as it can be told. */
  beat(now: MonoMs, onlyWhileQuiet: boolean, of = ''): void {
    this.#onlyWhileQuiet = onlyWhileQuiet;
    this.#lastAt = now;
    const before = this.#lastOf.get(of);
    if (this.#lastOf.size > MOST_CHANNELS) this.#lastOf.clear();
    this.#lastOf.set(of, now);
    const sinceMs = before === undefined ? 0 : elapsedMs(before, now);
    if (sinceMs < TOGETHER_MS) return;
    this.#intervals.push(sinceMs);
    if (this.#intervals.length > KEPT) this.#intervals.shift();
  }

  /** This machine was away: the next beat begins anew. */
  pause(): void {
    this.#lastAt = null;
    this.#lastOf.clear();
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
