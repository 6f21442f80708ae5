import type { LinkEvent } from '../../shared/events.ts';
import { Readers } from './readers.ts';

const KEPT_EVENTS = 500;

/** What has happened lately, in order and numbered, and who is told of it at once. */
export class EventLog {
  readonly #readers = new Readers<readonly LinkEvent[]>();
  #kept: LinkEvent[] = [];
  #seq = 0;

  add(news: Omit<LinkEvent, 'seq'>): LinkEvent {
    const event: LinkEvent = { seq: ++this.#seq, ...news };
    this.#kept.push(event);
    if (this.#kept.length > 2 * KEPT_EVENTS) this.#kept = this.#kept.slice(-KEPT_EVENTS);
    this.#readers.tell([event]);
    return event;
  }

  /** First what has happened so far, then each event as it comes. */
  follow(tell: (events: readonly LinkEvent[]) => void): () => void {
    const stop = this.#readers.add(tell);
    tell(this.#kept.slice(-KEPT_EVENTS));
    return stop;
  }
}
