import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from './ports.ts';

/** All waiting of one owner: timers by name. Arming again replaces; after `stop` nothing runs and nothing can be armed. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  /** Only while something is armed: most owners of an idle link wait for nothing. */
  #armed: Map<Name, Cancel> | null = null;
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arm(name: Name, delayMs: number, task: () => void): void {
    this.#wait('at', name, delayMs, task);
  }

  /** For a wait whose end somebody waits for: right on average, where the others are late. */
  armSharp(name: Name, delayMs: number, task: () => void): void {
    this.#wait('sharp', name, delayMs, task);
  }

  /** For waits that need not be exact: a thousand of them wake the thread fifty times a second at most. */
  armAbout(name: Name, delayMs: number, task: () => void): void {
    this.#wait('about', name, delayMs, task);
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
    this.#drop(name);
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

  #wait(how: 'at' | 'about' | 'sharp', name: Name, delayMs: number, task: () => void): void {
    this.disarm(name);
    if (this.#stopped) return;
    const at = after(this.#clock.now(), Math.max(0, delayMs));
    this.#keep(
      name,
      this.#clock[how](at, () => this.#run(name, task)),
    );
  }

  #keep(name: Name, cancel: Cancel): void {
    this.#armed ??= new Map();
    this.#armed.set(name, cancel);
  }

  #run(name: Name, task: () => void): void {
    this.#drop(name);
    task();
  }

  #drop(name: Name): void {
    if (this.#armed?.delete(name) === true && this.#armed.size === 0) this.#armed = null;
  }
}
