import { elapsedMs, type MonoMs, type WallMs, wallMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';

/** The wall clock as it was when it was last set, moved on by the monotonic one: no step of the wall clock shows in it. */
export class SteadyWall {
  readonly #clock: Clock;
  #setAt: MonoMs;
  #wall: WallMs;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#setAt = clock.now();
    this.#wall = clock.wall();
  }

  set(): void {
    this.#setAt = this.#clock.now();
    this.#wall = this.#clock.wall();
  }

  at(now: MonoMs): WallMs {
    return wallMs(this.#wall + elapsedMs(this.#setAt, now));
  }
}
