import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

/** Time alone changes little: what is told of a link of which nothing was heard stands for so long. */
const STANDS_MS = 3_000;

/** Something worked out of a link. It stands until the link's revision is another, or it has grown old. */
export class Remembered<T> {
  #known: { readonly revision: number; readonly at: MonoMs; readonly value: T } | null = null;

  /** `null` if it must be worked out again: `keep` follows. */
  at(revision: number, now: MonoMs): T | null {
    const known = this.#known;
    return known?.revision === revision && elapsedMs(known.at, now) < STANDS_MS ? known.value : null;
  }

  keep(revision: number, now: MonoMs, value: T): T {
    this.#known = { revision, at: now, value };
    return value;
  }
}
