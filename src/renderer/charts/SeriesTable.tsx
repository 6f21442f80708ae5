import { fixedMs, timeOfDay } from '../format.ts';
import type { SeriesRow } from '../store/series.ts';
import type { LineSpec } from './TimeChart.tsx';

/** The chart's numbers for those who cannot or do not want to read lines: newest first, every tenth point. */
export function SeriesTable({
  rows,
  lines,
}: {
  readonly rows: readonly SeriesRow[];
  readonly lines: readonly LineSpec[];
}) {
  const shown = rows.filter((_, index) => (rows.length - 1 - index) % 10 === 0).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section className="scroll-box" tabIndex={0} aria-label="Round trips over time">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {lines.map((line) => (
              <th scope="col" className="num" key={line.key} title={line.label}>
                <bdi>{line.label}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.t}>
              <th scope="row">{timeOfDay(row.t)}</th>
              {lines.map((line) => (
                <td className="num" key={line.key}>
                  {fixedMs(row[line.key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
