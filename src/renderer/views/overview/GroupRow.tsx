import { memo, type ReactNode } from 'react';
import type { LinkView } from '../../../shared/linkView.ts';
import { count, fixedMs, NOTHING, plural, rate } from '../../format.ts';
import { StatusMark } from '../../ui/StatusMark.tsx';
import { type ColumnKey, columnOf } from './columns.ts';
import { type GroupSum, groupSum } from './groupSum.ts';

interface Props {
  readonly venue: string;
  readonly links: readonly LinkView[];
  readonly open: boolean;
  readonly columns: readonly ColumnKey[];
  readonly current: boolean;
  readonly stale: boolean;
  readonly line: number;
  readonly onToggle: (venue: string) => void;
}

/** The line of a venue: its sums, and the button that hides its links. */
export const GroupRow = memo(function GroupRow(props: Props) {
  const { venue, links, open, columns, current, stale, line, onToggle } = props;
  const sum = groupSum(links);
  return (
    <tr
      className="group"
      data-group={venue}
      data-home={current ? '' : undefined}
      aria-label={`${venue}, ${plural(sum.links, 'link')}`}
      aria-rowindex={line}
      tabIndex={current ? 0 : -1}
    >
      <td className="pick" />
      {columns.map((key) => (
        <td key={key} className={columnOf(key).numeric ? 'num' : key === 'state' ? 'state' : undefined}>
          {key === 'name' ? (
            <button type="button" className="fold" tabIndex={-1} aria-expanded={open} onClick={() => onToggle(venue)}>
              <span aria-hidden="true">{open ? '▾' : '▸'}</span> <bdi>{venue}</bdi>
              <span className="dim"> {plural(sum.links, 'link')}</span>
            </button>
          ) : (
            summed(key, sum, stale)
          )}
        </td>
      ))}
    </tr>
  );
});

/** What the sum has for a column; nothing where a sum would say nothing. */
function summed(key: ColumnKey, sum: GroupSum, stale: boolean): ReactNode {
  switch (key) {
    case 'state':
      return (
        <>
          <StatusMark tone={stale ? 'idle' : sum.tone} />
          <span>{sum.active === 0 ? 'paused' : `${sum.fit} of ${sum.active} fit`}</span>
        </>
      );
    case 'gate':
      return sum.active === 0 ? 'paused' : `${sum.gatesOpen} open`;
    case 'p99':
      return <span title="The highest of its links">{fixedMs(sum.p99Ms)}</span>;
    case 'rate':
      return sum.active === 0 ? NOTHING : rate(sum.messagesPerSec);
    case 'again':
      return count(sum.reconnects);
    default:
      return null;
  }
}
