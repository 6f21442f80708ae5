import type { LinkEvent } from '../../shared/events.ts';
import { keptEvents } from '../../shared/keptEvents.ts';
import type { Clock } from './ports.ts';
import { Readers } from './readers.ts';
import { Timers } from './timers.ts';

/** So many are told at a time: all at once would hold up a pong that comes meanwhile. */
const TOLD_AT_ONCE = 500;

/** What has happened lately, in order and numbered, and who is told of it at once. */
export class EventLog {
  readonly #readers = new Readers<readonly LinkEvent[]>();
  readonly #timers: Timers<`reader ${number}`>;
  #kept: LinkEvent[] = [];
  #seq = 0;
  #lastReader = 0;

  constructor(clock: Clock) {
    this.#timers = new Timers(clock);
  }

  add(news: Omit<LinkEvent, 'seq'>): LinkEvent {
    const event: LinkEvent = { seq: ++this.#seq, ...news };
    this.#kept.push(event);
    const kept = keptEvents(this.#kept);
    if (kept !== this.#kept) this.#kept = [...kept];
    this.#readers.tell([event]);
    return event;
  }

  /** First what has happened so far, the oldest at once; then each event as it comes. */
  follow(tell: (events: readonly LinkEvent[]) => void): () => void {
    const name = `reader ${++this.#lastReader}` as const;
    let stop = (): void => this.#timers.disarm(name);
    const tellFrom = (seq: number): void => {
      const rest = this.#kept.filter((event) => event.seq > seq);
      const piece = rest.slice(0, TOLD_AT_ONCE);
      if (rest.length > piece.length) this.#timers.armAfterInput(name, () => tellFrom(piece.at(-1)?.seq ?? seq));
      else stop = this.#readers.add(tell);
      tell(piece);
    };
    tellFrom(0);
    return () => stop();
  }

  /** Nobody is told what has happened so far any more. */
  stop(): void {
    this.#timers.stop();
  }
}
