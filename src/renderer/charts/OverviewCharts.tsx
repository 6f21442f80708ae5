import { useCallback, useMemo, useRef, useState } from 'react';
import { fixedMs, timeOfDay } from '../format.ts';
import type { Route } from '../route.ts';
import { useLinkNames } from '../store/hooks.ts';
import { Awaited } from '../ui/Awaited.tsx';
import { ChartControls, TableSwitch } from './ChartControls.tsx';
import { ChartFrame, type PlotBox } from './ChartFrame.tsx';
import { ChartTableView } from './ChartTableView.tsx';
import { CopyButtons } from './CopyButtons.tsx';
import { CurvesPlot } from './CurvesPlot.tsx';
import { type ChartScope, drawnText } from './chartScope.ts';
import { MOST_LINES, useDrawnLinks } from './drawnLinks.ts';
import { Legend } from './Legend.tsx';
import type { LineLook } from './LinesPlot.tsx';
import { linesOf } from './lines.ts';
import { useCommonLimits } from './linkFacts.ts';
import { MarkKey } from './MarkKey.tsx';
import { PauseBar } from './PauseBar.tsx';
import { spanText } from './pictureText.ts';
import { extentOf, pointAt } from './points.ts';
import { looksOf, seriesColor, seriesDash } from './seriesColor.ts';
import { linesTable, tableCsv } from './tables.ts';
import { TimeScopeContext, useCursor, usePausedMs } from './timeScope.ts';
import { useAxis } from './useAxis.ts';
import { type PageTime, useChartData, usePageTime } from './useChartData.ts';

const CHOSEN_HOW =
  'Those that you chose; then those that are down, that may not be traded over, that were down in the time shown; then the slowest. Of one that has not been up in the time shown there is nothing to draw';

interface Props {
  readonly route: Route & { view: 'overview' };
  readonly scope: ChartScope;
}

/** The p99 of all links over time, or of the worst of them, with the moments at which something happened. */
export default function OverviewCharts({ route, scope }: Props) {
  const time = usePageTime(route.chart.range);
  return (
    <TimeScopeContext value={time.scope}>
      <AllLinks route={route} scope={scope} time={time} />
    </TimeScopeContext>
  );
}

function AllLinks({ route, scope, time }: Props & { readonly time: PageTime }) {
  const { range, scale } = route.chart;
  const names = useLinkNames();
  const [table, setTable] = useState(false);
  const [highlight, setHighlight] = useState<string | null>(null);
  const of = scope.kind === 'all' ? names : scope.names;
  const lines = useDrawnLinks(of, range, usePausedMs() !== null, scope.kind === 'selected');
  const { drawn, listed, rest, unseen, isAlone, byHand, change } = lines;
  const which = drawnText(scope.kind, { drawn: drawn.length, of: of.length, byHand });
  const { span, points, marks, eventsSinceMs } = useChartData(drawn, time);
  const picture = useRef<HTMLElement>(null);
  const listedLooks = useMemo(() => {
    const numbers = looksOf(listed.map((label) => names.indexOf(label)));
    return listed.map((label, at) => lookOf(label, numbers[at] ?? 0));
  }, [listed, names]);
  const looks = useMemo(() => listedLooks.filter(({ label }) => drawn.includes(label)), [listedLooks, drawn]);
  const extent = useMemo(() => extentOf(points, ['p99']), [points]);
  const { limits, differ } = useCommonLimits(drawn);
  const axis = useAxis(extent, scale, limits);
  const colorOf = useCallback((link: string) => seriesColor(names.indexOf(link)), [names]);
  const valueAt = useCallback(
    (line: number, t: number) => pointAt(points[line] ?? [], t)?.figures?.p99 ?? null,
    [points],
  );
  const describe = useCallback(
    (t: number) => drawn.map((name, line) => `${name} ${fixedMs(valueAt(line, t))}`).join(', '),
    [drawn, valueAt],
  );
  const numbers = () => {
    const drawnNow = linesOf(
      points.map((own) => ({ points: own, quantile: 'p99' })),
      range,
    );
    const rows = drawnNow.rows.filter(({ gap }) => gap !== true);
    return linesTable(drawn, rows, (row, line) => rows[row]?.[`v${line}`] ?? rows[row]?.[`w${line}`] ?? null);
  };
  const at = drawn.indexOf(highlight ?? '');
  return (
    <section className="chart-panel" aria-label="p99 round trip of all links" ref={picture}>
      <div className="panel-head">
        <h2>
          p99 round trip{' '}
          <span className="dim" title={of.length > MOST_LINES ? CHOSEN_HOW : undefined}>
            ms
            {which !== '' && `, ${which}`}
            {unseen > 0 && `; ${unseen} down: nothing to draw`}
            {differ && ', limits differ by link'}
          </span>
        </h2>
        <PauseBar />
        <ChartControls route={route} withForm={false} />
        <TableSwitch label="Show as" table={table} onTable={setTable} />
        <CopyButtons
          title="p99 round trip"
          when={() => (span === null ? '' : spanText(span))}
          picture={picture}
          csv={() => tableCsv(numbers())}
        />
      </div>
      <div className="chart-body">
        <div className="plot" data-testid="p99-chart" data-last-ms={span?.toMs}>
          {span === null ? (
            <p className="nothing">
              <Awaited />
            </p>
          ) : table ? (
            <ChartTableView table={numbers()} label="p99 over time" />
          ) : (
            <ChartFrame
              label="p99 of all links at a moment"
              span={span}
              axis={axis}
              scale={scale}
              limits={limits}
              marks={marks}
              colorOf={colorOf}
              withLink
              describe={describe}
            >
              {(plot: PlotBox) => (
                <CurvesPlot
                  plot={plot}
                  looks={looks}
                  points={points}
                  quantile="p99"
                  range={range}
                  span={span}
                  axis={axis}
                  scale={scale}
                  highlight={at < 0 ? null : at}
                />
              )}
            </ChartFrame>
          )}
        </div>
        <Legend
          drawn={drawn}
          listed={listed}
          rest={rest}
          looks={listedLooks}
          isAlone={isAlone}
          valueAt={valueAt}
          onPoint={setHighlight}
          onChange={change}
          title={<LegendTime />}
        />
      </div>
      <MarkKey sinceMs={eventsSinceMs} />
    </section>
  );
}

const lookOf = (label: string, index: number): LineLook => ({
  label,
  color: seriesColor(index),
  dash: seriesDash(index),
});

function LegendTime() {
  const cursor = useCursor();
  return <>{cursor === null ? 'p99 of the last minute' : `p99 at ${timeOfDay(cursor.t)}`}</>;
}
