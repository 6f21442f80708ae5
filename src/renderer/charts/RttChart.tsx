import { useMemo, useState } from 'react';
import { fixedMs, NOTHING } from '../format.ts';
import type { Route } from '../route.ts';
import { isPaused } from '../standing.ts';
import { selectEvents } from '../store/engine.ts';
import { useEngine, useEngineState, useLink, useLinkNames, useSeriesVersion } from '../store/hooks.ts';
import type { SeriesField } from '../store/series.ts';
import { ENOUGH_SAMPLES } from '../views/overview/columns.ts';
import { ChartControls } from './ChartControls.tsx';
import { marksOf } from './MarksLayer.tsx';
import { SeriesTable } from './SeriesTable.tsx';
import { seriesColor, seriesDash } from './seriesColor.ts';
import { type LineSpec, TimeChart } from './TimeChart.tsx';

const P99: readonly SeriesField[] = ['p99'];
/** More points than this would be narrower than what a screen shows. */
const MOST_POINTS = 300;

/** The p99 of all links over the last minutes, with the moments at which sockets were lost and made. */
export default function RttChart({ route }: { readonly route: Route & { view: 'overview' } }) {
  const names = useLinkNames();
  const [highlight, setHighlight] = useState<string | null>(null);
  const [table, setTable] = useState(false);
  const lines = useMemo<readonly LineSpec[]>(
    () => names.map((label, i) => ({ key: `v${i}` as const, label, color: seriesColor(i), dash: seriesDash(i) })),
    [names],
  );
  const data = useChartData(names, P99, route.chart.rangeMin);
  return (
    <section className="chart-panel" aria-label="p99 round trip of all links">
      <div className="panel-head">
        <h2>
          p99 round trip <span className="dim">ms, over the last minute at each point</span>
        </h2>
        <p className="mark-key dim" aria-hidden="true">
          ▼ socket lost &nbsp;△ connected
        </p>
        <ChartControls route={route} table={table} onTable={setTable} />
      </div>
      <div className="chart-body">
        <div className="plot" data-testid="p99-chart" data-last-ms={data.toMs}>
          {table ? (
            <SeriesTable rows={data.rows} lines={lines} />
          ) : (
            <div className="plot-fill" role="img" aria-label="Line chart of p99; Table shows the same numbers">
              <TimeChart lines={lines} scale={route.chart.scale} highlight={highlight} {...data} />
            </div>
          )}
        </div>
        <ul className="legend" aria-label="Lines">
          {lines.map((line) => (
            <LegendEntry key={line.key} line={line} onPoint={setHighlight} />
          ))}
        </ul>
      </div>
    </section>
  );
}

/** Rows, range and marks of some links, made anew once a second. */
export function useChartData(names: readonly string[], fields: readonly SeriesField[], rangeMin: number) {
  const { series } = useEngine();
  const version = useSeriesVersion();
  const events = useEngineState(selectEvents);
  const span = useMemo(() => {
    const toMs = series.untilMs ?? Date.now();
    const fromMs = toMs - rangeMin * 60_000;
    return { fromMs, toMs, rows: series.rows(names, fields, fromMs, MOST_POINTS) };
  }, [series, version, names, fields, rangeMin]);
  const marks = useMemo(
    () =>
      marksOf(events, span.fromMs, (link) => {
        const index = names.indexOf(link);
        if (index < 0) return null;
        return names.length === 1 ? 'var(--text-dim)' : seriesColor(index);
      }),
    [events, names, span],
  );
  return { ...span, marks };
}

function LegendEntry({ line, onPoint }: { readonly line: LineSpec; readonly onPoint: (key: string | null) => void }) {
  const link = useLink(line.label);
  if (link === null) return null;
  const minute = isPaused(link) ? null : link.rtt.windows['1m'];
  const value = link.about.ping === 'none' ? 'n/a' : fixedMs(minute?.p99Ms);
  return (
    <li>
      <button
        type="button"
        onMouseEnter={() => onPoint(line.key)}
        onMouseLeave={() => onPoint(null)}
        onFocus={() => onPoint(line.key)}
        onBlur={() => onPoint(null)}
        title={`Show only ${line.label}`}
      >
        <svg width="16" height="10" aria-hidden="true">
          <line x1="0" x2="16" y1="5" y2="5" stroke={line.color} strokeWidth="2.5" strokeDasharray={line.dash} />
        </svg>
        <bdi>{line.label}</bdi>
        <span className={minute !== null && minute.count >= ENOUGH_SAMPLES ? 'num' : 'num few'}>
          {value ?? NOTHING}
        </span>
      </button>
    </li>
  );
}
