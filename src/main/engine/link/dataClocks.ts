import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { type DataClock, DataIndex } from './dataIndex.ts';
import { Named } from './named.ts';
import { Repeats } from './repeats.ts';

const OVERDUE_MS = 1_000;
/** Also a clock that was moved at this very moment. */
const ANY_AGE_MS = -1;
/** How often it is asked whether any clock is still overdue. */
const RECOUNT_MS = 250;

const NO_CLOCKS = new Named<DataClock>([]);
const NO_INDEX = new DataIndex([]);

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

  /** `comparesFrames`: that the same frame comes again and again means something. */
  constructor(subscriptions: readonly LinkSubscription[], comparesFrames: boolean) {
    this.#comparesFrames = comparesFrames;
    this.change(subscriptions);
  }

  change(subscriptions: readonly LinkSubscription[]): void {
    const before = this.#clocks;
    const clocks = subscriptions
      .filter(({ data }) => data.length > 0)
      .map(({ name, symbol, data, identity, sequence }) => ({
        name,
        symbol,
        pieces: data.map((piece) => Buffer.from(piece)),
        repeats: this.#repeatsOf(identity, sequence),
        frame: 0,
        isAwaited: true,
        dataAt: before.at(name)?.dataAt ?? null,
      }));
    this.#clocks = clocks.length === 0 ? NO_CLOCKS : new Named(clocks);
    this.#index = clocks.length === 0 ? NO_INDEX : new DataIndex(clocks);
    this.#idleUntil = Number.NEGATIVE_INFINITY;
    this.#recountAt = Number.NEGATIVE_INFINITY;
  }

  /** Moves the clocks of the subscriptions that this data frame belongs to. True if there is one. */
  sampled(frame: Buffer, now: MonoMs): boolean {
    return this.#index.move(frame, now, ANY_AGE_MS);
  }

  /** The same for a frame outside the sample, for clocks that need it. True if it moved one: then it was data. */
  overdue(frame: Buffer, now: MonoMs): boolean {
    if (now <= this.#idleUntil) return false;
    if (now >= this.#recountAt) {
      this.#recountAt = now + RECOUNT_MS;
      this.#idleUntil = this.#firstOverdueAt();
      if (now <= this.#idleUntil) return false;
    }
    return this.#index.move(frame, now, OVERDUE_MS);
  }

  /** `undefined` where frames of this subscription cannot be told from others. */
  at(name: string): MonoMs | null | undefined {
    return this.#clocks.at(name)?.dataAt;
  }

  get count(): number {
    return this.#clocks.all.length;
  }

  /** It was sent, perhaps again. */
  subscribed(name: string, now: MonoMs): void {
    const clock = this.#clocks.at(name);
    if (clock === undefined) return;
    clock.isAwaited = true;
    clock.repeats?.subscribed(now);
  }

  /** True once after the first data of one since it was sent. */
  takeFirst(): boolean {
    return this.#index.takeFirst();
  }

  /** For how long one of them has brought the same frame again and again, ms. */
  get sameForMs(): number {
    let longest = 0;
    for (const { repeats } of this.#clocks.all) if (repeats !== null) longest = Math.max(longest, repeats.sameForMs);
    return longest;
  }

  /** Messages that came twice, of those that were looked at. */
  get twice(): number {
    let twice = 0;
    for (const { repeats } of this.#clocks.all) twice += repeats?.twice ?? 0;
    return twice;
  }

  /** Where its numbers are watched those tell what came twice. */
  #repeatsOf(identity: string | null, sequence: LinkSubscription['sequence']): Repeats | null {
    const path = identity === null || sequence !== null ? null : identity.split('.');
    return path === null && !this.#comparesFrames ? null : new Repeats(this.#comparesFrames, path);
  }

  #firstOverdueAt(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { dataAt } of this.#clocks.all) {
      first = Math.min(first, dataAt === null ? Number.NEGATIVE_INFINITY : dataAt + OVERDUE_MS);
    }
    return first;
  }
}
