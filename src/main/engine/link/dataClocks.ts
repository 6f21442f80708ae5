import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { type DataClock, DataIndex } from './dataIndex.ts';
import { Named } from './named.ts';

const OVERDUE_MS = 1_000;
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
  #clocks = NO_CLOCKS;
  #index = NO_INDEX;
  #latestAt: MonoMs | null = null;
  /** Before this moment no clock is overdue. */
  #idleUntil = Number.NEGATIVE_INFINITY;
  #recountAt = Number.NEGATIVE_INFINITY;

  constructor(subscriptions: readonly LinkSubscription[]) {
    this.change(subscriptions);
  }

  change(subscriptions: readonly LinkSubscription[]): void {
    const before = this.#clocks;
    const clocks = subscriptions
      .filter(({ data }) => data.length > 0)
      .map(({ name, symbol, data }) => ({
        name,
        symbol,
        pieces: data.map((piece) => Buffer.from(piece)),
        dataAt: before.at(name)?.dataAt ?? null,
      }));
    this.#clocks = clocks.length === 0 ? NO_CLOCKS : new Named(clocks);
    this.#index = clocks.length === 0 ? NO_INDEX : new DataIndex(clocks);
    this.#latestAt = null;
    for (const { dataAt } of clocks) if (dataAt !== null && dataAt > (this.#latestAt ?? -1)) this.#latestAt = dataAt;
    this.#idleUntil = Number.NEGATIVE_INFINITY;
    this.#recountAt = Number.NEGATIVE_INFINITY;
  }

  /** Moves the clocks of the subscriptions that this data frame belongs to. */
  sampled(frame: Buffer, now: MonoMs): void {
    this.#move(frame, now, 0);
  }

  /** The same for a frame outside the sample, for clocks that need it. True if it moved one: then it was data. */
  overdue(frame: Buffer, now: MonoMs): boolean {
    if (now <= this.#idleUntil) return false;
    if (now >= this.#recountAt) {
      this.#recountAt = now + RECOUNT_MS;
      this.#idleUntil = this.#firstOverdueAt();
      if (now <= this.#idleUntil) return false;
    }
    return this.#move(frame, now, OVERDUE_MS);
  }

  /** `undefined` where frames of this subscription cannot be told from others. */
  at(name: string): MonoMs | null | undefined {
    return this.#clocks.at(name)?.dataAt;
  }

  /** The youngest of them; `null` before any data. */
  get latestAt(): MonoMs | null {
    return this.#latestAt;
  }

  get count(): number {
    return this.#clocks.all.length;
  }

  #move(frame: Buffer, now: MonoMs, olderThanMs: number): boolean {
    const moved = this.#index.move(frame, now, olderThanMs);
    if (moved) this.#latestAt = now;
    return moved;
  }

  #firstOverdueAt(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { dataAt } of this.#clocks.all) {
      first = Math.min(first, dataAt === null ? Number.NEGATIVE_INFINITY : dataAt + OVERDUE_MS);
    }
    return first;
  }
}
