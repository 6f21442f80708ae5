import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import { elapsedMs } from '../../../shared/units.ts';
import type { Asked } from './asked.ts';
import type { SessionCore } from './sessionCore.ts';
import type { StreamWatch } from './streamWatch.ts';
import { type Entry, isGivenUp } from './subscriptionEntry.ts';

/** How far the subscriptions of a socket are, all together. */
export interface SubscriptionProgress {
  /** Acknowledged, or proved by their own data. */
  readonly acked: number;
  /** Every subscription has its answer, or will not get one; data are one, and the ack is still awaited, and reported. */
  readonly settled: boolean;
  /** A message was sent whose answer has not come. */
  readonly awaitsAcks: boolean;
}

/** Which subscriptions of one socket are served: what the venue has said of each, and what has come of it since. */
export class Served {
  readonly #core: SessionCore;
  readonly #streams: StreamWatch;
  entries: readonly Entry[] = [];

  constructor(core: SessionCore, streams: StreamWatch) {
    this.#core = core;
    this.#streams = streams;
  }

  /** In one pass: there may be a thousand. */
  get progress(): SubscriptionProgress {
    let [acked, settled, awaitsAcks] = [0, true, false];
    for (const entry of this.entries) {
      if (entry.status === 'acked' || this.#hasData(entry)) acked += 1;
      else if (entry.status === 'unsent' || (entry.status === 'sent' && !this.flows(entry))) settled = false;
      if (entry.awaits) awaitsAcks = true;
    }
    return { acked, settled, awaitsAcks };
  }

  /** Refused, or not answered after a second try, and no data have come that may be of them. */
  get notInForce(): readonly string[] {
    return this.entries.filter((entry) => this.isOut(entry)).map(nameOf);
  }

  /** The same, and no data have come that are their own. */
  get unproved(): readonly string[] {
    return this.entries.filter((entry) => isGivenUp(entry) && !this.#hasData(entry)).map(nameOf);
  }

  views(): readonly Pick<SubscriptionView, 'name' | 'status' | 'since' | 'againAt'>[] {
    return this.entries.map((entry) => {
      const { status, since, againAt } = entry;
      return { name: nameOf(entry), status, since, againAt: this.isOut(entry) ? againAt : null };
    });
  }

  /** Since when data of each may be expected. */
  get asked(): ReadonlyMap<string, Asked> {
    return new Map(
      this.entries.map((entry) => [
        nameOf(entry),
        { at: entry.askedAt, isSent: entry.status !== 'unsent', isOut: this.isOut(entry) },
      ]),
    );
  }

  /** Given up, and nothing that has come says otherwise. */
  isOut(entry: Entry): boolean {
    return isGivenUp(entry) && !this.flows(entry);
  }

  /** The venue may bring it: it was asked for it, and has not said no to each try. */
  mayBeHeld(entry: Entry): boolean {
    return entry.status === 'acked' || entry.awaits || entry.ids.length > 0 || this.flows(entry);
  }

  /** Its own data have come, or after one ack timeout data that may be: what comes where nothing else is wanted. */
  flows(entry: Entry): boolean {
    if (this.#streams.isTold(nameOf(entry))) return this.#hasData(entry);
    const alone = this.entries.length === 1 && entry.status !== 'refused' && entry.tries >= 2;
    return alone && this.#core.clocks.dataAt !== null;
  }

  /** A message was refused, which is no try any more. Those whose last one it was have their answer. */
  takeRefused(id: string | null): readonly Entry[] {
    const oldest = id === null ? this.#oldestAwaited() : undefined;
    const said = id ?? oldest?.ids.at(-1);
    const refused = oldest === undefined ? this.entries.filter((one) => one.awaits && one.ids.at(-1) === id) : [oldest];
    for (const entry of refused) entry.awaits = false;
    for (const entry of this.entries) entry.ids = entry.ids.filter((one) => one !== said);
    return refused;
  }

  /** What a refusal without an id is taken to be of. */
  #oldestAwaited(): Entry | undefined {
    const waiting = this.entries.filter((entry) => this.#mayAnswer(entry));
    return waiting.toSorted((one, other) => (one.sentAt ?? 0) - (other.sentAt ?? 0))[0];
  }

  /** Its answer is not late. */
  #mayAnswer({ awaits, status, sentAt }: Entry): boolean {
    const { clock, policy } = this.#core;
    if (!awaits || status === 'sent' || sentAt === null) return awaits && status === 'sent';
    return elapsedMs(sentAt, clock.now()) <= policy.ackTimeoutMs;
  }

  /** Since it was asked for: after a silence it is subscribed anew. */
  #hasData(entry: Entry): boolean {
    if (entry.countsFrom === null) return false;
    const dataAt = this.#streams.dataAt(nameOf(entry));
    return dataAt !== null && dataAt >= entry.countsFrom;
  }
}

const nameOf = ({ subscription }: Entry): string => subscription.name;
