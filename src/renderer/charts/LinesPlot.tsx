import { memo } from 'react';
import { Line, LineChart, XAxis, YAxis } from 'recharts';
import type { Axis } from './axis.ts';
import type { PlotBox } from './ChartFrame.tsx';
import type { LineRow } from './lines.ts';
import type { Span } from './timeScope.ts';

/** One line: what it is called, how it is drawn. Its values are the rows' `v` and its number, few samples `w`. */
export interface LineLook {
  readonly label: string;
  readonly color: string;
  readonly dash: string | undefined;
}

interface Props {
  readonly plot: PlotBox;
  readonly lines: readonly LineLook[];
  readonly rows: readonly LineRow[];
  readonly span: Span;
  readonly axis: Axis;
  readonly scale: 'linear' | 'log';
  /** The number of the line that is pointed at: the others step back. */
  readonly highlight: number | null;
  /** Lines that somewhere rest on few samples: only these are drawn a second time. */
  readonly faint: ReadonlySet<number>;
}

/** Lines of milliseconds over time. What rests on fewer than 20 samples is thin and dotted. */
export const LinesPlot = memo(function LinesPlot(props: Props) {
  const { plot, lines, rows, span, axis, scale, highlight, faint } = props;
  return (
    <LineChart
      width={plot.width}
      height={plot.height}
      data={rows as LineRow[]}
      margin={NO_MARGIN}
      accessibilityLayer={false}
    >
      <XAxis dataKey="t" type="number" domain={[span.fromMs, span.toMs]} allowDataOverflow hide />
      <YAxis type="number" scale={scale} domain={axis.domain as [number, number]} allowDataOverflow hide />
      {lines.flatMap(({ label, color, dash }, at) => {
        const strokeOpacity = highlight === null || highlight === at ? 1 : 0.18;
        const common = {
          name: label,
          type: 'linear',
          stroke: color,
          dot: false,
          activeDot: false,
          connectNulls: false,
          isAnimationActive: false,
        } as const;
        const solid = (
          <Line
            key={`v${at}`}
            dataKey={`v${at}`}
            {...common}
            strokeWidth={highlight === at ? 2.5 : 1.5}
            strokeOpacity={strokeOpacity}
            {...(dash === undefined ? null : { strokeDasharray: dash })}
          />
        );
        if (!faint.has(at)) return [solid];
        const few = (
          <Line
            key={`w${at}`}
            dataKey={`w${at}`}
            {...common}
            className="few-samples"
            strokeWidth={1}
            strokeOpacity={strokeOpacity * 0.8}
            strokeDasharray="1.5 3"
          />
        );
        return [solid, few];
      })}
    </LineChart>
  );
});

const NO_MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };
