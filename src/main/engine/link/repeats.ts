import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { jsonField } from './jsonField.ts';

/** Longer frames are not compared. */
const COMPARED_BYTES = 4_096;
/** Fewer alike are no replay: some venues say now and then that nothing has changed. */
const RUN_FRAMES = 5;
/** So many of the newest identities are kept at least, and at most twice as many. */
const KEPT = 256;
/** So long after a subscription was sent a snapshot may bring once more what has come already. */
const SNAPSHOT_MS = 5_000;

const NOTHING = Buffer.alloc(0);

/** What one subscription brings more than once: the same frame again and again (incident 2), and messages twice (incident 13). */
export class Repeats {
  readonly #comparesFrames: boolean;
  readonly #identity: readonly string[] | null;
  #last: Buffer = NOTHING;
  #lastLength = 0;
  #run = 0;
  #runFrom: MonoMs | null = null;
  #runTo: MonoMs | null = null;
  #older = new Set<string>();
  #newer = new Set<string>();
  #identifiesFrom = 0;
  #twice = 0;

  /** `identity`: where it stands in a message; `null`: nobody knows. */
  constructor(comparesFrames: boolean, identity: readonly string[] | null) {
    this.#comparesFrames = comparesFrames;
    this.#identity = identity;
  }

  /** The subscription was sent, perhaps again. */
  subscribed(now: MonoMs): void {
    this.#older.clear();
    this.#newer.clear();
    this.#identifiesFrom = now + SNAPSHOT_MS;
  }

  /** A frame of it came that is looked at. */
  note(frame: Buffer, now: MonoMs): void {
    if (this.#comparesFrames) this.#compare(frame, now);
    if (this.#identity !== null && now >= this.#identifiesFrom) this.#identify(frame, this.#identity);
  }

  /** For how long every frame has been the one before, byte for byte, ms. */
  get sameForMs(): number {
    if (this.#run < RUN_FRAMES || this.#runFrom === null || this.#runTo === null) return 0;
    return elapsedMs(this.#runFrom, this.#runTo);
  }

  /** Messages that came once more. */
  get twice(): number {
    return this.#twice;
  }

  #compare(frame: Buffer, now: MonoMs): void {
    this.#runTo = now;
    const { length } = frame;
    if (length === this.#lastLength && frame.compare(this.#last, 0, length) === 0) {
      this.#run += 1;
      return;
    }
    this.#runFrom = now;
    this.#run = 1;
    this.#lastLength = length > COMPARED_BYTES ? 0 : length;
    if (this.#lastLength > this.#last.length) this.#last = Buffer.allocUnsafeSlow(Math.min(COMPARED_BYTES, 2 * length));
    frame.copy(this.#last, 0, 0, this.#lastLength);
  }

  #identify(frame: Buffer, path: readonly string[]): void {
    const key = jsonField(frame.toString('utf8'), path);
    if (key === null) return;
    if (this.#newer.has(key) || this.#older.has(key)) {
      this.#twice += 1;
      return;
    }
    this.#newer.add(key);
    if (this.#newer.size < KEPT) return;
    const emptied = this.#older;
    emptied.clear();
    this.#older = this.#newer;
    this.#newer = emptied;
  }
}
