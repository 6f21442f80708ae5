import type { SequenceRule } from '../../../shared/preset.ts';
import type { SequenceCounts } from '../../../shared/subscriptionView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { jsonField } from './jsonField.ts';

/** How long a missing number may come late before it is a gap. */
const REORDER_MS = 1_000;
/** A number so far below the last one is a new count, not an old message. */
const RESET_DISTANCE = 10_000n;
/** The most holes that are waited for at a time. */
const HELD = 1_000;

/** What one message's number says. A gap is told when its numbers did not come within the reordering window. */
export type SequenceNews = 'next' | 'first' | 'ahead' | 'reordered' | 'duplicate' | 'reset';

/** The numbers that one message stands for: after `from`, up to `to`. `from` is `null` where it begins a new count. */
export interface NumberSpan {
  readonly from: bigint | null;
  readonly to: bigint;
}

interface Hole {
  readonly from: bigint;
  readonly to: bigint;
  readonly since: MonoMs;
}

/** What a message's fields say of its place; `null` if it has no number. */
export function spanOf(text: string, { field, first, previous }: SequenceRule): NumberSpan | null {
  const to = parse(jsonField(text, field.split('.')));
  if (to === null) return null;
  if (previous !== undefined) {
    const from = parse(jsonField(text, previous.split('.')));
    return { from: from === null || from < 0n ? null : from, to };
  }
  if (first === undefined) return { from: to - 1n, to };
  const begin = parse(jsonField(text, first.split('.')));
  return { from: (begin ?? to) - 1n, to };
}

/**
 * Row L15: the numbers of one subscription. Each message follows the one whose last number is its own `from`.
 *
 * 1. A socket's first number begins a count; so does a message without a predecessor, and one far below the last, or up
 *    to 1, if its successor follows it.
 * 2. Numbers that are skipped are waited for; only when they stay away are they missing.
 */
export class SequenceWatch {
  /** Numbers rise by one, so a hole says how many are missing; a chain of previous numbers only says that some are. */
  readonly #counted: boolean;
  #last: bigint | null = null;
  /** A number that would begin a new count, if the next one follows it. */
  #restart: bigint | null = null;
  #holes: Hole[] = [];
  #gaps = 0;
  #missing = 0;
  /** Missing since they were last told. */
  #untold = 0;
  #duplicates = 0;
  #reordered = 0;
  #resets = 0;

  constructor(counted = true) {
    this.#counted = counted;
  }

  /** A new socket counts anew. */
  newSocket(): void {
    this.#last = null;
    this.#restart = null;
    this.#holes = [];
  }

  note({ from, to }: NumberSpan, now: MonoMs): SequenceNews {
    const last = this.#last;
    const restart = this.#restart;
    this.#restart = null;
    if (last === null) return this.#stand(to, 'first');
    if (from === null) {
      this.#resets += 1;
      this.#holes = [];
      return this.#stand(to, 'reset');
    }
    if (restart !== null && from === restart) {
      // What looked like an old message was the first of a new count.
      this.#duplicates -= 1;
      this.#resets += 1;
      this.#holes = [];
      return this.#stand(to, 'reset');
    }
    if (from === last) return this.#stand(to, 'next');
    if (from > last) {
      this.#open({ from: last, to: from, since: now });
      return this.#stand(to, 'ahead');
    }
    // It begins before the last number and goes beyond it: a part of it was known.
    if (to > last) return this.#stand(to, 'next');
    if (this.#fill(from, to)) {
      this.#reordered += 1;
      return 'reordered';
    }
    this.#duplicates += 1;
    if (to <= 1n || last - to > RESET_DISTANCE) this.#restart = to;
    return 'duplicate';
  }

  /** Numbers that have been away for too long: how many are missing that were not told before. Call about once a second. */
  settle(now: MonoMs): number {
    while (this.#holes[0] !== undefined && elapsedMs(this.#holes[0].since, now) >= REORDER_MS) this.#giveUp();
    const lost = this.#untold;
    this.#untold = 0;
    return lost;
  }

  get counts(): SequenceCounts {
    return {
      gaps: this.#gaps,
      missing: this.#missing,
      duplicates: this.#duplicates,
      reordered: this.#reordered,
      resets: this.#resets,
    };
  }

  #stand(at: bigint, news: SequenceNews): SequenceNews {
    this.#last = at;
    return news;
  }

  #open(hole: Hole): void {
    this.#holes.push(hole);
    if (this.#holes.length > HELD) this.#giveUp();
  }

  /** The oldest hole is a gap. */
  #giveUp(): void {
    const hole = this.#holes.shift();
    if (hole === undefined) return;
    const missing = this.#counted ? Number(hole.to - hole.from) : 1;
    this.#gaps += 1;
    this.#missing += missing;
    this.#untold += missing;
  }

  /** True if a hole had room for these numbers; what is left of it stays open. */
  #fill(from: bigint, to: bigint): boolean {
    const index = this.#holes.findIndex((hole) => hole.from <= from && to <= hole.to);
    const hole = this.#holes[index];
    if (hole === undefined || from === to) return false;
    const left = [
      { ...hole, to: from },
      { ...hole, from: to },
    ].filter((part) => part.from < part.to);
    this.#holes.splice(index, 1, ...left);
    return true;
  }
}

function parse(source: string | null): bigint | null {
  if (source === null) return null;
  const digits = source.startsWith('"') ? source.slice(1, -1) : source;
  return /^-?\d{1,30}$/.test(digits) ? BigInt(digits) : null;
}
