import type { LinkView } from '../../shared/linkView.ts';
import { same } from '../../shared/same.ts';
import {
  type Delta,
  type LinkDelta,
  type MachineView,
  PARTED,
  type Snapshot,
  type SnapshotFrame,
} from '../../shared/snapshot.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';

const COUNTS_EVERY = 4;
const TOTALS_EVERY = 20;
const NEVER = Number.POSITIVE_INFINITY;

/** What a reader wants of a link: all that changed, or what a page needs that is seen, or hidden. */
export type Detail = 'all' | 'seen' | 'hidden';

/**
 * How often it is told of a field, in frames (row D1); of what is not named, in each. For a page that is seen: figures once a
 * second, which is as fast as anybody reads, totals of hours every five. In each frame it is the turn of other links, so that
 * frames are alike, and a page that draws what came has as little to do in each. A hidden page shows no figure: it is told
 * everything when it is seen again.
 */
const EVERY: Readonly<Record<Detail, Readonly<Partial<Record<string, number>>>>> = {
  all: {},
  seen: {
    counters: COUNTS_EVERY,
    clocks: COUNTS_EVERY,
    rtt: COUNTS_EVERY,
    lag: COUNTS_EVERY,
    skew: COUNTS_EVERY,
    budget: COUNTS_EVERY,
    subscriptions: COUNTS_EVERY,
    uptime: TOTALS_EVERY,
  },
  hidden: {
    counters: NEVER,
    rtt: NEVER,
    lag: NEVER,
    skew: NEVER,
    budget: NEVER,
    subscriptions: NEVER,
    uptime: NEVER,
  },
} satisfies Record<Detail, Partial<Record<keyof LinkView, number>>>;

/** A reader's paces, the first that of each frame. One too many, and no link would ever count as told. */
const PACES: Readonly<Record<Detail, readonly number[]>> = {
  all: [1],
  seen: [1, COUNTS_EVERY, TOTALS_EVERY],
  hidden: [1, NEVER],
};

/** What one reader has been told, field by field, so that the next delta holds only what changed. */
export class SnapshotFeed {
  /** By pace, the view of each link that was told last, in the order told: the engine's own objects, so a reader costs no copy. */
  #told: (LinkView | undefined)[][];
  readonly #detail: Detail;
  #order: readonly string[] = [];
  #machine: MachineView | null = null;
  #whole = true;
  #frame = 0;

  constructor(detail: Detail = 'all') {
    this.#detail = detail;
    this.#told = PACES[detail].map(() => []);
  }

  /** The next frame for this reader: whole the first time, then a delta; its size follows what changed, not traffic. */
  next(at: MonoMs, wall: WallMs, machine: MachineView, views: readonly LinkView[]): SnapshotFrame {
    const changed: Record<string, LinkDelta> = Object.create(null);
    this.#frame += 1;
    const orderChanged = !this.#isInOrder(views);
    if (orderChanged) this.#follow(views.map(({ name }) => name));
    for (let index = 0; index < views.length; index += 1) {
      const view = views[index] as LinkView;
      if (this.#isTold(index, view)) continue;
      const change = this.#changeOf(index, view, this.#frame + index);
      if (change !== null) changed[view.name] = change;
    }
    const machineChanged = !same(this.#machine, machine);
    this.#machine = machine;
    if (this.#whole) {
      this.#whole = false;
      const snapshot: Snapshot = { at, wall, machine, order: this.#order, links: changed as Record<string, LinkView> };
      return { kind: 'whole', snapshot };
    }
    const delta: Delta = {
      at,
      wall,
      links: changed,
      ...(orderChanged ? { order: this.#order } : {}),
      ...(machineChanged ? { machine } : {}),
    };
    return { kind: 'delta', delta };
  }

  /** `turn`: what is not told in each frame is told when its pace divides it, and at once with another state. */
  #changeOf(index: number, view: LinkView, turn: number): LinkDelta | null {
    const paces = PACES[this.#detail];
    const first = this.#told[0]?.[index];
    if (first === undefined) {
      for (const told of this.#told) told[index] = view;
      return view;
    }
    const all = first.state.kind !== view.state.kind;
    const everyOf = EVERY[this.#detail];
    let change: Record<string, unknown> | null = null;
    for (const field in view) {
      const every = everyOf[field] ?? 1;
      if (!all && turn % every !== 0) continue;
      const before = this.#told[paces.indexOf(every)]?.[index]?.[field as keyof LinkView];
      const value = view[field as keyof LinkView];
      if (same(before, value)) continue;
      change ??= {};
      change[field] = IS_PARTED.has(field) ? partsOf(before as Parts, value as Parts) : value;
    }
    paces.forEach((every, pace) => {
      const told = this.#told[pace];
      if (told !== undefined && (all || turn % every === 0)) told[index] = view;
    });
    return change;
  }

  /** Like the next it makes nothing, and looks into no view that is the one before. */
  #isTold(index: number, view: LinkView): boolean {
    const paces = PACES[this.#detail];
    for (let pace = 0; pace < paces.length; pace += 1) {
      if (this.#told[pace]?.[index] !== view && paces[pace] !== NEVER) return false;
    }
    return true;
  }

  #isInOrder(views: readonly LinkView[]): boolean {
    if (this.#order.length !== views.length) return false;
    const last = this.#told[0];
    for (let i = 0; i < views.length; i += 1) {
      if (views[i] !== last?.[i] && views[i]?.name !== this.#order[i]) return false;
    }
    return true;
  }

  /** What was told of each link goes with it to its new place. */
  #follow(order: readonly string[]): void {
    const before = new Map(this.#order.map((name, index) => [name, index]));
    const from = order.map((name) => before.get(name));
    this.#told = this.#told.map((told) => from.map((index) => (index === undefined ? undefined : told[index])));
    this.#order = order;
  }
}

const IS_PARTED: ReadonlySet<string> = new Set(PARTED);

type Parts = Readonly<Record<string, unknown>>;

function partsOf(before: Parts, after: Parts): Parts {
  const parts: Record<string, unknown> = {};
  for (const part in after) {
    if (!Object.hasOwn(before, part) || !same(before[part], after[part])) parts[part] = after[part];
  }
  return parts;
}
