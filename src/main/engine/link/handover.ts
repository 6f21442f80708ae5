import type { NumberSpan } from './sequence.ts';

/** Of one subscription and socket at least so many of the newest messages are kept, and at most twice as many. */
const KEPT = 100_000;

/** What tells a message from every other of its subscription, and where it stands among them; `null`: that is not known. */
export interface MessageMark {
  readonly key: string;
  readonly span: NumberSpan | null;
  /** Numbers rise by one: a hole says how many are missing. */
  readonly counted: boolean;
}

type Marks = Map<string, MessageMark>;

/** The messages of one subscription on one socket, by what tells them apart. */
interface Seen {
  /** The ones before those in `newer`: forgotten all at once, since taking out one at a time costs a search each. */
  older: Marks;
  newer: Marks;
  /** Numbers up to here are not kept any more. */
  forgottenTo: bigint | null;
}

/**
 * What the overlap of two sockets proves (row L12): every message of a watched subscription that either of them brought,
 * counted once.
 */
export class Handover {
  readonly #old = new Map<string, Seen>();
  readonly #new = new Map<string, Seen>();
  readonly #oldGeneration: number;
  readonly #newGeneration: number;

  /** Begin it before the new socket is open. */
  constructor(oldGeneration: number, newGeneration: number) {
    this.#oldGeneration = oldGeneration;
    this.#newGeneration = newGeneration;
  }

  /** A standby brings the same messages: they prove nothing. */
  note(generation: number, name: string, mark: MessageMark): void {
    const side = generation === this.#oldGeneration ? this.#old : this.#new;
    if (side === this.#new && generation !== this.#newGeneration) return;
    const seen: Seen = side.get(name) ?? { older: new Map(), newer: new Map(), forgottenTo: null };
    side.set(name, seen);
    seen.newer.set(mark.key, mark);
    if (seen.newer.size === KEPT) forgetOlder(seen);
  }

  /** What neither socket brought although it lies between others, and what both brought. `null`: nothing is numbered. */
  proof(): { readonly missed: number | null; readonly duplicates: number } {
    let duplicates = 0;
    let missed: number | null = null;
    for (const [name, seen] of this.#new) {
      const before = this.#old.get(name);
      if (before === undefined) continue;
      const [old, fresh] = [marksOf(before), marksOf(seen)];
      for (const key of fresh.keys()) if (old.has(key)) duplicates += 1;
      const holes = holesOf([...new Map([...old, ...fresh]).values()], forgottenBy(before, seen));
      if (holes !== null) missed = (missed ?? 0) + holes;
    }
    return { missed, duplicates };
  }
}

function forgetOlder(seen: Seen): void {
  for (const { span } of seen.older.values()) {
    if (span !== null && (seen.forgottenTo === null || span.to > seen.forgottenTo)) seen.forgottenTo = span.to;
  }
  seen.older = seen.newer;
  seen.newer = new Map();
}

const marksOf = ({ older, newer }: Seen): Marks => new Map([...older, ...newer]);

/** Up to here one of the two is not known any more. */
function forgottenBy(one: Seen, other: Seen): bigint | null {
  if (one.forgottenTo === null || other.forgottenTo === null) return one.forgottenTo ?? other.forgottenTo;
  return one.forgottenTo > other.forgottenTo ? one.forgottenTo : other.forgottenTo;
}

/** Numbers up to `forgottenTo` are left out: a hole between what is kept of the one and of the other is none. */
function holesOf(marks: readonly MessageMark[], forgottenTo: bigint | null): number | null {
  const known = marks.flatMap(({ span }) => (span === null ? [] : [span]));
  if (known.length === 0) return null;
  const spans = known.filter(({ to }) => forgottenTo === null || to > forgottenTo);
  const counted = marks[0]?.counted ?? true;
  spans.sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0));
  let holes = 0;
  let reached: bigint | null = null;
  for (const { from, to } of spans) {
    if (reached !== null && from !== null && from > reached) holes += counted ? Number(from - reached) : 1;
    reached = to;
  }
  return holes;
}
