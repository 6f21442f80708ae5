const FIRST_PLACES = 16;

/**
 * One number of each link, side by side in memory. Whoever looks at all links again and again reads here which of them
 * something has happened to: the links themselves lie apart, and with a thousand idle ones the way to each was what most time
 * went to.
 */
export class Revisions {
  /** By place. */
  numbers = new Float64Array(FIRST_PLACES);
  readonly #free: number[] = [];
  #places = 0;

  take(): Revision {
    const place = this.#free.pop() ?? this.#places;
    if (place === this.#places) this.#places += 1;
    if (place === this.numbers.length) this.numbers = grown(this.numbers, 2 * place);
    const revision = new Revision(this, place);
    // What was seen of the one before is of another link.
    revision.changed();
    return revision;
  }

  /** Nobody looks at its link any more. */
  release({ place }: Revision): void {
    this.#free.push(place);
  }
}

/** Another number: something that a view of the link shows may be another, each message included. Time alone does not change it. */
export class Revision {
  readonly place: number;
  readonly #all: Revisions;

  constructor(all: Revisions, place: number) {
    this.#all = all;
    this.place = place;
  }

  get number(): number {
    return this.#all.numbers[this.place] as number;
  }

  changed(): void {
    this.#all.numbers[this.place] = this.number + 1;
  }
}

/** What one who looks at all links has seen of each, and until when that stands. */
export class Glances {
  readonly #all: Revisions;
  #seen = new Float64Array(0);
  #until = new Float64Array(0);

  constructor(all: Revisions) {
    this.#all = all;
  }

  /** Something has happened to the link at that place since it was seen, or its time has come. */
  isDue(place: number, nowMs: number): boolean {
    return this.#seen[place] !== this.#all.numbers[place] || nowMs >= (this.#until[place] as number);
  }

  /** It was looked at when it had that number. Until then nothing but news is waited for. */
  saw(place: number, untilMs: number, number = this.#all.numbers[place] as number): void {
    const { numbers } = this.#all;
    if (place >= this.#seen.length) {
      this.#seen = grown(this.#seen, numbers.length);
      this.#until = grown(this.#until, numbers.length);
    }
    this.#seen[place] = number;
    this.#until[place] = untilMs;
  }
}

function grown(values: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size);
  larger.set(values);
  return larger;
}
