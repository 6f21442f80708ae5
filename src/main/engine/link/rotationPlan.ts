import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import { Timers } from '../timers.ts';
import { rotateInMs } from './rotation.ts';

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

  /** Call when a socket has come into use, or when the policy changed. */
  arm(): void {
    const openedAt = this.#openedAt();
    if (openedAt === null) return;
    const { preset, policy, rotationWindows, timeZone } = this.#config();
    const maxAgeSecs = preset.limits.max_age_secs;
    const inMs = rotateInMs(
      elapsedMs(openedAt, this.#clock.now()),
      policy.rotateAfterMs,
      maxAgeSecs === undefined ? null : maxAgeSecs * 1000,
      rotationWindows,
      timeZone,
      this.#clock.wall(),
    );
    if (inMs === null) this.disarm();
    else this.#in(inMs);
  }

  disarm(): void {
    this.#dueAt = null;
    this.#timers.disarm('rotate');
  }

  #in(delayMs: number): void {
    this.#dueAt = after(this.#clock.now(), delayMs);
    this.#timers.armAbout('rotate', delayMs, () => {
      if (!this.#rotate()) this.#in(AGAIN_MS);
    });
  }
}
