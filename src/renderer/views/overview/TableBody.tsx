import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useCallback, useMemo } from 'react';
import type { Line } from './arrange.ts';
import type { ColumnKey } from './columns.ts';
import { GroupRow } from './GroupRow.tsx';
import { LinkRow } from './LinkRow.tsx';

/** As `table.css` has it. */
export const ROW_PX = 26;
const BEYOND = 4;
const FIRST_RECT = { width: 1200, height: 700 };

interface Props {
  readonly lines: readonly Line[];
  readonly columns: readonly ColumnKey[];
  /** The place of each link in the settings. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly current: string | null;
  readonly chosen: ReadonlySet<string>;
  readonly stale: boolean;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly onToggleGroup: (venue: string) => void;
}

/** Rows that are seen, a few beyond, and the current one wherever it is: it holds the focus. Gaps stand for the others. */
export function TableBody(props: Props) {
  const { lines, columns, indexOf, current, chosen, stale, scroller, onToggleGroup } = props;
  const currentIndex = useMemo(() => lines.findIndex((line) => lineId(line) === current), [lines, current]);
  const rangeExtractor = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      if (currentIndex < 0 || seen.includes(currentIndex)) return seen;
      return [...seen, currentIndex].sort((a, b) => a - b);
    },
    [currentIndex],
  );
  const virtual = useVirtualizer<HTMLElement, HTMLTableRowElement>({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    initialRect: FIRST_RECT,
    rangeExtractor,
  });
  const rows: ReactNode[] = [];
  let [end, gaps] = [0, 0];
  const fill = (to: number): void => {
    if (to > end) rows.push(<Gap key={`gap:${gaps++}`} px={to - end} width={columns.length + 1} />);
  };
  for (const item of virtual.getVirtualItems()) {
    const line = lines[item.index];
    if (line === undefined) continue;
    fill(item.start);
    const id = lineId(line);
    const common = { columns, current: id === current, stale, line: item.index + 2 };
    rows.push(
      line.kind === 'link' ? (
        <LinkRow
          key={id}
          name={line.name}
          index={indexOf.get(line.name) ?? 0}
          chosen={chosen.has(line.name)}
          {...common}
        />
      ) : (
        <GroupRow
          key={id}
          {...common}
          venue={line.venue}
          links={line.links}
          open={line.open}
          onToggle={onToggleGroup}
        />
      ),
    );
    end = item.end;
  }
  fill(virtual.getTotalSize());
  return <tbody>{rows}</tbody>;
}

export const lineId = (line: Line): string => (line.kind === 'link' ? `l:${line.name}` : `g:${line.venue}`);

function Gap({ px, width }: { readonly px: number; readonly width: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: this row takes no focus; the rule takes every row of a grid for one that does
    <tr className="gap" aria-hidden="true">
      <td colSpan={width} style={{ height: px }} />
    </tr>
  );
}
