import { memo, type ReactNode, useMemo, useRef } from 'react';
import { timeOfDay } from '../format.ts';
import { type Axis, heightOf } from './axis.ts';
import { CursorLayer, type Describe } from './CursorLayer.tsx';
import { Limits } from './Limits.tsx';
import type { Limit } from './limits.ts';
import { MarkStrip } from './MarkStrip.tsx';
import type { Mark } from './marks.ts';
import type { Span } from './timeScope.ts';
import { type LaidOut, useLaidOut } from './useLaidOut.ts';
import { useSize } from './useSize.ts';

/** All charts of a page begin and end at the same x, so that one moment lies under the other. */
export const GUTTER = { left: 46, right: 14, bottom: 20 } as const;
const STRIP_HEIGHT = 17;

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
  const { ticks, groups, shiftPx } = useLaidOut(marks, span, width);
  const transform = `translateX(${shiftPx}px)`;
  const ratio = size?.ratio ?? 1;
  const plot = useMemo(() => ({ width, height, ratio }), [width, height, ratio]);
  const place = { left: GUTTER.left, top: STRIP_HEIGHT, width, height };
  // Under lines, which must not be hidden by words; over areas, which would hide them.
  const named = <Limits limits={limits} axis={axis} scale={scale} width={width} height={height} overAreas={filled} />;
  return (
    <div className="chart-frame" ref={element}>
      {width > 0 && (
        <>
          <Values axis={axis} scale={scale} width={width} height={height} />
          <svg
            className="chart-axes moving"
            style={{ top: STRIP_HEIGHT + height, transform }}
            width={width + GUTTER.left + GUTTER.right}
            height={GUTTER.bottom}
            aria-hidden="true"
          >
            <Moments ticks={ticks} />
          </svg>
          {!filled && (
            <svg className="chart-under" style={place} width={width} height={height} aria-hidden="true">
              {named}
            </svg>
          )}
          <div className="chart-plot" style={place}>
            {children(plot)}
          </div>
          {filled && (
            <svg className="chart-over" style={place} width={width} height={height} aria-hidden="true">
              {named}
            </svg>
          )}
          <svg
            className="chart-over moving"
            style={{ ...place, transform }}
            width={width}
            height={height}
            aria-hidden="true"
          >
            <MarkLines groups={groups} height={height} />
          </svg>
          <CursorLayer label={label} describe={describe} rows={rowsIn?.(height) ?? 0} place={place} />
          <div className="strip-place moving" style={{ left: GUTTER.left, width, transform }}>
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

/** Round moments under the plot. */
const Moments = memo(function Moments({ ticks }: Pick<LaidOut, 'ticks'>) {
  return ticks.map(({ t, x }) => (
    <g key={t} transform={`translate(${GUTTER.left + x} 0)`}>
      <line y2={4} />
      <text y={15} textAnchor="middle">
        {timeOfDay(t).replace(/:00$/, '')}
      </text>
    </g>
  ));
});

const MarkLines = memo(function MarkLines({ groups, height }: Pick<LaidOut, 'groups'> & { readonly height: number }) {
  return groups.map(({ x, marks: [first] }) => (
    <line key={first?.seq} x1={x} x2={x} y1={0} y2={height} className="mark-line" />
  ));
});

/** Round values from bottom to top: these stay where they are while the time under them moves. */
const Values = memo(function Values({ axis, scale, width, height }: ValuesProps) {
  const full = { width: width + GUTTER.left + GUTTER.right, height: STRIP_HEIGHT + height + GUTTER.bottom };
  return (
    <svg className="chart-axes" {...full} aria-hidden="true">
      {axis.ticks.map((tick) => {
        const y = STRIP_HEIGHT + (1 - heightOf(axis, scale, tick)) * height;
        return (
          <g key={tick}>
            <line x1={GUTTER.left} x2={GUTTER.left + width} y1={y} y2={y} />
            <text x={GUTTER.left - 6} y={y + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        );
      })}
    </svg>
  );
});
