import type { SequenceCounts } from '../../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

/** How long a missing number may come late before it is a gap. */
const REORDER_MS = 1_000;
/** A number so far below the last one is a new count, not an old message. */
const RESET_DISTANCE = 10_000n;
/** The most missing numbers that are remembered one by one. */
const HELD = 1_000;

/** What one message's number says. A gap is told when its numbers did not come within the reordering window. */
export type SequenceNews = 'next' | 'first' | 'ahead' | 'reordered' | 'duplicate' | 'reset';

/**
 * Row L15: the numbers of one subscription, which rise by one.
 *
 * 1. A socket's first number begins a count; so does one far below the last, or 1, if its successor follows it.
 * 2. Numbers that are skipped are waited for; only when they stay away are they missing.
 */
export class SequenceWatch {
  #last: bigint | null = null;
  /** A number that would begin a new count, if the next one follows it. */
  #restart: bigint | null = null;
  /** Skipped numbers that may still come, with the time they were missed. */
  readonly #awaited = new Map<bigint, MonoMs>();
  #gaps = 0;
  #missing = 0;
  #duplicates = 0;
  #reordered = 0;
  #resets = 0;

  /** A new socket counts anew. */
  newSocket(): void {
    this.#last = null;
    this.#restart = null;
    this.#awaited.clear();
  }

  note(source: string, now: MonoMs): SequenceNews | null {
    const number = parse(source);
    if (number === null) return null;
    const last = this.#last;
    if (last === null) {
      this.#last = number;
      return 'first';
    }
    const restart = this.#restart;
    this.#restart = null;
    if (restart !== null && number === restart + 1n) {
      // What looked like an old message was the first of a new count.
      this.#duplicates -= 1;
      this.#resets += 1;
      this.#awaited.clear();
      this.#last = number;
      return 'reset';
    }
    if (number === last + 1n) {
      this.#last = number;
      return 'next';
    }
    if (number > last) {
      let skipped = last + 1n;
      for (; skipped < number && this.#awaited.size < HELD; skipped += 1n) this.#awaited.set(skipped, now);
      this.#missing += Number(number - skipped);
      this.#last = number;
      return 'ahead';
    }
    if (this.#awaited.delete(number)) {
      this.#reordered += 1;
      return 'reordered';
    }
    this.#duplicates += 1;
    if (number <= 1n || last - number > RESET_DISTANCE) this.#restart = number;
    return 'duplicate';
  }

  /** Numbers that have been away for too long: how many of them are now missing. Call about once a second. */
  settle(now: MonoMs): number {
    let lost = 0;
    for (const [number, since] of this.#awaited) {
      if (elapsedMs(since, now) < REORDER_MS) continue;
      this.#awaited.delete(number);
      lost += 1;
    }
    if (lost > 0) this.#gaps += 1;
    this.#missing += lost;
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
}

function parse(source: string): bigint | null {
  const digits = source.startsWith('"') ? source.slice(1, -1) : source;
  return /^-?\d{1,30}$/.test(digits) ? BigInt(digits) : null;
}
