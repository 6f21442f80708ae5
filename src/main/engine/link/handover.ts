import { ownText } from './jsonField.ts';
import type { NumberSpan } from './sequence.ts';
import { Stretches } from './stretches.ts';

/** So many of the newest messages of a link are kept at least, and at most twice as many. */
const KEPT = 30_000;

/** What tells a message from every other of its subscription, and where it stands among them; `null`: that is not known. */
export interface MessageMark {
  readonly key: string;
  readonly span: NumberSpan | null;
  /** Numbers rise by one: a hole says how many are missing. */
  readonly counted: boolean;
}

/** Which of the two sockets: bits, so that both are their sum. */
const OLD = 1;
const NEW = 2;
const BOTH = OLD + NEW;

interface Brought {
  by: number;
  /** What either has brought; `null` where nothing is numbered. */
  numbers: Stretches | null;
}

/**
 * What the overlap of two sockets proves (row L12): every message of a watched subscription that either of them brought,
 * counted once. It is counted as they come: at the end there is nothing to look through.
 */
export class Handover {
  readonly #oldGeneration: number;
  readonly #newGeneration: number;
  readonly #brought = new Map<string, Brought>();
  /** The messages by what tells them apart, and who brought them. */
  #newer = new Map<string, number>();
  /** The ones before those: forgotten all at once, since taking out one at a time costs a search each. */
  #older = new Map<string, number>();
  #duplicates = 0;

  /** Begin it before the new socket is open. */
  constructor(oldGeneration: number, newGeneration: number) {
    this.#oldGeneration = oldGeneration;
    this.#newGeneration = newGeneration;
  }

  /** A standby brings the same messages: they prove nothing. */
  note(generation: number, name: string, { key, span, counted }: MessageMark): void {
    const side = generation === this.#oldGeneration ? OLD : generation === this.#newGeneration ? NEW : 0;
    if (side === 0) return;
    this.#tell(`${name} ${key}`, side);
    const brought = this.#brought.get(name) ?? { by: 0, numbers: null };
    this.#brought.set(name, brought);
    brought.by |= side;
    if (span === null) return;
    brought.numbers ??= new Stretches(counted);
    brought.numbers.add(span);
  }

  /** What neither socket brought although it lies between others, and what both brought. `null`: nothing is numbered. */
  proof(): { readonly missed: number | null; readonly duplicates: number } {
    let missed: number | null = null;
    for (const { by, numbers } of this.#brought.values()) {
      if (by === BOTH && numbers !== null) missed = (missed ?? 0) + numbers.missed;
    }
    return { missed, duplicates: this.#duplicates };
  }

  #tell(message: string, side: number): void {
    const by = this.#newer.get(message) ?? this.#older.get(message) ?? 0;
    if ((by & side) !== 0) return;
    if (by !== 0) this.#duplicates += 1;
    this.#newer.set(ownText(message), by | side);
    if (this.#newer.size < KEPT) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
