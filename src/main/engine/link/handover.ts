/** The most numbers that are kept of one subscription and socket. */
const KEPT = 200_000;

/**
 * What the overlap of two sockets proves (row L12): every message of a watched subscription that either of them brought,
 * counted once.
 */
export class Handover {
  readonly #old = new Map<string, Set<string>>();
  readonly #new = new Map<string, Set<string>>();
  readonly #oldGeneration: number;

  /** Begin it before the new socket is dialled. */
  constructor(oldGeneration: number) {
    this.#oldGeneration = oldGeneration;
  }

  note(generation: number, name: string, source: string): void {
    const side = generation === this.#oldGeneration ? this.#old : this.#new;
    const numbers = side.get(name) ?? new Set<string>();
    side.set(name, numbers);
    if (numbers.size < KEPT) numbers.add(source);
  }

  /** Numbers that neither socket brought although they lie between others, and those that both brought. */
  proof(): { readonly missed: number | null; readonly duplicates: number } {
    let duplicates = 0;
    let missed: number | null = null;
    for (const [name, fresh] of this.#new) {
      const old = this.#old.get(name);
      if (old === undefined) continue;
      for (const source of fresh) if (old.has(source)) duplicates += 1;
      missed = (missed ?? 0) + holes(new Set([...old, ...fresh]));
    }
    return { missed, duplicates };
  }
}

function holes(sources: ReadonlySet<string>): number {
  let lowest: bigint | null = null;
  let highest: bigint | null = null;
  let count = 0;
  for (const source of sources) {
    const digits = source.replaceAll('"', '');
    if (!/^-?\d+$/.test(digits)) continue;
    const number = BigInt(digits);
    count += 1;
    if (lowest === null || number < lowest) lowest = number;
    if (highest === null || number > highest) highest = number;
  }
  return lowest === null || highest === null ? 0 : Number(highest - lowest + 1n) - count;
}
