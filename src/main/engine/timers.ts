import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from './ports.ts';

/** All waiting of one owner: timers by name. Arming again replaces; after `stop` nothing runs and nothing can be armed. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  /** Made when it is first needed: most owners of an idle link never wait. */
  #armed: Map<Name, Cancel> | null = null;
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arm(name: Name, delayMs: number, task: () => void): void {
    this.disarm(name);
    if (this.#stopped) return;
    const at = after(this.#clock.now(), Math.max(0, delayMs));
    this.#keep(
      name,
      this.#clock.at(at, () => this.#run(name, task)),
    );
  }

  /** Calls `task` after the input that has already arrived, under the same ownership. */
  armAfterInput(name: Name, task: () => void): void {
    this.disarm(name);
    if (this.#stopped) return;
    this.#keep(
      name,
      this.#clock.afterInput(() => this.#run(name, task)),
    );
  }

  disarm(name: Name): void {
    this.#armed?.get(name)?.();
    this.#armed?.delete(name);
  }

  disarmAll(): void {
    for (const cancel of this.#armed?.values() ?? []) cancel();
    this.#armed = null;
  }

  isArmed(name: Name): boolean {
    return this.#armed?.has(name) ?? false;
  }

  stop(): void {
    this.#stopped = true;
    this.disarmAll();
  }

  #keep(name: Name, cancel: Cancel): void {
    this.#armed ??= new Map();
    this.#armed.set(name, cancel);
  }

  #run(name: Name, task: () => void): void {
    this.#armed?.delete(name);
    task();
  }
}
