import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from './ports.ts';

/** All waiting of one owner: timers by name. Arming again replaces; after `stop` nothing runs and nothing can be armed. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  readonly #armed = new Map<Name, Cancel>();
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arm(name: Name, delayMs: number, task: () => void): void {
    this.disarm(name);
    if (this.#stopped) return;
    const cancel = this.#clock.at(after(this.#clock.now(), Math.max(0, delayMs)), () => {
      this.#armed.delete(name);
      task();
    });
    this.#armed.set(name, cancel);
  }

  /** Calls `task` after the input that has already arrived, under the same ownership. */
  armAfterInput(name: Name, task: () => void): void {
    this.disarm(name);
    if (this.#stopped) return;
    const cancel = this.#clock.afterInput(() => {
      this.#armed.delete(name);
      task();
    });
    this.#armed.set(name, cancel);
  }

  disarm(name: Name): void {
    this.#armed.get(name)?.();
    this.#armed.delete(name);
  }

  disarmAll(): void {
    for (const cancel of this.#armed.values()) cancel();
    this.#armed.clear();
  }

  isArmed(name: Name): boolean {
    return this.#armed.has(name);
  }

  stop(): void {
    this.#stopped = true;
    this.disarmAll();
  }
}
