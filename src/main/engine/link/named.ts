/** Fewer than this are found faster, and kept cheaper, in a row: most links have a handful of subscriptions. */
const WORTH_A_MAP = 8;

/** Things that are found by their name; of two alike the first. */
export class Named<T extends { readonly name: string }> {
  readonly all: readonly T[];
  readonly #byName: ReadonlyMap<string, T> | null;

  constructor(all: readonly T[]) {
    this.all = all;
    // Of two alike a map keeps the last.
    this.#byName = all.length < WORTH_A_MAP ? null : new Map(all.toReversed().map((one) => [one.name, one]));
  }

  at(name: string): T | undefined {
    return this.#byName === null ? this.all.find((one) => one.name === name) : this.#byName.get(name);
  }
}
