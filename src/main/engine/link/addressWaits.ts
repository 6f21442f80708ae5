import { SpareWaits, type SpareWaitsParts } from './spareWaits.ts';

interface AddressWaitsParts extends Omit<SpareWaitsParts, 'askedMs'> {
  /** For how long the venue has asked not to be dialled at this address, ms. */
  askedMs(url: string): number;
}

/** What the spare sockets of one kind wait for, by address: how one ended there says nothing of another. */
export class AddressWaits {
  readonly #is: AddressWaitsParts;
  /** Most links never have any: theirs are never lost. */
  #waits: Map<string, SpareWaits> | null = null;

  constructor(parts: AddressWaitsParts) {
    this.#is = parts;
  }

  of(url: string): SpareWaits {
    this.#waits ??= new Map();
    const known = this.#waits.get(url);
    if (known !== undefined) return known;
    const waits = new SpareWaits({ ...this.#is, askedMs: () => this.#is.askedMs(url) });
    this.#waits.set(url, waits);
    return waits;
  }

  get all(): Iterable<SpareWaits> {
    return this.#waits?.values() ?? [];
  }

  /** A person has done something about it. */
  anew(): void {
    for (const waits of this.all) waits.anew();
  }
}
