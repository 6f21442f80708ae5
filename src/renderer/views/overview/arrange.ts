import {
  type ColumnSort,
  columnGroupingFeature,
  createExpandedRowModel,
  createGroupedRowModel,
  createSortedRowModel,
  type Row,
  rowExpandingFeature,
  rowSortingFeature,
  type SortFn,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { LinkView } from '../../../shared/linkView.ts';
import { COLUMNS, type ColumnKey, type SortValue } from './columns.ts';

/** One line of the table's body. */
export type Line =
  | { readonly kind: 'link'; readonly name: string }
  | { readonly kind: 'group'; readonly venue: string; readonly links: readonly LinkView[]; readonly open: boolean };

export interface Sorting {
  readonly key: ColumnKey;
  readonly desc: boolean;
}

const features = tableFeatures({
  rowSortingFeature,
  columnGroupingFeature,
  rowExpandingFeature,
  sortedRowModel: createSortedRowModel(),
  groupedRowModel: createGroupedRowModel(),
  expandedRowModel: createExpandedRowModel(),
});
type Features = typeof features;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function compareValues(a: SortValue, b: SortValue): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
  return Number(a) - Number(b);
}

const sortFn: SortFn<Features, LinkView> = (a, b, id) => compareValues(a.getValue(id), b.getValue(id));

/** Ties keep the order of the settings, whichever way is sorted; so do groups. */
const columnDefs = [
  { id: 'venue', accessorFn: ({ about }: LinkView) => about.venue, enableSorting: false },
  ...COLUMNS.flatMap((column) =>
    'sortBy' in column ? [{ id: column.key, accessorFn: column.sortBy, sortFn, sortUndefined: 'last' as const }] : [],
  ),
];

const NO_SORTING: ColumnSort[] = [];
const NO_GROUPING: string[] = [];
const BY_VENUE = ['venue'];

/** The lines of the body: sorted, or in the order of the settings, and by venue if that is wanted. */
export function useLines(
  links: readonly LinkView[],
  sorting: Sorting | null,
  grouped: boolean,
  collapsed: ReadonlySet<string>,
): readonly Line[] {
  const state = useMemo(
    () => ({
      sorting: sorting === null ? NO_SORTING : [{ id: sorting.key, desc: sorting.desc }],
      grouping: grouped ? BY_VENUE : NO_GROUPING,
      // What is open is asked of each row; this is another object when that changes, so that it is asked again.
      expanded:
        collapsed.size === 0
          ? (true as const)
          : Object.fromEntries([...collapsed].map((venue) => [`venue:${venue}`, false])),
    }),
    [sorting, grouped, collapsed],
  );
  const table = useTable({
    features,
    columns: columnDefs,
    data: links as LinkView[],
    getRowId: ({ name }: LinkView) => name,
    state,
    autoResetExpanded: false,
    getIsRowExpanded: (row: Row<Features, LinkView>) => !collapsed.has(String(row.groupingValue)),
  });
  const { rows } = table.getRowModel();
  return useMemo(() => rows.map((row) => lineOf(row, collapsed)), [rows, collapsed]);
}

function lineOf(row: Row<Features, LinkView>, collapsed: ReadonlySet<string>): Line {
  if (!row.getIsGrouped()) return { kind: 'link', name: row.original.name };
  const venue = String(row.groupingValue);
  return { kind: 'group', venue, links: row.subRows.map(({ original }) => original), open: !collapsed.has(venue) };
}

/** Links as they are now: those that have a place in the table, and those that match its filter since these were given. */
export function listedNow(
  live: readonly LinkView[],
  places: readonly LinkView[],
  matching: readonly LinkView[],
): readonly LinkView[] {
  const listed = new Set([...places, ...matching].map(({ name }) => name));
  return live.filter(({ name }) => listed.has(name));
}

/**
 * The lines where they stand, with groups of what is listed now. A link without a place is the last, where it moves no
 * other; in a grouped table it is counted by its group, and gets its line with its place.
 */
export function linesNow(lines: readonly Line[], listed: readonly LinkView[], grouped: boolean): readonly Line[] {
  if (grouped) {
    return lines.map((line) =>
      line.kind === 'link' ? line : { ...line, links: listed.filter(({ about }) => about.venue === line.venue) },
    );
  }
  const placed = new Set(lines.map((line) => (line.kind === 'link' ? line.name : '')));
  const late = listed.filter(({ name }) => !placed.has(name));
  return late.length === 0 ? lines : [...lines, ...late.map(({ name }): Line => ({ kind: 'link', name }))];
}

/** The sorting after another press on a column: worst or largest first, then the other way, then the settings' order. */
export function nextSorting(held: Sorting | null, key: ColumnKey, descFirst: boolean): Sorting | null {
  if (held?.key !== key) return { key, desc: descFirst };
  return held.desc === descFirst ? { key, desc: !descFirst } : null;
}
