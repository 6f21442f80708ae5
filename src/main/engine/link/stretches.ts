import type { NumberSpan } from './sequence.ts';

/** More than this are not kept: what is missing above the lowest is waited for no more. */
const MOST = 256;

interface Stretch {
  /** After this number, up to `to`. */
  from: bigint;
  to: bigint;
  /** Its first message had no predecessor: before it nothing is missing. */
  begins: boolean;
}

/** The numbers that came, in whatever order and however often: a feed without loss is one stretch. */
export class Stretches {
  /** Numbers rise by one: a hole says how many are missing. */
  readonly #counted: boolean;
  /** The lowest first, with a hole between each two. */
  readonly #all: Stretch[] = [];
  #missed = 0;
  #settledTo: bigint | null = null;

  constructor(counted: boolean) {
    this.#counted = counted;
  }

  add(span: NumberSpan): void {
    if (this.#settledTo !== null && span.to <= this.#settledTo) return;
    const one: Stretch = { from: span.from ?? span.to, to: span.to, begins: span.from === null };
    const all = this.#all;
    let end = all.length;
    while (end > 0 && isBelow(one, all[end - 1])) end -= 1;
    let start = end;
    for (let low = all[start - 1]; low !== undefined && low.to >= one.from; low = all[start - 1]) {
      join(one, low);
      start -= 1;
    }
    for (let i = start; i <= end; i += 1) this.#missed -= this.#between(all[i - 1], all[i]);
    all.splice(start, end - start, one);
    this.#missed += this.#between(all[start - 1], one) + this.#between(one, all[start + 1]);
    if (all.length <= MOST) return;
    all.shift();
    this.#settledTo = all[0]?.from ?? null;
  }

  /** What is missing between the lowest and the highest. */
  get missed(): number {
    return this.#missed;
  }

  #between(low: Stretch | undefined, high: Stretch | undefined): number {
    if (low === undefined || high === undefined || high.begins) return 0;
    return this.#counted ? Number(high.from - low.to) : 1;
  }
}

const isBelow = ({ to }: Stretch, other: Stretch | undefined): boolean => other !== undefined && to < other.from;

/** Makes them one, of two that touch. */
function join(one: Stretch, other: Stretch): void {
  if (other.from < one.from) one.begins = other.begins;
  else if (other.from === one.from) one.begins ||= other.begins;
  one.from = one.from < other.from ? one.from : other.from;
  one.to = one.to > other.to ? one.to : other.to;
}
