import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import { Timers } from '../timers.ts';

const HOUR_MS = 3_600_000;

/** Says every hour that a link that gave up is still down (row L7), until it is stopped. */
export class Reminder {
  readonly #clock: Clock;
  readonly #timers: Timers<'remind'>;
  readonly #tell: (hours: number) => void;
  #since: MonoMs | null = null;

  constructor(clock: Clock, tell: (hours: number) => void) {
    this.#clock = clock;
    this.#timers = new Timers(clock);
    this.#tell = tell;
  }

  start(): void {
    this.#since = this.#clock.now();
    this.#arm();
  }

  stop(): void {
    this.#since = null;
    this.#timers.disarm('remind');
  }

  #arm(): void {
    this.#timers.arm('remind', HOUR_MS, () => {
      if (this.#since === null) return;
      this.#tell(Math.round(elapsedMs(this.#since, this.#clock.now()) / HOUR_MS));
      this.#arm();
    });
  }
}
