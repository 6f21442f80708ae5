import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import { Timers } from '../timers.ts';
import { isOutside, rotateInMs } from './rotation.ts';

/** A link that cannot rotate at its time is asked again so soon: a suspicion is over in seconds, the venue's cut is not. */
const AGAIN_MS = 5_000;

/** The planned rotation of the socket in use (row L12): at its time, or as soon after it as the link can. */
export class RotationPlan {
  readonly #clock: Clock;
  readonly #config: () => LinkConfig;
  readonly #openedAt: () => MonoMs | null;
  readonly #rotate: () => boolean;
  readonly #timers: Timers<'rotate'>;
  #dueAt: MonoMs | null = null;

  constructor(parts: {
    clock: Clock;
    config: () => LinkConfig;
    /** Since when the socket in use is open, `null` where none is. */
    openedAt: () => MonoMs | null;
    /** False if it could not be begun. */
    rotate: () => boolean;
  }) {
    this.#clock = parts.clock;
    this.#config = parts.config;
    this.#openedAt = parts.openedAt;
    this.#rotate = parts.rotate;
    this.#timers = new Timers(parts.clock);
  }

  get dueAt(): MonoMs | null {
    return this.#dueAt;
  }

  /** Call when a socket has come into use, when the policy changed, or when this machine woke. */
  arm(): void {
    const openedAt = this.#openedAt();
    if (openedAt === null) return;
    const inMs = this.#leftMs(openedAt);
    if (inMs === null) this.disarm();
    else this.#in(inMs, () => this.#due(openedAt));
  }

  disarm(): void {
    this.#dueAt = null;
    this.#timers.disarm('rotate');
  }

  #leftMs(openedAt: MonoMs): number | null {
    const { preset, policy, rotationWindows, timeZone } = this.#config();
    const maxAgeSecs = preset.limits.max_age_secs;
    return rotateInMs(
      elapsedMs(openedAt, this.#clock.now()),
      policy.rotateAfterMs,
      maxAgeSecs === undefined ? null : maxAgeSecs * 1000,
      rotationWindows,
      timeZone,
      this.#clock.wall(),
    );
  }

  #due(openedAt: MonoMs): void {
    const { rotationWindows, timeZone } = this.#config();
    const leftMs = isOutside(rotationWindows, timeZone, this.#clock.wall()) ? (this.#leftMs(openedAt) ?? 0) : 0;
    if (leftMs >= AGAIN_MS) this.#in(leftMs, () => this.#due(openedAt));
    else this.#begin();
  }

  #begin(): void {
    if (!this.#rotate()) this.#in(AGAIN_MS, () => this.#begin());
  }

  #in(delayMs: number, then: () => void): void {
    this.#dueAt = after(this.#clock.now(), delayMs);
    this.#timers.armAbout('rotate', delayMs, then);
  }
}
