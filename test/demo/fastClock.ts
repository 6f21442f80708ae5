import type { Cancel, Clock } from '../../src/main/engine/ports.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { monoMs } from '../../src/shared/units.ts';

/** Real time, forty times as fast: real sockets need real time, and 30 s of silence need not be waited for. */
const SPEED = 40;

/** Counts what waits, so that a test can see that nothing does. */
export class FastClock implements Clock {
  #waiting = 0;
  readonly wall = systemClock.wall;
  readonly afterInput = systemClock.afterInput;

  get waiting(): number {
    return this.#waiting;
  }

  now(): ReturnType<Clock['now']> {
    return monoMs(systemClock.now() * SPEED);
  }

  at(at: ReturnType<Clock['now']>, task: () => void): Cancel {
    let waits = true;
    const over = (): void => {
      if (waits) this.#waiting -= 1;
      waits = false;
    };
    this.#waiting += 1;
    const cancel = systemClock.at(monoMs(at / SPEED), () => {
      over();
      task();
    });
    return () => {
      over();
      cancel();
    };
  }

  sharp(at: ReturnType<Clock['now']>, task: () => void): Cancel {
    return this.at(at, task);
  }

  about(at: ReturnType<Clock['now']>, task: () => void): Cancel {
    return this.at(at, task);
  }
}
