import type { LinkView } from './linkView.ts';
import type { MonoMs, WallMs } from './units.ts';

/** How this machine itself is doing (row H6). */
export interface MachineView {
  /** Event-loop lateness of the engine's thread over the last minute, ms. */
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  /** Memory of the whole process and of the engine's heap, the most that heap may have, and what its open sockets have inflated, bytes (row H8). */
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly heapLimitBytes: number;
  readonly inflatedBytes: number;
  /** Stalls over the threshold since start. */
  readonly stalls: number;
}

export interface Snapshot {
  readonly at: MonoMs;
  readonly wall: WallMs;
  readonly machine: MachineView;
  /** In the order of the settings file. */
  readonly order: readonly string[];
  readonly links: Readonly<Record<string, LinkView>>;
}

/** In the order of the settings file, which that of `links` is not: names of digits come first there. */
export const linksOf = ({ order, links }: Pick<Snapshot, 'order' | 'links'>): LinkView[] =>
  order.flatMap((name) => links[name] ?? []);

/** Fields of which a delta holds only the parts that changed. Their parts never come or go. */
export const PARTED = ['about', 'clocks', 'counters', 'uptime'] as const satisfies readonly (keyof LinkView)[];
type Parted = (typeof PARTED)[number];

/** What changed of one link; a link that is new comes whole. */
export type LinkDelta = Partial<Omit<LinkView, Parted>> & { readonly [K in Parted]?: Partial<LinkView[K]> };

/** `links` holds, by name, only what changed; a link not in `order` is gone. */
export interface Delta {
  readonly at: MonoMs;
  readonly wall: WallMs;
  readonly machine?: MachineView;
  readonly order?: readonly string[];
  readonly links: Readonly<Record<string, LinkDelta>>;
}

export type SnapshotFrame =
  | { readonly kind: 'whole'; readonly snapshot: Snapshot }
  | { readonly kind: 'delta'; readonly delta: Delta };

/** Replaces only what changed: an untouched link keeps its identity, so its row does not render. */
export function applyDelta(snapshot: Snapshot, delta: Delta): Snapshot {
  const order = delta.order ?? snapshot.order;
  const links: Record<string, LinkView> = Object.create(null);
  for (const name of order) {
    const old = snapshot.links[name];
    const change = Object.hasOwn(delta.links, name) ? delta.links[name] : undefined;
    const link = change === undefined ? old : changedLink(old, change);
    if (link !== undefined) links[name] = link;
  }
  return { at: delta.at, wall: delta.wall, machine: delta.machine ?? snapshot.machine, order, links };
}

function changedLink(old: LinkView | undefined, change: LinkDelta): LinkView {
  if (old === undefined) return change as LinkView;
  const { about, clocks, counters, uptime, ...whole } = change;
  return {
    ...old,
    ...whole,
    about: about === undefined ? old.about : { ...old.about, ...about },
    clocks: clocks === undefined ? old.clocks : { ...old.clocks, ...clocks },
    counters: counters === undefined ? old.counters : { ...old.counters, ...counters },
    uptime: uptime === undefined ? old.uptime : { ...old.uptime, ...uptime },
  };
}
