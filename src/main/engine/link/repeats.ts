import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { SNAPSHOT_MS } from './freshness.ts';
import { jsonField, ownText } from './jsonField.ts';

/** Longer frames are not compared. */
const COMPARED_BYTES = 4_096;
/** Fewer alike are no replay: some venues say now and then that nothing has changed. */
const RUN_FRAMES = 5;
/** A replay goes on at the pace of the feed: what says more rarely that nothing has changed, ms, is none. */
const PACE_MS = 5_000;
/** So many of the newest identities are kept at least, and at most twice as many. */
const KEPT = 256;

const NOTHING = Buffer.alloc(0);

/** Whether one subscription brings the same frame again and again (incident 2). */
export class SameFrames {
  #last: Buffer = NOTHING;
  #lastLength = 0;
  #run = 0;
  #sameMs = 0;
  #changedAt: MonoMs | null = null;
  #at: MonoMs | null = null;

  /** A frame of it came that is looked at. */
  note(frame: Buffer, now: MonoMs): void {
    const { length } = frame;
    if (length === this.#lastLength && frame.compare(this.#last, 0, length) === 0) {
      const gapMs = elapsedMs(this.#at ?? now, now);
      this.#at = now;
      this.#run += 1;
      // A longer wait counts against it: one pause in a replay is not its end, and many are none.
      this.#sameMs = Math.max(0, this.#sameMs + (gapMs <= PACE_MS ? gapMs : -gapMs));
      return;
    }
    this.#at = now;
    this.#changedAt = now;
    this.#run = 1;
    this.#sameMs = 0;
    this.#lastLength = length > COMPARED_BYTES ? 0 : length;
    if (this.#lastLength > this.#last.length) this.#last = Buffer.allocUnsafeSlow(Math.min(COMPARED_BYTES, 2 * length));
    frame.copy(this.#last, 0, 0, this.#lastLength);
  }

  /** For how long every frame has been the one before, byte for byte, ms; 0 where nothing has come for `noticeMs`. */
  forMs(now: MonoMs, noticeMs: number): number {
    const goesOn = this.#run >= RUN_FRAMES && this.#at !== null && elapsedMs(this.#at, now) <= noticeMs;
    return goesOn ? this.#sameMs : 0;
  }

  /** When it brought another frame last. */
  get changedAt(): MonoMs | null {
    return this.#changedAt;
  }
}

/** Whether one subscription brings a message twice, by its identity (incident 13). */
export class Identities {
  readonly #path: readonly string[];
  #older = new Set<string>();
  #newer = new Set<string>();
  #from = 0;
  #twice = 0;

  /** `path`: where the identity stands in a message. */
  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /** The subscription was sent, perhaps again. */
  subscribed(now: MonoMs): void {
    this.#older.clear();
    this.#newer.clear();
    this.#from = now + SNAPSHOT_MS;
  }

  /** A frame of it came that is looked at. */
  note(frame: Buffer, now: MonoMs): void {
    if (now < this.#from) return;
    const key = jsonField(frame.toString('utf8'), this.#path);
    if (key === null) return;
    if (this.#newer.has(key) || this.#older.has(key)) {
      this.#twice += 1;
      return;
    }
    this.#newer.add(ownText(key));
    if (this.#newer.size < KEPT) return;
    const emptied = this.#older;
    emptied.clear();
    this.#older = this.#newer;
    this.#newer = emptied;
  }

  /** Messages that came once more. */
  get twice(): number {
    return this.#twice;
  }
}
