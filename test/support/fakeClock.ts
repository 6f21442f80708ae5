import type { Clock } from '../../src/main/engine/ports.ts';
import { type MonoMs, monoMs, type WallMs, wallMs } from '../../src/shared/units.ts';
import { mustBeClosed } from './leaks.ts';

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * A clock that a test moves.
 *
 * 1. It stops at each due task with `now` = its due time; ties run in the order of arming.
 * 2. Microtasks run between two tasks.
 * 3. A run of more than `maxTasks` throws: something re-arms itself without end.
 */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #order = 0;
  #tasks: Task[] = [];
  #wallOffsetMs = 1_763_000_000_000;

  constructor() {
    mustBeClosed(
      'timers on the fake clock',
      () => this.#tasks.length > 0,
      () => {
        this.#tasks = [];
      },
    );
  }

  now(): MonoMs {
    return monoMs(this.#now);
  }

  wall(): WallMs {
    return wallMs(this.#wallOffsetMs + this.#now);
  }

  get pending(): number {
    return this.#tasks.length;
  }

  at(at: MonoMs, run: () => void): () => void {
    const task = { at: Math.max(at, this.#now), order: this.#order++, run };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((candidate) => candidate !== task);
    };
  }

  sharp(at: MonoMs, run: () => void): () => void {
    return this.at(at, run);
  }

  /** Exact, too: what the real one adds is the wheel's own. */
  about(at: MonoMs, run: () => void): () => void {
    return this.at(at, run);
  }

  afterInput(run: () => void): () => void {
    return this.at(this.now(), run);
  }

  /** Lets `ms` pass, running what becomes due on the way. */
  async advance(ms: number, maxTasks = 200_000): Promise<void> {
    const until = this.#now + ms;
    for (let ran = 0; ; ran += 1) {
      await settle();
      const task = this.#nextDue(until);
      if (task === null) break;
      if (ran >= maxTasks) throw new Error(`more than ${maxTasks} tasks in ${ms} ms`);
      this.#runTask(task);
    }
    this.#now = until;
    await settle();
  }

  /** The same without microtasks, for property tests whose subject uses none. */
  advanceSync(ms: number, maxTasks = 200_000): void {
    const until = this.#now + ms;
    for (let ran = 0; ; ran += 1) {
      const task = this.#nextDue(until);
      if (task === null) break;
      if (ran >= maxTasks) throw new Error(`more than ${maxTasks} tasks in ${ms} ms`);
      this.#runTask(task);
    }
    this.#now = until;
  }

  /** The machine sleeps: time passes and nothing runs. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** The wall clock is set by so much. */
  setWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  #nextDue(until: number): Task | null {
    let next: Task | null = null;
    for (const task of this.#tasks) {
      if (task.at > until) continue;
      if (next === null || task.at < next.at || (task.at === next.at && task.order < next.order)) next = task;
    }
    return next;
  }

  #runTask(task: Task): void {
    this.#tasks = this.#tasks.filter((candidate) => candidate !== task);
    this.#now = Math.max(this.#now, task.at);
    task.run();
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
}
