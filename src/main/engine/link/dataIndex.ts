/** Whose frames are told from others' by pieces of bytes, one of which names its symbol as a rule. */
export interface Sought {
  readonly symbol: string;
  readonly pieces: readonly Buffer[];
  /** The number of the last frame that was found to be its own. */
  frame: number;
}

/** Fewer than this are compared with a frame one by one: that is faster than to look them up. */
const WORTH_A_LOOKUP = 4;
/** Shorter bytes stand too often in a frame. */
const SHORTEST_LEAD = 3;

/** Those whose pieces begin alike: what follows the `lead` in a frame says whose it may be. */
interface Group<T> {
  readonly lead: Buffer;
  readonly lengths: readonly number[];
  readonly byRest: ReadonlyMap<string, readonly T[]>;
}

interface Split<T> {
  readonly one: T;
  readonly rest: string;
}

/** Of all indexes together: one may be in several, and in another after a change. */
let frames = 0;

/**
 * Finds those that a frame belongs to by a look-up of its own bytes, so that it costs the same whether ten or a thousand are
 * subscribed: every frame of a flood can be asked.
 */
export class DataIndex<T extends Sought> {
  readonly #loose: readonly T[];
  readonly #groups: readonly Group<T>[];
  /** One for all frames: there are tens of thousands a second. */
  readonly #found: T[] = [];

  constructor(all: readonly T[]) {
    const byLead = new Map<string, Split<T>[]>();
    for (const one of all) {
      const { lead, rest } = splitOf(one);
      listed(byLead, lead).push({ one, rest });
    }
    const loose: T[] = [];
    const groups: Group<T>[] = [];
    for (const [lead, alike] of byLead) {
      if (lead.length >= SHORTEST_LEAD && alike.length >= WORTH_A_LOOKUP) groups.push(groupOf(lead, alike));
      else for (const { one } of alike) loose.push(one);
    }
    this.#loose = loose;
    this.#groups = groups;
  }

  /** Those that this frame belongs to, each once; until the next look-up. `wanted`: of these only. */
  find(frame: Buffer, wanted: ((one: T) => boolean) | null = null): readonly T[] {
    frames += 1;
    this.#found.length = 0;
    for (const one of this.#loose) this.#look(one, frame, wanted);
    for (const { lead, lengths, byRest } of this.#groups) {
      for (let at = frame.indexOf(lead); at >= 0; at = frame.indexOf(lead, at + lead.length)) {
        const from = at + lead.length;
        for (const length of lengths) {
          if (from + length > frame.length) continue;
          const alike = byRest.get(frame.toString('latin1', from, from + length));
          if (alike === undefined) continue;
          for (const one of alike) this.#look(one, frame, wanted);
        }
      }
    }
    return this.#found;
  }

  /** A frame may name its symbol more than once. */
  #look(one: T, frame: Buffer, wanted: ((one: T) => boolean) | null): void {
    if (one.frame === frames || (wanted !== null && !wanted(one))) return;
    for (const piece of one.pieces) if (!frame.includes(piece)) return;
    one.frame = frames;
    this.#found.push(one);
  }
}

function groupOf<T>(lead: string, alike: readonly Split<T>[]): Group<T> {
  const byRest = new Map<string, T[]>();
  for (const { one, rest } of alike) listed(byRest, rest).push(one);
  return {
    lead: Buffer.from(lead, 'latin1'),
    lengths: [...new Set([...byRest.keys()].map((rest) => rest.length))],
    byRest,
  };
}

function listed<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** The piece that names the symbol, split before it. Where none does the lead is empty. */
function splitOf({ symbol, pieces }: Sought): { readonly lead: string; readonly rest: string } {
  const sought = Buffer.from(symbol);
  for (const piece of pieces) {
    const at = sought.length === 0 ? -1 : piece.indexOf(sought);
    if (at > 0) return { lead: piece.toString('latin1', 0, at), rest: piece.toString('latin1', at) };
  }
  return { lead: '', rest: '' };
}
