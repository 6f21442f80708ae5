import { memo, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SliceRange } from '../../shared/slices.ts';
import { type ShownTheme, useTheme } from '../ui/theme.ts';
import { type Axis, LEAST_MS } from './axis.ts';
import type { PlotBox } from './ChartFrame.tsx';
import type { Plotted } from './plotted.ts';
import { isHole, LONE_DOT_PX, loneAmong, type Point, type Quantile } from './points.ts';
import type { Span } from './timeScope.ts';
import { tokenColor } from './tokenColor.ts';

/** From the outermost edge to the innermost and out again: two that belong together are a band. */
const EDGES: readonly Quantile[] = ['max', 'p95', 'p75', 'p50', 'p25', 'p5', 'min'];
const BANDS = [
  { upper: 1, lower: 7, share: 0.14 },
  { upper: 2, lower: 6, share: 0.26 },
  { upper: 3, lower: 5, share: 0.42 },
] as const;
const MEDIAN = 4;

interface Props extends Plotted {
  readonly scale: 'linear' | 'log';
}

/** The median as a line in the smoke of all other samples: the darker, the more of them lie there. */
export default memo(function SmokePlot({ plot, points, range, span, axis, scale }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const scales = useRef({ span, axis });
  scales.current = { span, axis };
  const { shown } = useTheme();
  const { width, height, ratio } = plot;
  // biome-ignore lint/correctness/useExhaustiveDependencies: uPlot asks the screen for its ratio only when it is made
  useLayoutEffect(() => {
    if (element.current === null) return;
    const made = new uPlot(
      optionsOf(element.current, { width, height }, scale, scales, shown),
      NOTHING,
      element.current,
    );
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [width, height, ratio, scale, shown]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the canvas was made anew for must be drawn again
  useLayoutEffect(() => {
    chart.current?.setData(dataOf(points, range));
  }, [plot, points, range, span, axis, scale, shown]);
  return <div ref={element} />;
});

const NOTHING: uPlot.AlignedData = [[], ...EDGES.map(() => [])];

const NO_DOTS: uPlot.Series.Points = { show: false };
const LONE_DOTS: uPlot.Series.Points = {
  show: true,
  size: 2 * LONE_DOT_PX,
  filter: ({ data }, series) => loneAmong(data[0].length, (index) => data[series]?.[index]),
};

type Scales = { readonly current: { readonly span: Span; readonly axis: Axis } };

function optionsOf(
  element: Element,
  plot: Pick<PlotBox, 'width' | 'height'>,
  scale: Props['scale'],
  scales: Scales,
  theme: ShownTheme,
): uPlot.Options {
  const color = tokenColor(element, '--p50', theme);
  return {
    width: plot.width,
    height: plot.height,
    padding: [0, 0, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: () => [scales.current.span.fromMs, scales.current.span.toMs] },
      y: { distr: scale === 'log' ? 3 : 1, range: () => [...scales.current.axis.domain] as [number, number] },
    },
    series: [
      {},
      ...EDGES.map((_, edge) => ({
        spanGaps: false,
        points: edge + 1 === MEDIAN ? LONE_DOTS : NO_DOTS,
        stroke: edge + 1 === MEDIAN ? color : 'transparent',
        width: edge + 1 === MEDIAN ? 1.75 : 0,
      })),
    ],
    bands: BANDS.map(({ upper, lower, share }) => ({
      series: [upper, lower] as uPlot.Band.Bounds,
      fill: color.replace(/^rgba?\(([^)]*)\)$/, (_, rgb: string) => `rgba(${rgb}, ${share})`),
    })),
  };
}

function dataOf(points: readonly Point[], range: SliceRange): uPlot.AlignedData {
  const times: number[] = [];
  const edges = EDGES.map((): (number | null)[] => []);
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (before !== undefined && isHole(before, point, range)) {
      times.push(before.t + 1);
      for (const edge of edges) edge.push(null);
    }
    times.push(point.t);
    for (const [i, key] of EDGES.entries())
      edges[i]?.push(point.figures === null ? null : Math.max(LEAST_MS, point.figures[key]));
  }
  return [times, ...edges];
}
