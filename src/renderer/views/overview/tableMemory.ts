import { useSyncExternalStore } from 'react';
import { go, parseRoute } from '../../route.ts';
import { keptHere } from '../../ui/kept.ts';
import type { Sorting } from './arrange.ts';
import { columnOf, isColumnKey } from './columns.ts';
import { type Filter, NO_FILTER, type Quick } from './filter.ts';

/** How the table is looked at. Sorting and grouping are habits, and kept; a filter hides links, and ends with the page. */
export interface TableMemory {
  readonly sorting: Sorting | null;
  readonly grouped: boolean;
  readonly collapsed: ReadonlySet<string>;
  readonly filter: Filter;
}

const KEY = 'warmwire.table';
let held: TableMemory | null = null;
const listeners = new Set<() => void>();

function recalled(): TableMemory {
  held ??= { ...readHabits(keptHere.read(KEY)), collapsed: new Set(), filter: NO_FILTER };
  return held;
}

export const useTable = (): TableMemory => useSyncExternalStore(listen, recalled);

export function changeTable(next: (held: TableMemory) => Partial<TableMemory>): void {
  const before = recalled();
  held = { ...before, ...next(before) };
  const { sorting, grouped } = held;
  if (before.sorting !== sorting || before.grouped !== grouped)
    keptHere.keep(KEY, JSON.stringify({ sorting, grouped }));
  for (const listener of listeners) listener();
}

/** Shows these links: on the overview beside those that are shown, or no longer; from any other page these alone, there. */
export function pressQuick(one: Quick): void {
  const isHere = parseRoute(window.location.hash).view === 'overview';
  changeTable(({ filter }) => {
    if (!isHere) return { filter: { ...NO_FILTER, quick: [one] } };
    const others = filter.quick.filter((shown) => shown !== one);
    return { filter: { ...filter, quick: others.length < filter.quick.length ? others : [...others, one] } };
  });
  if (!isHere) go('#/');
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What an earlier run kept; anything this version does not know counts as nothing. */
export function readHabits(text: string | null): Pick<TableMemory, 'sorting' | 'grouped'> {
  let read: unknown = null;
  try {
    read = JSON.parse(text ?? 'null');
  } catch {
    // Not ours, or cut off: as if nothing had been kept.
  }
  if (typeof read !== 'object' || read === null) return { sorting: null, grouped: false };
  const { sorting, grouped } = read as Partial<Record<string, unknown>>;
  return { sorting: sortingOf(sorting), grouped: grouped === true };
}

function sortingOf(value: unknown): Sorting | null {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('desc' in value)) return null;
  const { key, desc } = value;
  return isColumnKey(key) && typeof desc === 'boolean' && columnOf(key).sortBy !== undefined ? { key, desc } : null;
}
