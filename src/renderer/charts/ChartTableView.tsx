import { timeOfDay } from '../format.ts';
import { ScrollBox } from '../ui/ScrollBox.tsx';
import type { ChartTable } from './tables.ts';

/** The chart's numbers for those who cannot or do not want to read lines: newest first. */
export function ChartTableView({ table, label }: { readonly table: ChartTable; readonly label: string }) {
  return (
    <ScrollBox className="scroll-box" aria-label={label}>
      <table className="plain">
        <thead>
          <tr>
            {table.head.map((head, at) => (
              <th scope="col" className={at === 0 ? undefined : 'num'} key={head} title={head}>
                <bdi>{head}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.toReversed().map(([t, ...values]) => (
            <tr key={t}>
              <th scope="row">{timeOfDay(t)}</th>
              {values.map((value, at) => (
                <td className="num" key={table.head[at + 1]}>
                  {cellText(value, table.head[at + 1] ?? '')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** Milliseconds have two decimals, counts none. */
function cellText(value: number | null, head: string): string {
  if (value === null) return '–';
  return head.endsWith(' ms') ? value.toFixed(2) : String(value);
}
