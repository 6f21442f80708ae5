import { RecentHistogram } from '../../shared/recentHistogram.ts';
import type { MachineView } from '../../shared/snapshot.ts';
import { type MonoMs, monoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from './ports.ts';
import { Lateness } from './sliceLateness.ts';

const BEAT_MS = 20;
/** A beat that comes later than this was held up by this machine (row H6). */
export const STALL_THRESHOLD_MS = 20;
/** After a stall of this length every grace begins anew; a shorter one is only taken off. */
const GRAVE_MS = 250;
const KEPT_STALLS = 500;

/** Tells whether this thread was held up since a moment; the judge of every late pong asks it first. */
export interface LocalStall {
  stalledSince(from: MonoMs): boolean;
  /**
   * For how long since `from` this machine could be spoken to, ms: without the time of its stalls, and, where one was so
   * long that it may have lost more than its own time, only since its end.
   */
  awakeMs(from: MonoMs): number;
  /** The time of the stalls since `from`, however long each was, ms. */
  heldUpMs(from: MonoMs): number;
}

/** Measures the lateness of the engine's own event loop all the time, by a beat every 20 ms. */
export class StallMeter implements LocalStall {
  readonly #clock: Clock;
  readonly #lateness: Lateness;
  #cancel: Cancel = () => undefined;
  /** Beats fall on multiples of 20 ms, as the wheel's grains do: both wake the thread once. */
  #beats = 0;
  #dueAt: MonoMs;
  #lastStallEndedAt: MonoMs | null = null;
  #stalls = 0;
  /** The last stalls: when each ended, and how long it was. */
  #recentStalls: { readonly endedAt: MonoMs; readonly ms: number }[] = [];
  readonly #recent: RecentHistogram;

  constructor(clock: Clock, lateness = new Lateness(clock.now())) {
    this.#clock = clock;
    this.#lateness = lateness;
    this.#recent = new RecentHistogram(clock.now());
    this.#dueAt = clock.now();
    this.#arm();
  }

  /** True if a stall overlaps the time from `from` to now, one that goes on at this moment included. */
  stalledSince(from: MonoMs): boolean {
    if (this.#clock.now() - this.#dueAt > STALL_THRESHOLD_MS) return true;
    return this.#lastStallEndedAt !== null && this.#lastStallEndedAt >= from;
  }

  awakeMs(from: MonoMs): number {
    const now = this.#clock.now();
    const lateMs = now - this.#dueAt;
    if (lateMs > GRAVE_MS) return 0;
    let awake = now - from - (lateMs > STALL_THRESHOLD_MS ? lateMs : 0);
    for (let i = this.#recentStalls.length - 1; i >= 0; i -= 1) {
      const stall = this.#recentStalls[i];
      if (stall === undefined || stall.endedAt < from) break;
      if (stall.ms >= GRAVE_MS) return Math.min(awake, now - stall.endedAt);
      awake -= stall.ms;
    }
    return Math.max(0, awake);
  }

  heldUpMs(from: MonoMs): number {
    const now = this.#clock.now();
    const lateMs = now - this.#dueAt;
    let held = lateMs > STALL_THRESHOLD_MS ? Math.min(lateMs, now - from) : 0;
    for (let i = this.#recentStalls.length - 1; i >= 0; i -= 1) {
      const stall = this.#recentStalls[i];
      if (stall === undefined || stall.endedAt < from) break;
      held += Math.min(stall.ms, stall.endedAt - from);
    }
    return held;
  }

  /** How long this thread was held up by the longest stall that ended within the last `withinMs`, ms; 0 without any. */
  stalledMs(withinMs: number): number {
    const now = this.#clock.now();
    let longest = 0;
    for (let i = this.#recentStalls.length - 1; i >= 0; i -= 1) {
      const stall = this.#recentStalls[i];
      if (stall === undefined || now - stall.endedAt > withinMs) break;
      longest = Math.max(longest, stall.ms);
    }
    return longest;
  }

  /** Lateness over the last one to two minutes. */
  view(): Pick<MachineView, 'loopP99Ms' | 'loopMaxMs' | 'stalls'> {
    const figures = this.#recent.percentiles();
    return { loopP99Ms: figures?.p99Ms ?? 0, loopMaxMs: figures?.maxMs ?? 0, stalls: this.#stalls };
  }

  /** Books a stall that goes on at this moment: whoever reads the lateness may come before the beat that is late. */
  noteLateness(): void {
    if (this.#clock.now() > this.#dueAt) this.#lateness.note(this.#dueAt, this.#clock.now());
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    // A timer may fire a moment early: no beat is due twice.
    this.#beats = Math.max(this.#beats, Math.floor(this.#clock.now() / BEAT_MS)) + 1;
    this.#dueAt = monoMs(this.#beats * BEAT_MS);
    this.#cancel = this.#clock.about(this.#dueAt, () => this.#beat());
  }

  #beat(): void {
    const now = this.#clock.now();
    const lateMs = Math.max(0, now - this.#dueAt);
    this.#recent.add(lateMs, now);
    this.#lateness.note(this.#dueAt, now);
    if (lateMs > STALL_THRESHOLD_MS) {
      this.#stalls += 1;
      this.#lastStallEndedAt = now;
      this.#recentStalls.push({ endedAt: now, ms: lateMs });
      if (this.#recentStalls.length > 2 * KEPT_STALLS) this.#recentStalls = this.#recentStalls.slice(-KEPT_STALLS);
    }
    this.#arm();
  }
}
