import { useMemo, useState } from 'react';
import type { Route } from '../route.ts';
import type { SeriesField } from '../store/series.ts';
import { ChartControls } from './ChartControls.tsx';
import { useChartData } from './RttChart.tsx';
import { SeriesTable } from './SeriesTable.tsx';
import { type LineSpec, TimeChart } from './TimeChart.tsx';

const FIELDS: readonly SeriesField[] = ['p50', 'p99'];
const LINES: readonly LineSpec[] = [
  { key: 'v0', label: 'p50', color: 'var(--p50)', dash: undefined },
  { key: 'v1', label: 'p99', color: 'var(--p99)', dash: undefined },
];

/** p50 and p99 of one link over the last minutes. */
export default function LinkRttChart({ route }: { readonly route: Route & { view: 'link' } }) {
  const [table, setTable] = useState(false);
  const names = useMemo(() => [route.name], [route.name]);
  const data = useChartData(names, FIELDS, route.chart.rangeMin);
  return (
    <section className="panel chart-panel" aria-label="Round trip over time">
      <div className="panel-head">
        <h2>
          Round trip <span className="dim">ms, over the last minute at each point</span>
        </h2>
        <ul className="line-key" aria-label="Lines">
          {LINES.map((line) => (
            <li key={line.key}>
              <span className="swatch" style={{ background: line.color }} /> {line.label}
            </li>
          ))}
        </ul>
        <ChartControls route={route} table={table} onTable={setTable} />
      </div>
      <div className="plot" data-testid="link-chart" data-last-ms={data.toMs}>
        {table ? (
          <SeriesTable rows={data.rows} lines={LINES} />
        ) : (
          <div className="plot-fill" role="img" aria-label="Line chart of p50 and p99; Table shows the same numbers">
            <TimeChart lines={LINES} scale={route.chart.scale} highlight={null} {...data} />
          </div>
        )}
      </div>
    </section>
  );
}
