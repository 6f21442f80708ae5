import { type FocusEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { LinkView } from '../../../shared/linkView.ts';
import { ALL_LINKS, type ChartScope, sameScope, scopeOf } from '../../charts/chartScope.ts';
import { useLinkNames, useStale } from '../../store/hooks.ts';
import { focusHome, hasNavigated } from '../../ui/focus.ts';
import { type Line, linesNow, listedNow, nextSorting, useLines } from './arrange.ts';
import { type ColumnKey, columnOf, tracksOf } from './columns.ts';
import { Detail } from './Detail.tsx';
import { isFiltering, passing } from './filter.ts';
import { lastRow, rememberRow } from './lastRow.ts';
import { NameRoomOf } from './NameRoomOf.tsx';
import { isVenueSaid, nameWidths } from './nameRoom.ts';
import { SelectionBar } from './SelectionBar.tsx';
import { NO_SELECTION, toggle, toggleAll } from './selection.ts';
import { lineId, TableBody } from './TableBody.tsx';
import { TableHead } from './TableHead.tsx';
import { Toolbar } from './Toolbar.tsx';
import { changeTable, type TableMemory, useTable } from './tableMemory.ts';
import { useBulk } from './useBulk.ts';
import { useColumns } from './useColumns.ts';
import { useGridKeys } from './useGridKeys.ts';
import { useLinksNow } from './useLinksNow.ts';

interface Props {
  /** Told which links the chart is to be of. */
  readonly onScope: (scope: ChartScope) => void;
}

/**
 * One row a link, in the order of the settings unless sorted. Arrow keys move, Enter opens, `r` and `p` act on the row,
 * Space chooses it for an action on many. Who comes back from another page finds the focus on the row it came from.
 */
export function LinkTable({ onScope }: Props) {
  const names = useLinkNames();
  const stale = useStale();
  const pointedAt = useRef(Number.NEGATIVE_INFINITY);
  const { live, placed } = useLinksNow(pointedAt);
  const memory = useTable();
  const { sorting, grouped, collapsed, filter } = memory;
  const [selection, setSelection] = useState(NO_SELECTION);
  const { columns, ...choice } = useColumns();
  const [line, setLine] = useState(() => (lastRow() === null ? null : `l:${lastRow()}`));
  const [hovered, setHovered] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);

  // The line of a group says it, too.
  const withVenues = useMemo(() => !grouped && isVenueSaid(placed), [grouped, placed]);
  const { names: namesPx, venues: venuesPx } = useMemo(() => nameWidths(placed, withVenues), [placed, withVenues]);
  const tracks = useMemo(() => tracksOf(columns, { names: namesPx, venues: venuesPx }), [columns, namesPx, venuesPx]);
  const nameHead = useRef<HTMLTableCellElement>(null);
  const matching = useMemo(() => passing(live, filter), [live, filter]);
  const places = useMemo(() => passing(placed, filter), [placed, filter]);
  const inPlace = useLines(places, sorting, grouped, collapsed);
  const listed = useMemo(() => listedNow(live, places, matching), [live, places, matching]);
  const lines = useMemo(() => linesNow(inPlace, listed, grouped), [inPlace, listed, grouped]);
  const ids = useMemo(() => lines.map(lineId), [lines]);
  const shown = useMemo(() => shownNames(lines), [lines]);
  const indexOf = useMemo(() => new Map(names.map((name, index) => [name, index])), [names]);
  const chosen = useMemo(() => listed.filter(({ name }) => selection.names.has(name)), [listed, selection]);
  const isChosen = selection.names.size > 0;
  const bulk = useBulk(isChosen);
  const chosenNames = useMemo(() => new Set(chosen.map(({ name }) => name)), [chosen]);

  // Links are others with every frame. Only what has changed is told: React keeps an update that changes nothing until its
  // component renders, and that one seldom does.
  const told = useRef(ALL_LINKS);
  useEffect(() => {
    const scope = scopeOf(chosen.map(nameOfLink), isFiltering(filter) ? listed.map(nameOfLink) : null);
    const next = sameScope(told.current, scope);
    if (next === told.current) return;
    told.current = next;
    onScope(next);
  }, [chosen, listed, filter, onScope]);

  const current = line !== null && ids.includes(line) ? line : (ids[0] ?? null);
  const currentName = current?.startsWith('l:') ? current.slice(2) : null;
  useEffect(() => {
    if (currentName !== null) rememberRow(currentName);
  }, [currentName]);

  useEffect(() => {
    if (hasNavigated()) focusHome();
  }, []);

  const focusLine = useCallback((id: string) => {
    flushSync(() => setLine(id));
    for (const row of scroller.current?.querySelectorAll<HTMLElement>('tbody tr') ?? []) {
      if (idOf(row) === id) row.focus();
    }
  }, []);
  const onKeyDown = useGridKeys({ ids, shown, current, selection, setSelection, focusLine, toggleGroup, collapsed });

  return (
    <section className="links-panel" aria-label="Links">
      <Toolbar
        links={live}
        shown={matching.length}
        memory={memory}
        onChange={change}
        onLeave={() => current !== null && focusLine(current)}
        choice={choice}
      >
        {(chosen.length > 0 || (isChosen && bulk.said !== '')) && (
          <SelectionBar links={chosen} bulk={bulk} onClear={() => setSelection(NO_SELECTION)} />
        )}
      </Toolbar>
      <div className="links-scroll" ref={scroller}>
        <table
          className={withVenues ? 'links tracks' : 'links tracks venueless'}
          style={tracks}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take focus and keys, which is what a grid is
          role="grid"
          aria-label="Links"
          aria-rowcount={lines.length + 1}
          aria-multiselectable="true"
          onKeyDown={onKeyDown}
          onFocus={(event: FocusEvent) => {
            setLine(lineOf(event.target) ?? current);
            // A pointer that rests somewhere does not keep the keyboard from the sentence of its row.
            setHovered(null);
          }}
          onMouseOver={(event: MouseEvent) => setHovered(nameOf(event.target))}
          onMouseMove={(event: MouseEvent) => {
            if (nameOf(event.target) !== null) pointedAt.current = performance.now();
          }}
          onMouseLeave={() => {
            setHovered(null);
            pointedAt.current = Number.NEGATIVE_INFINITY;
          }}
          onClick={(event: MouseEvent) => {
            const name = isPick(event.target) ? nameOf(event.target) : null;
            if (name !== null) setSelection((held) => toggle(held, name));
          }}
        >
          <TableHead
            columns={columns}
            nameHead={nameHead}
            sorting={sorting}
            onSort={sort}
            chosen={chosen.length === 0 ? 'none' : chosen.length === listed.length ? 'all' : 'some'}
            onChooseAll={() => setSelection((held) => toggleAll(held, shown))}
          />
          <NameRoomOf head={nameHead} names={names}>
            <TableBody
              lines={lines}
              columns={columns}
              indexOf={indexOf}
              current={current}
              chosen={chosenNames}
              stale={stale}
              scroller={scroller}
              onToggleGroup={toggleGroup}
            />
          </NameRoomOf>
        </table>
        {lines.length === 0 && <p className="no-match">No link matches the filter.</p>}
      </div>
      <Detail name={hovered ?? currentName} />
    </section>
  );
}

