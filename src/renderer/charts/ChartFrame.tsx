import { memo, type ReactNode, useMemo, useRef } from 'react';
import { timeOfDay } from '../format.ts';
import { type Axis, heightOf, timeTicks } from './axis.ts';
import { CursorLayer, type Describe } from './CursorLayer.tsx';
import { Limits } from './Limits.tsx';
import type { Limit } from './limits.ts';
import { MarkStrip } from './MarkStrip.tsx';
import { groupMarks, type Mark } from './marks.ts';
import type { Span } from './timeScope.ts';
import { useSize } from './useSize.ts';

/** All charts of a page begin and end at the same x, so that one moment lies under the other. */
export const GUTTER = { left: 46, right: 14, bottom: 20 } as const;
const STRIP_HEIGHT = 17;
/** A mark, and each figure of the number beside one that stands for several. */
const MARK_PX = 14;
const FIGURE_PX = 7;
const markWidth = (marks: number): number => MARK_PX + FIGURE_PX * String(marks).length;

export interface PlotBox {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

interface Props {
  readonly label: string;
  readonly span: Span;
  readonly axis: Axis;
  readonly scale: 'linear' | 'log';
  readonly limits: readonly Limit[];
  readonly marks: readonly Mark[];
  readonly colorOf: (link: string) => string;
  readonly withLink: boolean;
  readonly describe: Describe;
  /** Whether what is drawn fills areas, which would hide what lies under them. */
  readonly filled?: boolean;
  /** How many rows of cells there are in a plot of so many pixels; without it there are none. */
  readonly rowsIn?: ((heightPx: number) => number) | undefined;
  readonly children: (plot: PlotBox) => ReactNode;
}

/** Axes, limits, events and the pointer around whatever draws the values themselves. */
export function ChartFrame(props: Props) {
  const { label, span, axis, scale, limits, marks, colorOf, withLink, describe, rowsIn, children } = props;
  const { filled = false } = props;
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const width = Math.max(0, (size?.width ?? 0) - GUTTER.left - GUTTER.right);
  const height = Math.max(0, (size?.height ?? 0) - STRIP_HEIGHT - GUTTER.bottom);
  const { fromMs, toMs } = span;
  const groups = useMemo(
    () => groupMarks(marks, (t) => Math.round(((t - fromMs) / (toMs - fromMs)) * width), markWidth),
    [marks, fromMs, toMs, width],
  );
  const ratio = size?.ratio ?? 1;
  const plot = useMemo(() => ({ width, height, ratio }), [width, height, ratio]);
  const place = { left: GUTTER.left, top: STRIP_HEIGHT, width, height };
  // Under lines, which must not be hidden by words; over areas, which would hide them.
  const named = <Limits limits={limits} axis={axis} scale={scale} width={width} height={height} overAreas={filled} />;
  return (
    <div className="chart-frame" ref={element}>
      {width > 0 && (
        <>
          <Axes axis={axis} scale={scale} span={span} width={width} height={height} />
          {!filled && (
            <svg className="chart-under" style={place} width={width} height={height} aria-hidden="true">
              {named}
            </svg>
          )}
          <div className="chart-plot" style={place}>
            {children(plot)}
          </div>
          <svg className="chart-over" style={place} width={width} height={height} aria-hidden="true">
            {groups.map(({ x, marks: [first] }) => (
              <line key={first?.seq} x1={x} x2={x} y1={0} y2={height} className="mark-line" />
            ))}
            {filled && named}
          </svg>
          <CursorLayer label={label} describe={describe} rows={rowsIn?.(height) ?? 0} place={place} />
          <div className="strip-place" style={{ left: GUTTER.left, width }}>
            <MarkStrip groups={groups} width={width} colorOf={colorOf} withLink={withLink} />
          </div>
        </>
      )}
    </div>
  );
}

interface ValuesProps {
  readonly axis: Axis;
  readonly scale: 'linear' | 'log';
  readonly width: number;
  readonly height: number;
}

interface AxesProps extends ValuesProps {
  readonly span: Span;
}

/** Round values from left to right, round moments under the plot. */
function Axes({ axis, scale, span, width, height }: AxesProps) {
  const xOf = (t: number): number => GUTTER.left + ((t - span.fromMs) / (span.toMs - span.fromMs)) * width;
  const bottom = STRIP_HEIGHT + height;
  return (
    <svg
      className="chart-axes"
      width={width + GUTTER.left + GUTTER.right}
      height={bottom + GUTTER.bottom}
      aria-hidden="true"
    >
      <Values axis={axis} scale={scale} width={width} height={height} />
      {timeTicks(span.fromMs, span.toMs).map((t) => (
        <g key={t} transform={`translate(${xOf(t)} ${bottom})`}>
          <line y2={4} />
          <text y={15} textAnchor="middle">
            {timeOfDay(t).replace(/:00$/, '')}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** These stay where they are while the time under them moves. */
const Values = memo(function Values({ axis, scale, width, height }: ValuesProps) {
  return axis.ticks.map((tick) => {
    const y = STRIP_HEIGHT + (1 - heightOf(axis, scale, tick)) * height;
    return (
      <g key={tick}>
        <line x1={GUTTER.left} x2={GUTTER.left + width} y1={y} y2={y} />
        <text x={GUTTER.left - 6} y={y + 4} textAnchor="end">
          {tick}
        </text>
      </g>
    );
  });
});
