import { type MonoMs, type WallMs, wallMs } from '../../shared/units.ts';

/** A wall clock that moves by more than this against the monotonic one was set, or slept through. */
const CLOCK_SET_MS = 250;
const KEPT_STRETCHES = 50;

/**
 * The wall time of moments of the monotonic clock. What was before a sleep, or before a clock was put forward, keeps the time
 * it had; a clock that is put back moves everything, or two things would have happened at one time.
 */
export class SliceClock {
  #stretches: { readonly from: number; offsetMs: number }[];
  #putBack = 0;

  constructor(now: MonoMs, wall: WallMs) {
    this.#stretches = [{ from: Number.NEGATIVE_INFINITY, offsetMs: wall - now }];
  }

  /** Goes up whenever every moment got another time. */
  get putBack(): number {
    return this.#putBack;
  }

  /** Call once a second, and before anything is read. */
  note(now: MonoMs, wall: WallMs): void {
    const offsetMs = wall - now;
    const current = this.#stretches.at(-1);
    if (current === undefined || offsetMs < current.offsetMs - CLOCK_SET_MS) {
      this.#stretches = [{ from: Number.NEGATIVE_INFINITY, offsetMs }];
      this.#putBack += 1;
    } else if (offsetMs > current.offsetMs + CLOCK_SET_MS) {
      this.#stretches = [...this.#stretches.slice(1 - KEPT_STRETCHES), { from: now, offsetMs }];
    } else current.offsetMs = offsetMs;
  }

  wallAt(ms: number): WallMs {
    const stretch = this.#stretches.findLast(({ from }) => from <= ms);
    return wallMs(Math.round(ms + (stretch?.offsetMs ?? 0)));
  }
}
