import type { Delta, LinkView, MachineView, Snapshot, SnapshotFrame } from '../../shared/snapshot.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';

/** What one reader has been told, field by field, so that the next delta holds only what changed. */
export class SnapshotFeed {
  readonly #told = new Map<string, Map<string, string>>();
  /** The view of each link that was looked at last: the same object holds nothing new. */
  readonly #last = new Map<string, LinkView>();
  #order = '';
  #machine = '';
  #whole = true;

  /** The next frame for this reader: whole the first time, then a delta; its size follows what changed, not traffic. */
  next(at: MonoMs, wall: WallMs, machine: MachineView, views: readonly LinkView[]): SnapshotFrame {
    const changed: Record<string, Partial<LinkView>> = Object.create(null);
    for (const view of views) {
      const change = this.#changeOf(view);
      if (change !== null) changed[view.name] = change;
    }
    const order = views.map((view) => view.name);
    if (this.#told.size > order.length) {
      const names = new Set(order);
      for (const name of this.#told.keys()) if (!names.has(name)) this.#told.delete(name);
      for (const name of this.#last.keys()) if (!names.has(name)) this.#last.delete(name);
    }
    const orderChanged = remember(this.#order, JSON.stringify(order), (text) => {
      this.#order = text;
    });
    const machineChanged = remember(this.#machine, JSON.stringify(machine), (text) => {
      this.#machine = text;
    });
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
    if (this.#last.get(view.name) === view) return null;
    this.#last.set(view.name, view);
    const told = this.#told.get(view.name) ?? new Map<string, string>();
    this.#told.set(view.name, told);
    const fields = Object.entries(view).filter(([field, value]) =>
      remember(told.get(field), JSON.stringify(value), (text) => told.set(field, text)),
    );
    return fields.length === 0 ? null : (Object.fromEntries(fields) as Partial<LinkView>);
  }
}

function remember(before: string | undefined, now: string, keep: (text: string) => void): boolean {
  if (before === now) return false;
  keep(now);
  return true;
}
