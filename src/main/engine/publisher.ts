import {
  type Delta,
  type LinkDelta,
  type LinkView,
  type MachineView,
  PARTED,
  type Snapshot,
  type SnapshotFrame,
} from '../../shared/snapshot.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';

/** Fields that grow with traffic or time, and that nobody reads four times a second. */
const SLOW: ReadonlySet<string> = new Set<keyof LinkView>([
  'counters',
  'uptime',
  'lag',
  'skew',
  'budget',
  'subscriptions',
]);

/** What one reader has been told, field by field, so that the next delta holds only what changed. */
export class SnapshotFeed {
  /** The view of each link that was told last. It is the engine's own object, so a reader costs no copy of it. */
  readonly #told = new Map<string, LinkView>();
  /** The same of the slow fields. */
  readonly #toldSlow = new Map<string, LinkView>();
  readonly #slowEvery: number;
  #frame = 0;
  #order: readonly string[] = [];
  #machine: MachineView | null = null;
  #whole = true;

  /**
   * `slowEvery`: counts and totals come in every so-manieth frame, a part of the links in each, so that frames are alike;
   * and at once with another state.
   */
  constructor(slowEvery = 1) {
    this.#slowEvery = slowEvery;
  }

  /** The next frame for this reader: whole the first time, then a delta; its size follows what changed, not traffic. */
  next(at: MonoMs, wall: WallMs, machine: MachineView, views: readonly LinkView[]): SnapshotFrame {
    const changed: Record<string, LinkDelta> = Object.create(null);
    this.#frame += 1;
    for (const [index, view] of views.entries()) {
      const change = this.#changeOf(view, (index + this.#frame) % this.#slowEvery === 0);
      if (change !== null) changed[view.name] = change;
    }
    const order = views.map((view) => view.name);
    const orderChanged = !same(this.#order, order);
    if (orderChanged) {
      this.#order = order;
      const names = new Set(order);
      for (const name of this.#told.keys()) if (!names.has(name)) this.#forget(name);
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

  #forget(name: string): void {
    this.#told.delete(name);
    this.#toldSlow.delete(name);
  }

  #changeOf(view: LinkView, slowIsDue: boolean): LinkDelta | null {
    const { name } = view;
    const [told, toldSlow] = [this.#told.get(name), this.#toldSlow.get(name)];
    if (told === view && toldSlow === view) return null;
    const withSlow = slowIsDue || told?.state.kind !== view.state.kind;
    this.#told.set(name, view);
    if (withSlow) this.#toldSlow.set(name, view);
    if (told === undefined || toldSlow === undefined) return view;
    const fields: [string, unknown][] = [];
    for (const [field, value] of Object.entries(view)) {
      const isSlow = SLOW.has(field);
      const before = (isSlow ? toldSlow : told)[field as keyof LinkView];
      if ((isSlow && !withSlow) || same(before, value)) continue;
      fields.push([field, IS_PARTED.has(field) ? partsOf(before as object, value as object) : value]);
    }
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
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]));
}
