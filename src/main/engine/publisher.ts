import type { Delta, LinkView, MachineView, Snapshot, SnapshotFrame } from '../../shared/snapshot.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';

/** What one reader has been told, field by field, so that the next delta holds only what changed. */
export class SnapshotFeed {
  /** The view of each link that was told last. It is the engine's own object, so a reader costs no copy of it. */
  readonly #told = new Map<string, LinkView>();
  #order: readonly string[] = [];
  #machine: MachineView | null = null;
  #whole = true;

  /** The next frame for this reader: whole the first time, then a delta; its size follows what changed, not traffic. */
  next(at: MonoMs, wall: WallMs, machine: MachineView, views: readonly LinkView[]): SnapshotFrame {
    const changed: Record<string, Partial<LinkView>> = Object.create(null);
    for (const view of views) {
      const change = this.#changeOf(view);
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

  #changeOf(view: LinkView): Partial<LinkView> | null {
    const told = this.#told.get(view.name);
    if (told === view) return null;
    this.#told.set(view.name, view);
    if (told === undefined) return view;
    const fields = Object.entries(view).filter(([field, value]) => !same(told[field as keyof LinkView], value));
    return fields.length === 0 ? null : (Object.fromEntries(fields) as Partial<LinkView>);
  }
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
