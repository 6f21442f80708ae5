import type { MonoMs } from '../../../shared/units.ts';
import type { Repeats } from './repeats.ts';

export interface DataClock {
  readonly name: string;
  readonly symbol: string;
  readonly pieces: readonly Buffer[];
  /** `null` where nothing is to be seen from what comes more than once. */
  readonly repeats: Repeats | null;
  /** The number of the last frame that was found to be its own. */
  frame: number;
  /** Nothing of it has come since it was sent. */
  isAwaited: boolean;
  dataAt: MonoMs | null;
}

/** Fewer than this are compared with a frame one by one: that is faster than to look them up. */
const WORTH_A_LOOKUP = 4;
/** Shorter bytes stand too often in a frame. */
const SHORTEST_LEAD = 3;

/** Clocks whose pieces begin alike: what follows the `lead` in a frame says whose it may be. */
interface Group {
  readonly lead: Buffer;
  readonly lengths: readonly number[];
  readonly byRest: ReadonlyMap<string, readonly DataClock[]>;
}

/**
 * Finds the clocks that a frame belongs to by a look-up of its own bytes, so that it costs the same whether ten or a thousand
 * are subscribed: every frame of a flood can be asked.
 */
export class DataIndex {
  readonly #loose: readonly DataClock[];
  readonly #groups: readonly Group[];
  #frames = 0;
  #hadFirst = false;

  constructor(clocks: readonly DataClock[]) {
    const byLead = new Map<string, DataClock[]>();
    for (const clock of clocks) {
      const { lead } = splitOf(clock);
      byLead.set(lead, [...(byLead.get(lead) ?? []), clock]);
    }
    const all = [...byLead].map(([lead, alike]) => ({ lead, alike }));
    const isGroup = ({ lead, alike }: (typeof all)[number]): boolean =>
      lead.length >= SHORTEST_LEAD && alike.length >= WORTH_A_LOOKUP;
    this.#groups = all.filter(isGroup).map(({ lead, alike }) => groupOf(lead, alike));
    this.#loose = all.filter((one) => !isGroup(one)).flatMap(({ alike }) => alike);
  }

  /** Moves the clocks that this frame belongs to and that are older than `olderThanMs`; below 0: all. True if it moved one. */
  move(frame: Buffer, now: MonoMs, olderThanMs: number): boolean {
    this.#frames += 1;
    let moved = false;
    for (const clock of this.#loose) if (this.#moves(clock, frame, now, olderThanMs)) moved = true;
    for (const { lead, lengths, byRest } of this.#groups) {
      for (let at = frame.indexOf(lead); at >= 0; at = frame.indexOf(lead, at + lead.length)) {
        const from = at + lead.length;
        for (const length of lengths) {
          if (from + length > frame.length) continue;
          const alike = byRest.get(frame.toString('latin1', from, from + length));
          if (alike === undefined) continue;
          for (const clock of alike) if (this.#moves(clock, frame, now, olderThanMs)) moved = true;
        }
      }
    }
    return moved;
  }

  /** True once after it has moved one that was awaited. */
  takeFirst(): boolean {
    const hadFirst = this.#hadFirst;
    this.#hadFirst = false;
    return hadFirst;
  }

  /** A frame may name its symbol more than once. */
  #moves(clock: DataClock, frame: Buffer, now: MonoMs, olderThanMs: number): boolean {
    if (clock.dataAt !== null && (now - clock.dataAt <= olderThanMs || clock.frame === this.#frames)) return false;
    for (const piece of clock.pieces) if (!frame.includes(piece)) return false;
    clock.dataAt = now;
    clock.frame = this.#frames;
    if (clock.isAwaited) this.#hadFirst = true;
    clock.isAwaited = false;
    clock.repeats?.note(frame, now);
    return true;
  }
}

function groupOf(lead: string, alike: readonly DataClock[]): Group {
  const byRest = new Map<string, DataClock[]>();
  for (const clock of alike) {
    const { rest } = splitOf(clock);
    byRest.set(rest, [...(byRest.get(rest) ?? []), clock]);
  }
  return {
    lead: Buffer.from(lead, 'latin1'),
    lengths: [...new Set([...byRest.keys()].map((rest) => rest.length))],
    byRest,
  };
}

/** The piece that names the symbol, split before it. Where none does the lead is empty. */
function splitOf({ symbol, pieces }: DataClock): { readonly lead: string; readonly rest: string } {
  const sought = Buffer.from(symbol);
  for (const piece of pieces) {
    const at = sought.length === 0 ? -1 : piece.indexOf(sought);
    if (at > 0) return { lead: piece.toString('latin1', 0, at), rest: piece.toString('latin1', at) };
  }
  return { lead: '', rest: '' };
}
