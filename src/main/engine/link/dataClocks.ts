import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

const OVERDUE_MS = 1_000;
/** How many overdue subscriptions are looked for in a frame that is not in the sample. */
const OVERDUE_LOOKS = 4;

interface DataClock {
  readonly name: string;
  readonly pieces: readonly Buffer[];
  dataAt: MonoMs | null;
}

/**
 * The data clock of each subscription whose frames can be told (row L5).
 *
 * Frames in the sample are compared with all of them; of the others with a few whose clock is over a second old, in turn,
 * so that a rare subscription is not lost in the flood of another.
 */
export class DataClocks {
  #clocks: DataClock[] = [];
  #turn = 0;

  constructor(subscriptions: readonly LinkSubscription[]) {
    this.change(subscriptions);
  }

  change(subscriptions: readonly LinkSubscription[]): void {
    const before = new Map(this.#clocks.map((clock) => [clock.name, clock]));
    this.#clocks = subscriptions
      .filter(({ data }) => data.length > 0)
      .map(({ name, data }) => ({
        name,
        pieces: data.map((piece) => Buffer.from(piece)),
        dataAt: before.get(name)?.dataAt ?? null,
      }));
  }

  /** Moves the clocks of the subscriptions that this data frame belongs to. */
  sampled(frame: Buffer, now: MonoMs): void {
    for (const clock of this.#clocks) if (isOf(frame, clock)) clock.dataAt = now;
  }

  /** The same for a frame outside the sample, for clocks that need it. True if it moved one: then it was data. */
  overdue(frame: Buffer, now: MonoMs): boolean {
    let found = false;
    const { length } = this.#clocks;
    let looks = 0;
    for (let i = 0; i < length && looks < OVERDUE_LOOKS; i += 1) {
      this.#turn = (this.#turn + 1) % length;
      const clock = this.#clocks[this.#turn];
      if (clock === undefined || (clock.dataAt !== null && elapsedMs(clock.dataAt, now) < OVERDUE_MS)) continue;
      looks += 1;
      if (!isOf(frame, clock)) continue;
      clock.dataAt = now;
      found = true;
    }
    return found;
  }

  /** `undefined` where frames of this subscription cannot be told from others. */
  at(name: string): MonoMs | null | undefined {
    return this.#clocks.find((clock) => clock.name === name)?.dataAt;
  }

  get count(): number {
    return this.#clocks.length;
  }
}

function isOf(frame: Buffer, { pieces }: DataClock): boolean {
  for (const piece of pieces) if (!frame.includes(piece)) return false;
  return true;
}
