import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from './ports.ts';

/** All waiting of one owner: timers by name. Arming again replaces; after `stop` nothing runs and nothing can be armed. */
export class Timers<Name extends string> {
  readonly #clock: Clock;
  /** Most owners of an idle link wait for nothing, or for one thing: a map of it would be most of what they are. */
  #one: { readonly name: Name; readonly cancel: Cancel } | null = null;
  #others: Map<Name, Cancel> | null = null;
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
    this.armFor(name, (run) => this.#clock.afterInput(run), task);
  }

  /** The same for whatever is waited for: `begin` gets what is to run then, and answers how to give it up. */
  armFor(name: Name, begin: (run: () => void) => Cancel, task: () => void): void {
    this.disarm(name);
    if (this.#stopped) return;
    this.#keep(
      name,
      begin(() => this.#run(name, task)),
    );
  }

  disarm(name: Name): void {
    const cancel = this.#one?.name === name ? this.#one.cancel : this.#others?.get(name);
    cancel?.();
    this.#drop(name);
  }

  disarmAll(): void {
    this.#one?.cancel();
    for (const cancel of this.#others?.values() ?? []) cancel();
    this.#one = null;
    this.#others = null;
  }

  isArmed(name: Name): boolean {
    return this.#one?.name === name || (this.#others?.has(name) ?? false);
  }

  stop(): void {
    this.#stopped = true;
    this.disarmAll();
  }

  #wait(how: 'at' | 'about' | 'sharp', name: Name, delayMs: number, task: () => void): void {
    const at = after(this.#clock.now(), Math.max(0, delayMs));
    this.armFor(name, (run) => this.#clock[how](at, run), task);
  }

  #keep(name: Name, cancel: Cancel): void {
    if (this.#one === null) {
      this.#one = { name, cancel };
      return;
    }
    this.#others ??= new Map();
    this.#others.set(name, cancel);
  }

  #run(name: Name, task: () => void): void {
    this.#drop(name);
    task();
  }

  #drop(name: Name): void {
    if (this.#one?.name === name) this.#one = null;
    else if (this.#others?.delete(name) === true && this.#others.size === 0) this.#others = null;
  }
}
