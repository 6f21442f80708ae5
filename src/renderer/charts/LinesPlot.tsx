import { memo } from 'react';
import { LineChart, useXAxisScale, useYAxisScale, XAxis, YAxis } from 'recharts';
import { type Axis, LEAST_MS } from './axis.ts';
import type { PlotBox } from './ChartFrame.tsx';
import { type LineRow, lonePoints } from './lines.ts';
import { LONE_DOT_PX } from './points.ts';
import type { Span } from './timeScope.ts';

/** One line: what it is called, how it is drawn. Its values are the rows' `v` and its number, few samples `w`. */
export interface LineLook {
  readonly label: string;
  readonly color: string;
  readonly dash: string | undefined;
}

interface CurvesProps {
  readonly lines: readonly LineLook[];
  readonly rows: readonly LineRow[];
  /** Lines that somewhere rest on few samples: only these are drawn a second time. */
  readonly faint: ReadonlySet<number>;
}

interface Props extends CurvesProps {
  readonly plot: PlotBox;
  readonly span: Span;
  readonly axis: Axis;
  readonly scale: 'linear' | 'log';
}

/**
 * Lines of milliseconds over time. What rests on fewer than 20 samples is thin and dotted. recharts has the axes and their
 * scales; the curves are drawn with these in one go, since twelve `Line`s took twice the script of an update (16 for 8 ms).
 */
export const LinesPlot = memo(function LinesPlot({ plot, span, axis, scale, ...curves }: Props) {
  return (
    <LineChart width={plot.width} height={plot.height} data={NO_DATA} margin={NO_MARGIN} accessibilityLayer={false}>
      <XAxis dataKey="t" type="number" domain={[span.fromMs, span.toMs]} allowDataOverflow hide />
      <YAxis type="number" scale={scale} domain={axis.domain as [number, number]} allowDataOverflow hide />
      <Curves {...curves} />
    </LineChart>
  );
});

const NO_MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };
const NO_DATA: LineRow[] = [];

function Curves({ lines, rows, faint }: CurvesProps) {
  const [xScale, yScale] = [useXAxisScale(), useYAxisScale()];
  if (xScale === undefined || yScale === undefined) return null;
  const pathOf = (key: `${'v' | 'w'}${number}`): string => {
    let path = '';
    let joined = false;
    for (const row of rows) {
      const value = row[key] ?? null;
      if (value === null) {
        joined = false;
        continue;
      }
      path += `${joined ? 'L' : 'M'}${xScale(row.t)?.toFixed(1)} ${yScale(Math.max(LEAST_MS, value))?.toFixed(1)}`;
      joined = true;
    }
    return path;
  };
  return lines.map(({ label, color, dash }, at) => (
    <g key={label} className="recharts-line" stroke={color} fill="none">
      <path className="recharts-line-curve" d={pathOf(`v${at}`)} strokeWidth={1.5} strokeDasharray={dash} />
      {faint.has(at) && <path className="few-samples" d={pathOf(`w${at}`)} strokeDasharray="1.5 3" />}
      {lonePoints(rows, at).map(({ t, ms }) => (
        <circle key={t} cx={xScale(t)} cy={yScale(Math.max(LEAST_MS, ms))} r={LONE_DOT_PX} fill={color} stroke="none" />
      ))}
    </g>
  ));
}
