import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { fixedMs, timeOfDay } from '../format.ts';
import type { SeriesRow } from '../store/series.ts';
import { linearAxis, logAxis, timeTicks } from './axis.ts';
import { type ChartMark, MarksLayer } from './MarksLayer.tsx';

/** One line: its column in the rows, its label, how it is drawn. */
export interface LineSpec {
  readonly key: `v${number}`;
  readonly label: string;
  readonly color: string;
  readonly dash: string | undefined;
}

export interface TimeChartProps {
  readonly lines: readonly LineSpec[];
  readonly rows: readonly SeriesRow[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly scale: 'linear' | 'log';
  readonly marks: readonly ChartMark[];
  /** The line that is pointed at in the legend: the others step back. */
  readonly highlight: string | null;
}

/** Lines of milliseconds over time. Draws when its rows change, which is once a second. */
export const TimeChart = memo(function TimeChart(props: TimeChartProps) {
  const { lines, rows, fromMs, toMs, scale, marks, highlight } = props;
  const { min, max } = extent(rows, lines);
  const axis = scale === 'log' ? logAxis(min, max) : linearAxis(max);
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={FIRST_SIZE}>
      <LineChart data={rows as SeriesRow[]} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--hairline)" />
        <XAxis
          dataKey="t"
          type="number"
          scale="linear"
          domain={[fromMs, toMs]}
          allowDataOverflow
          ticks={timeTicks(fromMs, toMs)}
          tickFormatter={timeTick}
          tick={TICK}
          tickLine={false}
          stroke="var(--hairline)"
          interval={0}
          height={22}
        />
        <YAxis
          type="number"
          scale={scale}
          domain={axis.domain as [number, number]}
          allowDataOverflow
          ticks={axis.ticks as number[]}
          tickFormatter={String}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          width={46}
          interval={0}
        />
        <Tooltip content={PointedAt} isAnimationActive={false} cursor={CURSOR} wrapperStyle={ABOVE} />
        {lines.map((line) => (
          <Line
            key={line.key}
            dataKey={line.key}
            name={line.label}
            type="linear"
            stroke={line.color}
            strokeWidth={highlight === line.key ? 2.5 : 1.5}
            strokeOpacity={highlight === null || highlight === line.key ? 1 : 0.18}
            {...(line.dash === undefined ? null : { strokeDasharray: line.dash })}
            dot={false}
            activeDot={false}
            connectNulls={false}
            isAnimationActive={false}
          />
        ))}
        <MarksLayer marks={marks} />
      </LineChart>
    </ResponsiveContainer>
  );
});

const MARGIN = { top: 14, right: 14, bottom: 0, left: 0 };
const FIRST_SIZE = { width: 600, height: 240 };
const TICK = { fill: 'var(--text-dim)', fontSize: 11 };
const CURSOR = { stroke: 'var(--text-dim)', strokeWidth: 1 };
const ABOVE = { zIndex: 5 };

const timeTick = (value: number): string => timeOfDay(value).replace(/:00$/, '');

interface Pointed {
  readonly active?: boolean;
  readonly label?: string | number | undefined;
  readonly payload?: readonly {
    readonly name?: unknown;
    readonly value?: unknown;
    readonly color?: string | undefined;
  }[];
}

function PointedAt({ active, label, payload }: Pointed) {
  if (active !== true || payload === undefined || payload.length === 0) return null;
  return (
    <div className="tip">
      <strong>{timeOfDay(Number(label))}</strong>
      <table>
        <tbody>
          {payload.map((entry) => (
            <tr key={String(entry.name)}>
              <td>
                <span className="swatch" style={{ background: entry.color }} />
                <bdi>{String(entry.name)}</bdi>
              </td>
              <td className="num">{fixedMs(typeof entry.value === 'number' ? entry.value : null)} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function extent(rows: readonly SeriesRow[], lines: readonly LineSpec[]): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const row of rows) {
    for (const line of lines) {
      const value = row[line.key];
      if (typeof value === 'number') {
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  }
  return { min, max };
}
