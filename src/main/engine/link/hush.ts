import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { SessionCore } from './sessionCore.ts';
import { LearnedSilence } from './silence.ts';

/** A stall is measured to about a beat of the meter. */
const CLOCK_GRAIN_MS = 1;

/**
 * Watches for a silence that is longer than this socket ever was silent (row L4).
 *
 * 1. One lazy timer: a frame leaves it armed, and it looks again when it is due.
 * 2. Judged after the input that has already arrived; the time of this machine's stalls is no silence.
 */
export class Hush {
  readonly #core: SessionCore;
  readonly #onSilent: (since: MonoMs) => void;
  readonly #onOver: () => void;
  readonly #learned = new LearnedSilence();
  #told = false;
  /** The timer is armed: asked with every message. */
  #waits = false;

  /** `onSilent` is told once a silence, `onOver` when a frame ends it. */
  constructor(core: SessionCore, onSilent: (since: MonoMs) => void, onOver: () => void) {
    this.#core = core;
    this.#onSilent = onSilent;
    this.#onOver = onOver;
  }

  get limitMs(): number | null {
    return this.#learned.limitMs;
  }

  /** A frame that nobody asked for came. */
  heard(now: MonoMs): void {
    const shorter = this.#learned.heard(now, this.#core.stall);
    if (this.#told) {
      this.#told = false;
      this.#onOver();
    }
    if (shorter || !this.#waits) this.#arm();
  }

  /** The venue answered in the middle of a silence, or was silent on a second connection: it is merely quiet. */
  excuse(): void {
    this.#learned.excuse();
    this.#told = false;
    this.#arm(0);
  }

  /** The next frame is told of, as if a silence ended with it. */
  awaitFrame(): void {
    this.#told = true;
  }

  /** Other subscriptions have other gaps. */
  forget(): void {
    this.#learned.forget();
    this.#waits = false;
    this.#core.timers.disarm('silence');
    this.#core.timers.disarm('hush');
  }

  /** `silentMs`: how much of the silence has passed already. */
  #arm(silentMs: number | null = null): void {
    const { limitMs } = this.#learned;
    if (limitMs === null) return;
    const now = this.#core.clock.now();
    const passedMs = silentMs ?? elapsedMs(this.#core.clocks.bytesAt ?? now, now);
    this.#waits = true;
    this.#core.timers.arm('silence', Math.max(1, limitMs - passedMs), () => {
      this.#waits = false;
      this.#core.timers.armAfterInput('hush', () => this.#look());
    });
  }

  #look(): void {
    const now = this.#core.clock.now();
    const { limitMs } = this.#learned;
    const since = this.#core.clocks.bytesAt;
    if (limitMs === null || since === null) return;
    const silentMs = elapsedMs(since, now);
    if (silentMs < limitMs) return this.#arm();
    // Time in which this machine could not listen is no silence of the venue's.
    const awakeMs = this.#core.stall.awakeMs(since);
    if (awakeMs < limitMs - CLOCK_GRAIN_MS) return this.#arm(awakeMs);
    if (this.#told) return;
    this.#told = true;
    this.#onSilent(since);
  }
}
