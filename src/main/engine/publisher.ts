import type { LinkView } from '../../shared/linkView.ts';
import {
  type Delta,
  type LinkDelta,
  type MachineView,
  PARTED,
  type Snapshot,
  type SnapshotFrame,
} from '../../shared/snapshot.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';

/**
 * How often a reader that wants `lean` frames is told of a field, in frames (row D1): what one acts on in each, figures once
 * a second, which is as fast as anybody reads, totals of hours every five. In each frame it is the turn of other links, so
 * that frames are alike, and a page that draws what came has as little to do in each.
 */
const COUNTS_EVERY = 4;
const TOTALS_EVERY = 20;
const EVERY: Readonly<Partial<Record<string, number>>> = {
  counters: COUNTS_EVERY,
  clocks: COUNTS_EVERY,
  rtt: COUNTS_EVERY,
  lag: COUNTS_EVERY,
  skew: COUNTS_EVERY,
  budget: COUNTS_EVERY,
  subscriptions: COUNTS_EVERY,
  uptime: TOTALS_EVERY,
} satisfies Partial<Record<keyof LinkView, number>>;
const PACES: readonly number[] = [1, COUNTS_EVERY, TOTALS_EVERY];

/** What one reader has been told, field by field, so that the next delta holds only what changed. */
export class SnapshotFeed {
  /** By pace, the view of each link that was told last: the engine's own objects, so a reader costs no copy of them. */
  readonly #told = new Map<string, LinkView[]>();
  readonly #lean: boolean;
  #order: readonly string[] = [];
  #machine: MachineView | null = null;
  #whole = true;
  #frame = 0;

  constructor(lean = false) {
    this.#lean = lean;
  }

  /** The next frame for this reader: whole the first time, then a delta; its size follows what changed, not traffic. */
  next(at: MonoMs, wall: WallMs, machine: MachineView, views: readonly LinkView[]): SnapshotFrame {
    const changed: Record<string, LinkDelta> = Object.create(null);
    this.#frame += 1;
    for (const [index, view] of views.entries()) {
      const change = this.#changeOf(view, index + this.#frame);
      if (change !== null) changed[view.name] = change;
    }
    const order = views.map((view) => view.name);
    const orderChanged = !same(this.#order, order);
    if (orderChanged) {
      this.#order = order;
      const names = new Set(order);
      for (const name of this.#told.keys()) if (!names.has(name)) this.#told.delete(name);
    }
    const machineChanged = !same(this.#machine, machine);
    this.#machine = machine;
    if (this.#whole) {
      this.#whole = false;
      const snapshot: Snapshot = { at, wall, machine, order, links: changed as Record<string, LinkView> };
      return { kind: 'whole', snapshot };
    }
    const delta: Delta = {
      at,
      wall,
      links: changed,
      ...(orderChanged ? { order } : {}),
      ...(machineChanged ? { machine } : {}),
    };
    return { kind: 'delta', delta };
  }

  /** `turn`: what is not told in each frame is told when its pace divides it, and at once with another state. */
  #changeOf(view: LinkView, turn: number): LinkDelta | null {
    const told = this.#told.get(view.name);
    if (told === undefined) {
      this.#told.set(
        view.name,
        PACES.map(() => view),
      );
      return view;
    }
    if (told.every((known) => known === view)) return null;
    const all = !this.#lean || told[0]?.state.kind !== view.state.kind;
    const fields: [string, unknown][] = [];
    for (const [field, value] of Object.entries(view)) {
      const every = EVERY[field] ?? 1;
      const before = told[PACES.indexOf(every)]?.[field as keyof LinkView];
      if ((!all && turn % every !== 0) || same(before, value)) continue;
      fields.push([field, IS_PARTED.has(field) ? partsOf(before as object, value as object) : value]);
    }
    for (const [pace, every] of PACES.entries()) if (all || turn % every === 0) told[pace] = view;
    return fields.length === 0 ? null : (Object.fromEntries(fields) as LinkDelta);
  }
}

const IS_PARTED: ReadonlySet<string> = new Set(PARTED);

function partsOf(before: object, after: object): object {
  const held = new Map(Object.entries(before));
  return Object.fromEntries(Object.entries(after).filter(([part, value]) => !same(held.get(part), value)));
}

/** Whether two values that JSON could carry are the same. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  // Key by key, without a list of them: thousands of views are compared a second.
  let keys = 0;
  for (const key in left) {
    if (!Object.hasOwn(right, key) || !same(left[key], right[key])) return false;
    keys += 1;
  }
  for (const _ in right) keys -= 1;
  return keys === 0;
}
