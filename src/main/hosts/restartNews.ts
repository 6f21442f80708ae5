import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';

const TOLD_FOR_MS = 60 * 60_000;

/** Tells of the engine's last restart for an hour: after that it explains no count that looks too small. */
export class RestartNews {
  readonly #clock: Pick<Clock, 'now' | 'wall' | 'at'>;
  readonly #warn: (sentence: string | null) => void;
  #takeBack: Cancel = () => undefined;

  /** `null` takes the sentence back. */
  constructor(clock: Pick<Clock, 'now' | 'wall' | 'at'>, warn: (sentence: string | null) => void) {
    this.#clock = clock;
    this.#warn = warn;
  }

  died(why: string): void {
    this.#takeBack();
    const time = new Date(this.#clock.wall()).toTimeString().slice(0, 8);
    this.#warn(`the engine had to be restarted at ${time} (${why}); its counts since start are new`);
    this.#takeBack = this.#clock.at(after(this.#clock.now(), TOLD_FOR_MS), () => this.#warn(null));
  }

  stop(): void {
    this.#takeBack();
  }
}
