import type { Cancel, Clock } from '../../src/main/engine/ports.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { type MonoMs, monoMs, type WallMs, wallMs } from '../../src/shared/units.ts';

/** So much of real time counts at most from one look at the clock to the next. */
const MOST_AT_ONCE_MS = 10;

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Real time, or so many times as fast, that stands still while a busy machine holds this process up: what has come
 * meanwhile is read before more time has passed, so no test sees a stall that is not of its own making.
 */
export class PatientClock implements Clock {
  readonly afterInput = systemClock.afterInput;
  readonly #speed: number;
  readonly #wallOffsetMs: number;
  #now = performance.now();
  #lookedAt = performance.now();
  #tasks: Task[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(speed = 1) {
    this.#speed = speed;
    this.#wallOffsetMs = Date.now() - this.#now;
  }

  now(): MonoMs {
    const now = performance.now();
    this.#now += this.#speed * Math.min(MOST_AT_ONCE_MS, now - this.#lookedAt);
    this.#lookedAt = now;
    return monoMs(this.#now);
  }

  wall(): WallMs {
    return wallMs(this.#wallOffsetMs + this.now());
  }

  /** What waits, so that a test can see that nothing does. */
  get waiting(): number {
    return this.#tasks.length;
  }

  at(at: MonoMs, run: () => void): Cancel {
    const task = { at, run };
    this.#tasks.push(task);
    this.#arm();
    return () => this.#drop(task);
  }

  sharp(at: MonoMs, run: () => void): Cancel {
    return this.at(at, run);
  }

  about(at: MonoMs, run: () => void): Cancel {
    return this.at(at, run);
  }

  #drop(task: Task): void {
    this.#tasks = this.#tasks.filter((one) => one !== task);
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#tasks.length === 0) return;
    const dueInMs = (Math.min(...this.#tasks.map(({ at }) => at)) - this.now()) / this.#speed;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#runDue();
        this.#arm();
      },
      Math.max(0, Math.min(MOST_AT_ONCE_MS / 2, dueInMs)),
    );
  }

  #runDue(): void {
    const now = this.now();
    const due = this.#tasks.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    for (const task of due) {
      if (!this.#tasks.includes(task)) continue;
      this.#drop(task);
      task.run();
    }
  }
}
