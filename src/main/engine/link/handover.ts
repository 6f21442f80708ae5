import type { NumberSpan } from './sequence.ts';

/** The most messages that are kept of one subscription and socket. */
const KEPT = 200_000;

/** What tells a message from every other of its subscription, and where it stands among them; `null`: that is not known. */
export interface MessageMark {
  readonly key: string;
  readonly span: NumberSpan | null;
  /** Numbers rise by one: a hole says how many are missing. */
  readonly counted: boolean;
}

/** The messages of one subscription on one socket, by what tells them apart. */
type Seen = Map<string, MessageMark>;

/**
 * What the overlap of two sockets proves (row L12): every message of a watched subscription that either of them brought,
 * counted once.
 */
export class Handover {
  readonly #old = new Map<string, Seen>();
  readonly #new = new Map<string, Seen>();
  readonly #oldGeneration: number;

  /** Begin it before the new socket is dialled. */
  constructor(oldGeneration: number) {
    this.#oldGeneration = oldGeneration;
  }

  note(generation: number, name: string, mark: MessageMark): void {
    const side = generation === this.#oldGeneration ? this.#old : this.#new;
    const seen: Seen = side.get(name) ?? new Map();
    side.set(name, seen);
    if (seen.size < KEPT) seen.set(mark.key, mark);
  }

  /** What neither socket brought although it lies between others, and what both brought. `null`: nothing is numbered. */
  proof(): { readonly missed: number | null; readonly duplicates: number } {
    let duplicates = 0;
    let missed: number | null = null;
    for (const [name, fresh] of this.#new) {
      const old = this.#old.get(name);
      if (old === undefined) continue;
      for (const key of fresh.keys()) if (old.has(key)) duplicates += 1;
      const holes = holesOf([...new Map([...old, ...fresh]).values()]);
      if (holes !== null) missed = (missed ?? 0) + holes;
    }
    return { missed, duplicates };
  }
}

function holesOf(marks: readonly MessageMark[]): number | null {
  const spans = marks.flatMap(({ span }) => (span === null ? [] : [span]));
  if (spans.length === 0) return null;
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
