import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import { NOTHING_SAME, type Sameness } from '../../../shared/freshness.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { DataIndex, type Sought } from './dataIndex.ts';
import { Named } from './named.ts';
import { OwnSilence } from './ownSilence.ts';
import { Identities, SameFrames } from './repeats.ts';

const OVERDUE_MS = 1_000;
/** How often it is asked whether any clock is still overdue. */
const RECOUNT_MS = 250;

interface DataClock extends Sought {
  readonly name: string;
  readonly identity: string | null;
  /** `null` where the same frame again and again means nothing. */
  readonly same: SameFrames | null;
  /** `null` where nobody knows what tells a message from others, or its numbers are watched: those say what came twice. */
  readonly identities: Identities | null;
  readonly silence: OwnSilence;
  /** Nothing of it has come since it was sent. */
  isAwaited: boolean;
  dataAt: MonoMs | null;
}

const NO_CLOCKS = new Named<DataClock>([]);
const NO_INDEX = new DataIndex<DataClock>([]);

/**
 * The data clock of each subscription whose frames can be told (row L5): never more than a second behind.
 *
 * Frames in the sample move all the clocks that they belong to. Of the others each is looked up only while a clock is over
 * a second old, so that a rare subscription is not lost in the flood of another.
 */
export class DataClocks {
  readonly #comparesFrames: boolean;
  #clocks = NO_CLOCKS;
  #index = NO_INDEX;
  /** Before this moment no clock is overdue. */
  #idleUntil = Number.NEGATIVE_INFINITY;
  #recountAt = Number.NEGATIVE_INFINITY;
  #dueBefore = 0;
  #hadFirst = false;
  readonly #isOverdue = ({ dataAt }: DataClock): boolean => dataAt === null || dataAt < this.#dueBefore;

  /** `comparesFrames`: that the same frame comes again and again means something. */
  constructor(subscriptions: readonly LinkSubscription[], comparesFrames: boolean) {
    this.#comparesFrames = comparesFrames;
    this.change(subscriptions);
  }

  /** What a subscription that stays has brought stays known: an edit beside it is no news of it. */
  change(subscriptions: readonly LinkSubscription[]): void {
    const before = this.#clocks;
    const clocks = subscriptions
      .filter(({ data }) => data.length > 0)
      .map((subscription) => this.#clockOf(subscription, before.at(subscription.name)));
    this.#clocks = clocks.length === 0 ? NO_CLOCKS : new Named(clocks);
    this.#index = clocks.length === 0 ? NO_INDEX : new DataIndex(clocks);
    this.#idleUntil = Number.NEGATIVE_INFINITY;
    this.#recountAt = Number.NEGATIVE_INFINITY;
  }

  /** Moves the clocks of the subscriptions that this data frame belongs to. True if there is one. */
  sampled(frame: Buffer, now: MonoMs): boolean {
    return this.#move(this.#index.find(frame), frame, now);
  }

  /** The same for a frame outside the sample, for clocks that need it. True if it moved one: then it was data. */
  overdue(frame: Buffer, now: MonoMs): boolean {
    if (now <= this.#idleUntil) return false;
    if (now >= this.#recountAt) {
      this.#recountAt = now + RECOUNT_MS;
      this.#idleUntil = this.#firstOverdueAt();
      if (now <= this.#idleUntil) return false;
    }
    this.#dueBefore = now - OVERDUE_MS;
    return this.#move(this.#index.find(frame, this.#isOverdue), frame, now);
  }

  /** `undefined` where frames of this subscription cannot be told from others. */
  at(name: string): MonoMs | null | undefined {
    return this.#clocks.at(name)?.dataAt;
  }

  /** How long it has been silent at times; `undefined` where its frames cannot be told from others. */
  silenceOf(name: string): OwnSilence | undefined {
    return this.#clocks.at(name)?.silence;
  }

  /** The silence of any of them before `from` was nobody's. */
  excuse(from: MonoMs): void {
    for (const { silence } of this.#clocks.all) silence.excuse(from);
  }

  get count(): number {
    return this.#clocks.all.length;
  }

  /** It was sent, perhaps again. */
  subscribed(name: string, now: MonoMs): void {
    const clock = this.#clocks.at(name);
    if (clock === undefined) return;
    clock.isAwaited = true;
    clock.silence.asked(now);
    clock.identities?.subscribed(now);
  }

  /** True once after the first data of one since it was sent. */
  takeFirst(): boolean {
    const hadFirst = this.#hadFirst;
    this.#hadFirst = false;
    return hadFirst;
  }

  /** Which of them have brought the same frame again and again for longer than `noticeMs`, and still do. */
  sameness(now: MonoMs, noticeMs: number): Sameness {
    if (!this.#comparesFrames) return NOTHING_SAME;
    const names: string[] = [];
    let longest = 0;
    let othersChange = false;
    for (const { name, same } of this.#clocks.all) {
      if (same === null) continue;
      const forMs = same.forMs(now, noticeMs);
      longest = Math.max(longest, forMs);
      if (forMs > noticeMs) names.push(name);
      else othersChange ||= same.changedAt !== null && elapsedMs(same.changedAt, now) <= noticeMs;
    }
    return { names, forMs: longest, othersChange };
  }

  /** Messages that came twice, of those that were looked at. */
  get twice(): number {
    let twice = 0;
    for (const { identities } of this.#clocks.all) twice += identities?.twice ?? 0;
    return twice;
  }

  #clockOf({ name, symbol, data, identity, sequence }: LinkSubscription, before: DataClock | undefined): DataClock {
    const pieces = data.map((piece) => Buffer.from(piece));
    const stays = before !== undefined && before.symbol === symbol && areAlike(before.pieces, pieces);
    const path = sequence === null ? identity : null;
    const identities = path === null ? null : new Identities(path.split('.'));
    return {
      name,
      symbol,
      pieces,
      identity: path,
      same: stays ? before.same : this.#comparesFrames ? new SameFrames() : null,
      identities: stays && before.identity === path ? before.identities : identities,
      silence: stays ? before.silence : new OwnSilence(),
      frame: 0,
      isAwaited: true,
      dataAt: before?.dataAt ?? null,
    };
  }

  #move(clocks: readonly DataClock[], frame: Buffer, now: MonoMs): boolean {
    for (const clock of clocks) {
      clock.dataAt = now;
      if (clock.isAwaited) this.#hadFirst = true;
      clock.isAwaited = false;
      clock.silence.note(now);
      clock.same?.note(frame, now);
      clock.identities?.note(frame, now);
    }
    return clocks.length > 0;
  }

  #firstOverdueAt(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { dataAt } of this.#clocks.all) {
      first = Math.min(first, dataAt === null ? Number.NEGATIVE_INFINITY : dataAt + OVERDUE_MS);
    }
    return first;
  }
}

const areAlike = (some: readonly Buffer[], others: readonly Buffer[]): boolean =>
  some.length === others.length && some.every((piece, i) => others[i]?.equals(piece) === true);
