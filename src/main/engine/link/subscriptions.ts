import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import type { SubscriptionNews } from '../../../shared/events.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import { elapsedMs } from '../../../shared/units.ts';
import type { Asked } from './asked.ts';
import { fill } from './dialect.ts';
import type { SessionCore } from './sessionCore.ts';
import type { StreamWatch } from './streamWatch.ts';
import { SubscribeQueue, saying } from './subscribeQueue.ts';
import { ANY, type Entry, identityOf, isAwaited, isListed, isRaw, piecesOf, unsent } from './subscriptionEntry.ts';

/**
 * The subscriptions of one socket: sent in order, paced to the venue's limit, each until it is acked or given up.
 *
 * 1. What is wanted belongs to the link; this only tracks what this socket was told, so nothing is lost with it.
 * 2. A wanted subscription is sent once, and once more if its ack does not come in time.
 * 3. Data decide, the ack is a hint: one whose own data have come is served, whatever was said of it (incident 15).
 */
export class Subscriptions {
  readonly #core: SessionCore;
  readonly #streams: StreamWatch;
  readonly #queue: SubscribeQueue;

  #entries: Entry[];
  #open = false;
  /** The message that stands for all has been said. */
  #wholeSaid = false;
  /** A message was sent whose answer is to be looked for, an ack came, or one was given up. */
  onProgress: () => void = () => undefined;

  constructor(core: SessionCore, streams: StreamWatch) {
    this.#core = core;
    this.#streams = streams;
    this.#queue = new SubscribeQueue(core);
    const now = core.clock.now();
    this.#entries = core.config.subscriptions.map((subscription) => unsent(subscription, now));
  }

  get wanted(): number {
    return this.#entries.length;
  }

  /** Acknowledged, or proved by their own data. */
  get acked(): number {
    return this.#entries.filter((entry) => entry.status === 'acked' || this.#hasData(entry)).length;
  }

  /** Refused, or not answered after a second try, and no data have come that may be of them. */
  get notInForce(): readonly string[] {
    const given = this.#entries.filter(({ status }) => status === 'refused' || status === 'never-acked');
    return given.filter((entry) => !this.#flows(entry)).map(({ subscription }) => subscription.name);
  }

  /** A message was sent whose answer has not come. */
  get awaitsAcks(): boolean {
    return this.#entries.some(isAwaited);
  }

  /** Every subscription has its answer, or will not get one; data are one, and the ack is still awaited, and reported. */
  get settled(): boolean {
    return this.#entries.every((entry) => entry.status !== 'unsent' && (entry.status !== 'sent' || this.#flows(entry)));
  }

  /** Data that are its own, and since it was asked for: after a silence it is subscribed anew. */
  #hasData({ status, since, subscription: { name } }: Entry): boolean {
    const dataAt = this.#streams.dataAt(name);
    if (dataAt === null || since === null) return false;
    return status !== 'sent' || dataAt >= since;
  }

  /** The same, or after one ack timeout data that may be its own: what comes where nothing else is wanted. */
  #flows(entry: Entry): boolean {
    if (this.#streams.isTold(entry.subscription.name)) return this.#hasData(entry);
    const alone = this.#entries.length === 1 && entry.status !== 'refused' && entry.tries >= 2;
    return alone && this.#core.clocks.dataAt !== null;
  }

  views(): readonly Pick<SubscriptionView, 'name' | 'status' | 'since'>[] {
    return this.#entries.map(({ subscription, status, since }) => ({ name: subscription.name, status, since }));
  }

