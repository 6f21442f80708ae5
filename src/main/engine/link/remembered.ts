import type { MonoMs } from '../../../shared/units.ts';
import type { Revision } from './revision.ts';

/** Time alone changes little: what is told of a link of which nothing was heard stands for so long. */
export const STANDS_MS = 3_000;

/** Something worked out of a link. It stands until the link's revision is another, or it has grown old. */
export class Remembered<T> {
  readonly #revision: Revision;
  #of = Number.NaN;
  #at = 0;
  #value: T | null = null;

  constructor(revision: Revision) {
    this.#revision = revision;
  }

  /** `null` if it must be worked out again: `keep` follows. */
  at(now: MonoMs): T | null {
    return this.#of === this.#revision.number && now - this.#at < STANDS_MS ? this.#value : null;
  }

  keep(now: MonoMs, value: T): T {
    this.#of = this.#revision.number;
    this.#at = now;
    this.#value = value;
    return value;
  }
}
