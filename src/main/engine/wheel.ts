import { type MonoMs, monoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from './ports.ts';

/** How late a wait on the wheel may be, ms: one beat of the stall meter, which is on it too. */
export const GRAIN_MS = 20;

/**
 * Waits that need not be exact, by the thousand: a machine is woken once for all that are due within one grain.
 *
 * 1. Each runs once, not before its time and at most a grain after it, the earlier grains first; a cancelled one never.
 * 2. One timer of the clock is armed while anything waits, and none otherwise.
 */
export class Wheel {
  readonly #clock: Pick<Clock, 'now' | 'at'>;
  /** By the number of the grain at whose end they are due. */
  readonly #waiting = new Map<number, Set<{ readonly task: () => void }>>();
  #cancel: Cancel = () => undefined;
  /** The first grain that the clock is armed for. */
  #armedFor = Number.POSITIVE_INFINITY;
  /** What is armed by a task waits for another turn, or the wheel might never stop. */
  #turned = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'now' | 'at'>) {
    this.#clock = clock;
  }

  at(at: MonoMs, task: () => void): Cancel {
    const grain = Math.max(Math.ceil(at / GRAIN_MS), this.#turned + 1);
    const due = this.#waiting.get(grain) ?? new Set();
    const wait = { task };
    this.#waiting.set(grain, due.add(wait));
    if (grain < this.#armedFor) this.#arm(grain);
    return () => {
      if (!due.delete(wait) || due.size > 0 || this.#waiting.get(grain) !== due) return;
      this.#waiting.delete(grain);
      if (this.#waiting.size === 0) this.#arm(Number.POSITIVE_INFINITY);
    };
  }

  #arm(grain: number): void {
    this.#cancel();
    this.#armedFor = grain;
    this.#cancel =
      grain === Number.POSITIVE_INFINITY
        ? () => undefined
        : this.#clock.at(monoMs(grain * GRAIN_MS), () => this.#turn());
  }

  #turn(): void {
    this.#turned = Math.max(this.#armedFor, Math.floor(this.#clock.now() / GRAIN_MS));
    this.#armedFor = Number.NEGATIVE_INFINITY;
    for (let grain = this.#first(); grain <= this.#turned; grain = this.#first()) {
      const due = this.#waiting.get(grain);
      for (const wait of due ?? []) {
        due?.delete(wait);
        wait.task();
      }
      this.#waiting.delete(grain);
    }
    this.#arm(this.#first());
  }

  #first(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const grain of this.#waiting.keys()) first = Math.min(first, grain);
    return first;
  }
}