  /** Since when data of each may be expected. */
  get asked(): ReadonlyMap<string, Asked> {
    return new Map(
      this.#entries.map(({ subscription, status, askedAt }) => [
        subscription.name,
        { at: askedAt, isSent: status !== 'unsent' },
      ]),
    );
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
    this.#entries = next;
    if (!this.#open) return;
    const fresh = next.filter(({ tries }) => tries === 0);
    const { whole } = this.#core.dialect.preset;
    if (whole !== undefined) this.#changeWhole(dropped, fresh, whole);
    else
      this.#queue.together(() => {
        for (const { subscription } of dropped) this.#unsubscribe(subscription);
        for (const entry of fresh) this.#subscribe(entry);
      });
    this.onProgress();
  }

  /** Unsubscribes one and subscribes it anew. */
  again(name: string): void {
    const entry = this.#entries.find((candidate) => candidate.subscription.name === name);
    if (entry === undefined || !this.#open) return;
    const { whole } = this.#core.dialect.preset;
    entry.tries = 0;
    if (whole !== undefined) return this.#changeWhole([entry], [entry], whole);
    this.#unsubscribe(entry.subscription);
    this.#subscribe(entry);
  }

  /** The venue greets. */
  greeted(frame: Buffer): void {
    this.#queue.greeted(frame);
  }

  ackCame(id: string): void {
    for (const entry of this.#entries) {
      if (entry.ids.includes(id) && entry.status !== 'acked') this.#settle(entry, 'acked', 'acked');
    }
  }

  refusalCame(id: string | null): void {
    const refused = this.#entries.filter((candidate) =>
      id === null ? candidate.status === 'sent' : isAwaited(candidate) && candidate.ids.includes(id),
    );
    const [first] = refused;
    if (id !== null && first !== undefined && first.sentWith > 1) this.#inHalves(refused);
    else if (first !== undefined) this.#settle(first, 'refused', 'refused');
  }

  /** Of several that were refused together nobody can say which are meant; some of those may not be wanted any more. */
  #inHalves(refused: readonly Entry[]): void {
    this.#queue.together(() => {
      for (const entry of refused) {
        entry.most = Math.ceil(entry.sentWith / 2);
        entry.tries -= 1;
        this.#subscribe(entry);
      }
    });
  }

  /** An ack without an id: it is of every subscription that waits for one and whose pieces it holds. */
  ackFrameCame(frame: Buffer): void {
    for (const entry of this.#entries) {
      if (isAwaited(entry) && this.#isAckOf(frame, entry)) this.#settle(entry, 'acked', 'acked');
    }
  }

  #isAckOf(frame: Buffer, { subscription: { channel, symbol } }: Entry): boolean {
    const { ack } = this.#core.dialect.preset;
    if (ack.kind === 'text') return frame.equals(Buffer.from(fill(ack.text, { channel, symbol })));
    return ack.kind === 'contains' && ack.pieces.every((piece) => frame.includes(fill(piece, { channel, symbol })));
  }

  /** A data frame came: where the venue never acks, it is the confirmation. */
  dataCame(): void {
    if (this.#core.dialect.preset.ack.kind !== 'data') return;
    for (const entry of this.#entries) if (entry.status === 'sent') this.#settle(entry, 'acked', 'acked');
  }

  #subscribe(entry: Entry): void {
    entry.tries += 1;
    entry.sentAt = null;
    const onSent = (id: string, together: number): void => {
      entry.ids.push(id);
      entry.sentWith = together;
      this.#sent(entry);
      this.#turn(entry, 'sent');
      if (isRaw(entry.subscription)) return this.#settle(entry, 'acked', null);
      this.#armAck();
      this.onProgress();
    };
    const isNeeded = (): boolean => entry.tries < 2 || entry.status === 'sent';
    const { subscribe, item } = entry.subscription;
    const most = item === undefined ? 1 : entry.most;
    this.#queue.add({ ...saying('subscribe', subscribe, item === undefined ? [] : [item]), most, onSent, isNeeded });
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
      for (const entry of listed) {
        this.#sent(entry);
        if (entry.status !== 'acked' || entry.tries === 1) this.#turn(entry, 'sent');
      }
      this.onProgress();
    };
    this.#queue.add({ ...saying('subscribe', template, piecesOf(listed)), onSent });
  }

  #unsubscribe({ unsubscribe, item }: LinkSubscription): void {
    if (unsubscribe === null) return;
    const message = saying('unsubscribe', unsubscribe, item === undefined ? [] : [item]);
    this.#queue.add({ ...message, most: item === undefined ? 1 : ANY });
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
    entry.sentAt = now;
    this.#streams.subscribed(entry.subscription.name, now);
    if (entry.status === 'unsent') entry.askedAt = now;
  }

  #turn(entry: Entry, status: Entry['status']): void {
    if (entry.status === status) return;
    entry.status = status;
    entry.since = this.#core.clock.now();
  }

  #settle(entry: Entry, status: Entry['status'], news: SubscriptionNews | null): void {
    this.#turn(entry, status);
    if (news !== null) this.#core.listener.subscription(entry.subscription.name, news);
    this.onProgress();
  }
}