const change = (next: Partial<TableMemory>): void => changeTable(() => next);

const toggleGroup = (venue: string): void =>
  changeTable(({ collapsed }) => {
    const next = new Set(collapsed);
    if (!next.delete(venue)) next.add(venue);
    return { collapsed: next };
  });

const sort = (key: ColumnKey): void =>
  changeTable(({ sorting }) => ({ sorting: nextSorting(sorting, key, columnOf(key).upwards !== true) }));

/** All links that pass the filter, in the order of the lines; those of a folded group are among them. */
function shownNames(lines: readonly Line[]): readonly string[] {
  const open = new Set(lines.flatMap((line) => (line.kind === 'link' ? [line.name] : [])));
  return lines.flatMap((line) => {
    if (line.kind === 'link') return [line.name];
    return line.links.flatMap(({ name }) => (open.has(name) ? [] : [name]));
  });
}

const nameOfLink = ({ name }: LinkView): string => name;

const isPick = (target: EventTarget): boolean =>
  target instanceof Element && target.matches('tbody .pick, tbody .pick *');

const rowOf = (target: EventTarget): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('tbody tr') : null;

const nameOf = (target: EventTarget): string | null => rowOf(target)?.dataset.link ?? null;

function lineOf(target: EventTarget): string | null {
  const row = rowOf(target);
  return row === null ? null : idOf(row);
}

function idOf({ dataset }: HTMLElement): string | null {
  if (dataset.link !== undefined) return `l:${dataset.link}`;
  return dataset.group === undefined ? null : `g:${dataset.group}`;
}
