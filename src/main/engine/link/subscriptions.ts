import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import type { SubscriptionNews } from '../../../shared/events.ts';
import { elapsedMs } from '../../../shared/units.ts';
import type { Asked } from './asked.ts';
import { AskingAgain } from './askingAgain.ts';
import { Served } from './served.ts';
import type { SessionCore } from './sessionCore.ts';
import type { StreamWatch } from './streamWatch.ts';
import { SubscribeQueue, saying } from './subscribeQueue.ts';
import { type Entry, identityOf, isGivenUp, isListed, isRaw, piecesOf, unsent } from './subscriptionEntry.ts';
import { Unsubscribes } from './unsubscribes.ts';

/** An ack that comes later than after so many more tries is not looked for. */
const KEPT_IDS = 8;

/**
 * The subscriptions of one socket: sent in order, paced to the venue's limit, each until it is acked or given up.
 *
 * 1. What is wanted belongs to the link; this only tracks what this socket was told, so nothing is lost with it.
 * 2. A wanted subscription is sent once, and once more if its ack does not come in time.
 * 3. Data decide, the ack is a hint: one whose own data have come is served, whatever was said of it (incident 15).
 * 4. One that was given up, and is not served, is asked for again, ever more rarely; until that is answered it stays so.
 */
export class Subscriptions {
  readonly served: Served;
  readonly #core: SessionCore;
  readonly #streams: StreamWatch;
  readonly #queue: SubscribeQueue;
  readonly #leaving: Unsubscribes;
  readonly #again: AskingAgain;

  #open = false;
  /** The message that stands for all has been said. */
  #wholeSaid = false;
  /** A message was sent whose answer is to be looked for, an ack came, or one was given up. */
  onProgress: () => void = () => undefined;

  constructor(core: SessionCore, streams: StreamWatch) {
    this.#core = core;
    this.#streams = streams;
    this.#queue = new SubscribeQueue(core);
    this.served = new Served(core, streams);
    this.#leaving = new Unsubscribes(this.#queue);
    this.#again = new AskingAgain(core, (due) => this.#askAgain(due));
    const now = core.clock.now();
    this.served.entries = core.config.subscriptions.map((subscription) => unsent(subscription, now));
  }

  get wanted(): number {
    return this.#entries.length;
  }

