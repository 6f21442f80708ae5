import { memo, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { SLICE_SHAPES } from '../../shared/slices.ts';
import { fixedMs, latency, plural } from '../format.ts';
import type { Route } from '../route.ts';
import { Awaited } from '../ui/Awaited.tsx';
import { Fence } from '../ui/Fence.tsx';
import { later } from '../ui/later.ts';
import { ChartControls, TableSwitch } from './ChartControls.tsx';
import { ChartFrame, type PlotBox } from './ChartFrame.tsx';
import { ChartTableView } from './ChartTableView.tsx';
import { CopyButtons } from './CopyButtons.tsx';
import type { Describe } from './CursorLayer.tsx';
import { HeatPlot } from './HeatPlot.tsx';
import { bandCountIn, bandsOf, cellTexts } from './heat.ts';
import { Lane } from './Lane.tsx';
import { type LineLook, LinesPlot } from './LinesPlot.tsx';
import { laneOf } from './laneData.ts';
import { mendLanguage } from './language.ts';
import { linesOf } from './lines.ts';
import { useLimits, useSkew } from './linkFacts.ts';
import { MarkKey } from './MarkKey.tsx';
import { PauseBar } from './PauseBar.tsx';
import { spanText } from './pictureText.ts';
import { extentOf, isFaint, type Point, pointAt, type Quantile } from './points.ts';
import { Readout } from './Readout.tsx';
import RttHistogram from './RttHistogram.tsx';
import { linkTable, tableCsv } from './tables.ts';
import { type Span, TimeScopeContext } from './timeScope.ts';
import { useAxis } from './useAxis.ts';
import { type PageTime, useChartData } from './useChartData.ts';

const SmokePlot = later(() => {
  mendLanguage();
  return import('./SmokePlot.tsx');
});

type LinkRoute = Route & { view: 'link' };

const SHOWN: readonly Quantile[] = ['p50', 'p95', 'p99'];
const LOOKS: readonly LineLook[] = [
  { label: 'p50', color: 'var(--p50)', dash: undefined },
  { label: 'p95', color: 'var(--p95)', dash: '6 2' },
  { label: 'p99', color: 'var(--p99)', dash: undefined },
];

interface Props {
  readonly route: LinkRoute;
  readonly time: PageTime;
}

/** Everything of one link over time, and how its round trips are spread. */
export const LinkCharts = memo(function LinkCharts({ route, time }: Props) {
  return (
    <TimeScopeContext value={time.scope}>
      <OverTime route={route} time={time} />
      <RttHistogram route={route} />
    </TimeScopeContext>
  );
});

function OverTime({ route, time }: Props) {
  const [table, setTable] = useState(false);
  const names = useMemo(() => [route.name], [route.name]);
  const { range, form } = route.chart;
  const {
    span,
    points: [points = NO_POINTS],
    marks,
    eventsSinceMs,
  } = useChartData(names, time);
  const picture = useRef<HTMLElement>(null);
  const [keyPlace, setKeyPlace] = useState<HTMLElement | null>(null);
  const skew = useSkew(route.name);
  const lane = useMemo(() => laneOf(points, skew), [points, skew]);
  const describe = useCallback((t: number) => momentText(pointAt(points, t)), [points]);
  const numbers = useMemo(() => linkTable(points, skew), [points, skew]);
  const title = `Round trip of ${route.name}`;
  return (
    <section className="panel chart-panel time-panel" aria-label="Round trip over time" ref={picture}>
      <div className="panel-head">
        <h2>Round trip</h2>
        <ul
          ref={setKeyPlace}
          className={form === 'heatmap' ? 'line-key heat-key' : 'line-key'}
          aria-label={form === 'heatmap' ? 'Samples of a cell' : 'Lines'}
        >
          {(form === 'lines' ? LOOKS : []).map(({ label, color, dash }) => (
            <li key={label}>
              <svg width="16" height="8" aria-hidden="true">
                <line x1="0" x2="16" y1="4" y2="4" stroke={color} strokeWidth="2" strokeDasharray={dash} />
              </svg>
              <span data-picture-text>{label}</span>
            </li>
          ))}
          {form === 'smoke' && (
            <li className="dim" data-picture-text>
              p50 in p25–p75, p5–p95, min–max
            </li>
          )}
        </ul>
        <TableSwitch label="Show as" table={table} onTable={setTable} />
        <CopyButtons
          title={title}
          when={() => (span === null ? '' : spanText(span))}
          picture={picture}
          csv={() => tableCsv(numbers)}
        />
      </div>
      <div className="panel-head">
        <PauseBar />
        <ChartControls route={route} withForm />
      </div>
      <Readout points={points} lane={lane} skew={skew} range={range} />
      <div data-testid="link-chart" data-last-ms={span?.toMs} data-form={form}>
        {span === null ? (
          <p className="nothing plot">
            <Awaited />
          </p>
        ) : table ? (
          <div className="plot">
            <ChartTableView table={numbers} label="Round trips over time" />
          </div>
        ) : (
          <div className="plot">
            <Plot
              route={route}
              points={points}
              marks={marks}
              span={span}
              describeMoment={describe}
              keyPlace={keyPlace}
            />
          </div>
        )}
        {span === null ? (
          <div className="lanes-room" />
        ) : (
          <Lane lane={lane} range={range} span={span} skew={skew} describe={describe} />
        )}
      </div>
      <MarkKey sinceMs={eventsSinceMs} />
    </section>
  );
}

interface PlotProps {
  readonly route: LinkRoute;
  readonly points: readonly Point[];
  readonly marks: ReturnType<typeof useChartData>['marks'];
  readonly span: Span;
  readonly describeMoment: (t: number) => string;
  readonly keyPlace: HTMLElement | null;
}

function Plot({ route, points, marks, span, describeMoment, keyPlace }: PlotProps) {
  const { form, range } = route.chart;
  const scale = form === 'heatmap' ? 'log' : route.chart.scale;
  // As high as what is drawn: lines end at the highest percentile, smoke and heatmap at the slowest sample.
  const extent = useMemo(() => extentOf([points], form === 'lines' ? SHOWN : ['min', 'max']), [points, form]);
  const limits = useLimits(route.name);
  const axis = useAxis(extent, scale, limits);
  const describe: Describe = (t, cell) => {
    const point = pointAt(points, t);
    if (cell === undefined || point === null) return describeMoment(t);
    return cellTexts(point.slice, SLICE_SHAPES[range].sliceMs, bandsOf(axis, cell.rows), cell.row).join(', ');
  };
  const lines = useMemo(
    () =>
      linesOf(
        SHOWN.map((quantile) => ({ points, quantile })),
        range,
      ),
    [points, range],
  );
  const draw = (plot: PlotBox) => {
    if (form === 'heatmap') {
      return <HeatPlot plot={plot} points={points} range={range} span={span} axis={axis} keyPlace={keyPlace} />;
    }
    if (form === 'lines') {
      return <LinesPlot plot={plot} lines={LOOKS} {...lines} span={span} axis={axis} scale={scale} />;
    }
    return (
      <Fence what="The smoke chart" apart>
        <Suspense>
          <SmokePlot plot={plot} points={points} range={range} span={span} axis={axis} scale={scale} />
        </Suspense>
      </Fence>
    );
  };
  return (
    <ChartFrame
      label="Round trip at a moment"
      span={span}
      axis={axis}
      scale={scale}
      limits={limits}
      marks={marks}
      colorOf={() => 'var(--text)'}
      withLink={false}
      describe={describe}
      filled={form !== 'lines'}
      rowsIn={form === 'heatmap' ? bandCountIn : undefined}
    >
      {draw}
    </ChartFrame>
  );
}

const NO_POINTS: readonly Point[] = [];

/** A moment in words. */
function momentText(point: Point | null): string {
  if (point === null) return 'not measured';
  const { figures, count, slice } = point;
  const samples = `${plural(count, 'sample')}${isFaint(point) ? ', which is few' : ''}`;
  const own = slice.loopMaxMs > 0 ? `; this machine late by ${latency(slice.loopMaxMs)} at most` : '';
  if (figures === null) return `no round trip${own}`;
  return `p50 ${fixedMs(figures.p50)}, p95 ${fixedMs(figures.p95)}, p99 ${fixedMs(figures.p99)} ms of ${samples}${own}`;
}
