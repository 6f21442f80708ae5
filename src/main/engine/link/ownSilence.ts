import { elapsedMs, type MonoMs, monoMs } from '../../../shared/units.ts';
import { SNAPSHOT_MS } from './freshness.ts';

/** So many times its longest silence is unusual. */
const TIMES = 3;
/** Fewer messages say nothing of how long it may be silent. */
const KNOWN_FROM = 20;

/** How long one subscription has been silent at times, on this socket: a symbol that trades every 90 s is not mute after 60 (row L5). */
export class OwnSilence {
  #messages = 0;
  #longestMs = 0;
  #since: MonoMs | null = null;
  #learnsFrom = 0;

  /** It was sent, perhaps again: what comes right after may be a snapshot, and says nothing of its silence. */
  asked(now: MonoMs): void {
    this.#since ??= now;
    this.#learnsFrom = now + SNAPSHOT_MS;
  }

  /** Its silence before `from` was nobody's. */
  excuse(from: MonoMs): void {
    if (this.#since !== null) this.#since = monoMs(Math.max(this.#since, from));
  }

  /** Data of it came that are looked at. */
  note(now: MonoMs): void {
    this.#messages += 1;
    if (this.#since !== null && now > this.#learnsFrom)
      this.#longestMs = Math.max(this.#longestMs, elapsedMs(this.#since, now));
    this.#since = now;
  }

  /** Silence that is unusual for it, ms; 0 where it never was silent for long. */
  get unusualMs(): number {
    return TIMES * this.#longestMs;
  }

  /** Enough of it has come to say so. */
  get isKnown(): boolean {
    return this.#messages >= KNOWN_FROM;
  }
}
