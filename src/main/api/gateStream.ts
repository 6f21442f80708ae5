import type { ApiSource } from './apiSource.ts';
import { allGates, gateOf, goneGate } from './gateBody.ts';
import { encodeEvent, MAX_WAITING_BYTES, type SseReader } from './sse.ts';

/** Changes that a reader who was away can still be told one by one. */
export const REMEMBERED_CHANGES = 1_000;

interface Change {
  readonly seq: number;
  readonly link: string;
  readonly bytes: Buffer;
}

interface Follower {
  readonly reader: SseReader;
  /** `null`: all links. */
  readonly link: string | null;
}

/**
 * Every change of a gate, numbered, to everybody who follows it, at once. An id is `RUN-NUMBER`: after a restart of
 * Warmwire, or when too much was missed, a returning reader gets everything anew instead of a gap.
 */
export class GateStream {
  readonly #source: ApiSource;
  readonly #run: string;
  readonly #followers = new Set<Follower>();
  readonly #changes: Change[] = [];
  #seq = 0;
  readonly #stop: () => void;

  /** `run`: another word for each run of the program. */
  constructor(source: ApiSource, run: string) {
    this.#source = source;
    this.#run = run;
    this.#stop = source.mirror.onGates((news) => {
      if (news === 'all') this.#allChanged();
      else for (const name of news) this.#changed(name);
    });
  }

  /** Adds a reader that has seen everything up to `lastEventId`, or nothing (`null`). */
  follow(reader: SseReader, link: string | null, lastEventId: string | null): void {
    const follower = { reader, link };
    const missed = lastEventId === null ? null : this.#since(lastEventId, link);
    reader.send(missed ?? this.#whole(link));
    this.#followers.add(follower);
    reader.onEnd(() => this.#followers.delete(follower));
  }

  stop(): void {
    this.#stop();
  }

  #changed(name: string): void {
    this.#seq += 1;
    const data = JSON.stringify(gateOf(this.#source, name) ?? goneGate(this.#source, name));
    const bytes = encodeEvent({ id: `${this.#run}-${this.#seq}`, name: 'gate', data });
    this.#changes.push({ seq: this.#seq, link: name, bytes });
    if (this.#changes.length > REMEMBERED_CHANGES) this.#changes.shift();
    for (const { reader, link } of this.#followers) if (link === null || link === name) reader.send(bytes);
  }

  #allChanged(): void {
    this.#seq += 1;
    this.#changes.length = 0;
    const whole = new Map<string | null, Buffer>();
    for (const { reader, link } of this.#followers) {
      const bytes = whole.get(link) ?? this.#whole(link);
      whole.set(link, bytes);
      reader.send(bytes);
    }
  }

  /** What came after this id, as one piece; `null` when that cannot be told, or is more than may wait for a reader. */
  #since(lastEventId: string, link: string | null): Buffer | null {
    const match = /^(.+)-(\d{1,15})$/.exec(lastEventId);
    if (match?.[1] !== this.#run) return null;
    const seen = Number(match[2]);
    const oldest = this.#seq - this.#changes.length;
    if (seen < oldest || seen > this.#seq) return null;
    const missed = this.#changes.filter((change) => change.seq > seen && (link === null || change.link === link));
    const size = missed.reduce((sum, { bytes }) => sum + bytes.length, 0);
    return size > MAX_WAITING_BYTES ? null : Buffer.concat(missed.map(({ bytes }) => bytes));
  }

  /** Everything as it is now: `gates` with all of them, or `gate` for a follower of one. */
  #whole(link: string | null): Buffer {
    const id = `${this.#run}-${this.#seq}`;
    if (link === null) return encodeEvent({ id, name: 'gates', data: JSON.stringify(allGates(this.#source)) });
    const gate = gateOf(this.#source, link) ?? goneGate(this.#source, link);
    return encodeEvent({ id, name: 'gate', data: JSON.stringify(gate) });
  }
}
