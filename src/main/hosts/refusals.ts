import { after, elapsedMs, type MonoMs } from '../../shared/units.ts';
import { GUARD_LIMITS } from '../api/guard.ts';
import type { Clock } from '../engine/ports.ts';

const WINDOW_MS = 60_000;

/** Counts who was refused at the wire, as the API counts its strangers: beyond so many a minute they are turned away unheard. */
export class Refusals {
  readonly #clock: Pick<Clock, 'now'>;
  #since: MonoMs | null = null;
  #count = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** One more. Answers for how many seconds no more are heard, `null` while they are. */
  add(): number | null {
    const now = this.#clock.now();
    if (this.#since === null || elapsedMs(this.#since, now) >= WINDOW_MS) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= GUARD_LIMITS.refusalsPerMinute) return null;
    return Math.ceil(elapsedMs(now, after(this.#since, WINDOW_MS)) / 1000);
  }
}