  get #entries(): readonly Entry[] {
    return this.served.entries;
  }

  get notInForce(): readonly string[] {
    return this.served.notInForce;
  }

  get asked(): ReadonlyMap<string, Asked> {
    return this.served.asked;
  }

  views(): ReturnType<Served['views']> {
    return this.served.views();
  }

  start(): void {
    this.#open = true;
    this.#queue.start();
    const { whole } = this.#core.dialect.preset;
    if (whole !== undefined) return this.#subscribeTogether(this.#entries, whole);
    this.#queue.together(() => {
      for (const entry of this.#entries) this.#subscribe(entry);
    });
  }

  /** Makes this socket want exactly `wanted`: the rest is unsubscribed, what is new is subscribed, the others stay. */
  change(wanted: readonly LinkSubscription[]): void {
    const kept = new Map(this.#entries.map((entry) => [identityOf(entry.subscription), entry]));
    const now = this.#core.clock.now();
    const next = wanted.map((subscription) => kept.get(identityOf(subscription)) ?? unsent(subscription, now));
    const dropped = this.#entries.filter((entry) => !next.includes(entry));
    this.served.entries = next;
    for (const entry of dropped) {
      entry.waiting = null;
      this.#again.forget(entry);
    }
    if (!this.#open) return;
    const fresh = next.filter(({ tries }) => tries === 0);
    const { whole } = this.#core.dialect.preset;
    if (whole !== undefined) this.#changeWhole(dropped, fresh, whole);
    else
      this.#queue.together(() => {
        for (const entry of dropped) if (this.served.mayBeHeld(entry)) this.#leaving.say(entry.subscription);
        for (const entry of fresh) this.#subscribe(entry);
      });
    this.onProgress();
  }

  /** Unsubscribes one and subscribes it anew: nothing that is said of it until then counts. */
  again(name: string): void {
    const entry = this.#entries.find((candidate) => candidate.subscription.name === name);
    if (entry === undefined || !this.#open) return;
    const { whole } = this.#core.dialect.preset;
    entry.tries = 0;
    entry.ids = [];
    entry.awaits = false;
    entry.countsFrom = null;
    this.#again.forget(entry);
    if (isGivenUp(entry)) this.#turn(entry, 'unsent');
    if (whole !== undefined) return this.#changeWhole([entry], [entry], whole);
    this.#leaving.say(entry.subscription);
    this.#subscribe(entry);
  }

  /** The venue greets. */
  greeted(frame: Buffer): void {
    this.#queue.greeted(frame);
  }

  ackCame(id: string): void {
    this.#leaving.acked(id);
    for (const entry of this.#entries) {
      if (entry.ids.includes(id) && entry.status !== 'acked') this.#settle(entry, 'acked', 'acked');
    }
  }

  refusalCame(id: string | null): void {
    if (id !== null && this.#leaving.refused(id, (left) => this.#isWanted(left))) return;
    const refused = this.served.takeRefused(id);
    const [first] = refused;
    if (first === undefined) return;
    if (id !== null && first.sentWith > 1) this.#inHalves(refused);
    else this.#refused(first);
  }

  #isWanted(left: LinkSubscription): boolean {
    return this.#entries.some(({ subscription }) => identityOf(subscription) === identityOf(left));
  }

  /** Of several that were refused together nobody can say which are meant; some of those may not be wanted any more. */
  #inHalves(refused: readonly Entry[]): void {
    this.#queue.together(() => {
      for (const entry of refused) {
        entry.most = Math.ceil(entry.sentWith / 2);
        // Another message, with two tries of its own; what was given up waits for no second one.
        if (entry.status === 'sent') entry.tries = 0;
        this.#subscribe(entry);
      }
    });
  }

  #refused(entry: Entry): void {
    entry.waiting = null;
    entry.most = 1;
    if (entry.status === 'refused') return;
    if (entry.againAt === null) this.#again.plan(entry);
    this.#settle(entry, 'refused', 'refused');
  }

  /** An ack without an id: it is of every subscription that waits for one and whose pieces it holds. */
  ackFrameCame(frame: Buffer): void {
    const { dialect } = this.#core;
    for (const entry of this.#entries) {
      if (entry.awaits && dialect.isAckOf(frame, entry.subscription)) this.#settle(entry, 'acked', 'acked');
    }
  }

  /** A data frame came: where the venue never acks, it is the confirmation. */
  dataCame(): void {
    if (this.#core.dialect.preset.ack.kind !== 'data') return;
    for (const entry of this.#entries) if (entry.status === 'sent') this.#settle(entry, 'acked', 'acked');
  }

  #subscribe(entry: Entry): void {
    const { subscribe, item } = entry.subscription;
    const message = saying('subscribe', subscribe, item === undefined ? [] : [item]);
    entry.tries += 1;
    entry.sentAt = null;
    entry.waiting = message;
    const onSent = (id: string, together: number): void => {
      entry.ids = [...entry.ids.slice(1 - KEPT_IDS), id];
      entry.sentWith = together;
      this.#sent(entry);
      if (isRaw(entry.subscription)) return this.#settle(entry, 'acked', null);
      this.#armAck();
      this.onProgress();
    };
    const most = item === undefined ? 1 : entry.most;
    this.#queue.add({ ...message, most, onSent, isNeeded: () => entry.waiting === message });
  }

  /** What was given up, once more; a venue that never acks says yes to it by no second refusal while data come. */
  #askAgain(due: readonly Entry[]): void {
    const { ack, whole } = this.#core.dialect.preset;
    const { dataAt } = this.#core.clocks;
    const isTaken = ({ awaits, sentAt }: Entry): boolean =>
      ack.kind === 'data' && awaits && sentAt !== null && dataAt !== null && dataAt >= sentAt;
    const out = due.filter((entry) => this.served.isOut(entry));
    for (const entry of out) if (isTaken(entry)) this.#settle(entry, 'acked', 'acked');
    const asked = out.filter(isGivenUp);
    if (whole !== undefined) return this.#changeWhole([], asked, whole);
    this.#queue.together(() => {
      for (const entry of asked) this.#subscribe(entry);
    });
  }

  /** One message for all: each replaces the one before, or, where the venue has them, only what is new or gone is said later. */
  #changeWhole(gone: readonly Entry[], fresh: readonly Entry[], whole: string): void {
    if (gone.length === 0 && fresh.length === 0) return;
    const { later } = this.#core.dialect.preset;
    if (later === undefined || !this.#wholeSaid) return this.#subscribeTogether(this.#entries, whole);
    const listed = gone.filter(isListed);
    const unsaid = saying('unsubscribe', later.remove, piecesOf(listed));
    if (listed.length > 0) this.#queue.add(unsaid);
    this.#subscribeTogether(fresh, later.add);
  }

  /** In one message, raw ones by themselves. */
  #subscribeTogether(entries: readonly Entry[], template: string): void {
    const listed = entries.filter(isListed);
    for (const entry of entries) if (!isListed(entry) && entry.tries === 0) this.#subscribe(entry);
    if (listed.length === 0) return;
    this.#wholeSaid = true;
    for (const entry of listed) entry.tries += 1;
    const onSent = (): void => {
      for (const entry of listed) this.#sent(entry);
      this.onProgress();
    };
    this.#queue.add({ ...saying('subscribe', template, piecesOf(listed)), onSent });
  }

  /** For the first that is due. Acks are timed only where the venue sends any. */
  #armAck(): void {
    if (this.#core.dialect.preset.ack.kind === 'data' || this.#core.timers.isArmed('ack')) return;
    const leftMs = Math.min(...this.#entries.map((entry) => this.#ackLeftMs(entry)));
    if (leftMs < Number.POSITIVE_INFINITY) this.#core.timers.arm('ack', leftMs, () => this.#checkAcks());
  }

  /** How long its ack may still take, ms; infinite where none is awaited. */
  #ackLeftMs({ status, sentAt }: Entry): number {
    if (status !== 'sent' || sentAt === null) return Number.POSITIVE_INFINITY;
    return this.#core.policy.ackTimeoutMs - elapsedMs(sentAt, this.#core.clock.now());
  }

  #checkAcks(): void {
    const late: Entry[] = [];
    for (const entry of this.#entries) {
      if (this.#ackLeftMs(entry) > 0) continue;
      if (entry.tries >= 2) {
        this.#again.plan(entry);
        this.#settle(entry, 'never-acked', 'never-acked');
        continue;
      }
      this.#core.listener.subscription(entry.subscription.name, 'ack-late-retried');
      late.push(entry);
    }
    this.#queue.together(() => {
      for (const entry of late) this.#subscribe(entry);
    });
    this.#armAck();
  }

  #sent(entry: Entry): void {
    const now = this.#core.clock.now();
    this.#streams.subscribed(entry.subscription.name, now);
    entry.waiting = null;
    // One message for all says again what was acknowledged.
    if (entry.status === 'acked' && entry.countsFrom !== null) return;
    entry.sentAt = now;
    entry.awaits = true;
    if (entry.againAt !== null) this.#again.plan(entry);
    if (entry.status === 'unsent') entry.askedAt = now;
    if (entry.countsFrom !== null) return;
    entry.countsFrom = now;
    this.#turn(entry, 'sent');
  }

  #turn(entry: Entry, status: Entry['status']): void {
    if (entry.status === status) return;
    entry.status = status;
    entry.since = this.#core.clock.now();
  }

  #settle(entry: Entry, status: Entry['status'], news: SubscriptionNews | null): void {
    if (status === 'acked') {
      entry.awaits = false;
      entry.waiting = null;
      if (isGivenUp(entry)) entry.askedAt = this.#core.clock.now();
      this.#again.forget(entry);
    }
    this.#turn(entry, status);
    if (news !== null) this.#core.listener.subscription(entry.subscription.name, news);
    this.onProgress();
  }
}
