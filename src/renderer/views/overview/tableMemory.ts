import { keptHere } from '../../ui/kept.ts';
import type { Sorting } from './arrange.ts';
import { columnOf, isColumnKey } from './columns.ts';
import { type Filter, NO_FILTER } from './filter.ts';

/** How the table is looked at. Sorting and grouping are habits, and kept; a filter hides links, and ends with the page. */
export interface TableMemory {
  readonly sorting: Sorting | null;
  readonly grouped: boolean;
  readonly collapsed: ReadonlySet<string>;
  readonly filter: Filter;
}

const KEY = 'warmwire.table';
let held: TableMemory | null = null;

export function recallTable(): TableMemory {
  held ??= { ...readHabits(keptHere.read(KEY)), collapsed: new Set(), filter: NO_FILTER };
  return held;
}

export function rememberTable(memory: TableMemory): void {
  const { sorting, grouped } = memory;
  if (held?.sorting !== sorting || held.grouped !== grouped) keptHere.keep(KEY, JSON.stringify({ sorting, grouped }));
  held = memory;
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
