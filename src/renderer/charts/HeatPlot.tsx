import { memo, useLayoutEffect, useMemo, useRef } from 'react';
import { createPortal } from 'react-dom';
import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';
import { type ShownTheme, useTheme } from '../ui/theme.ts';
import type { Axis } from './axis.ts';
import type { PlotBox } from './ChartFrame.tsx';
import {
  type Bands,
  bandAt,
  bandCountIn,
  bandCounts,
  bandsOf,
  cellTexts,
  HEAT_STEPS,
  heatSteps,
  stepOf,
  stepTexts,
} from './heat.ts';
import type { Plotted } from './plotted.ts';
import { type Point, pointAt } from './points.ts';
import { type Span, useCursor } from './timeScope.ts';
import { sharpContext, tokenColor } from './tokenColor.ts';

const HATCH_PX = 6;

interface Cells {
  readonly bands: Bands;
  readonly counts: readonly (readonly number[] | null)[];
  readonly steps: readonly number[];
}

interface Props extends Plotted {
  /** The list that the key stands in: over the newest cells it would hide those that matter most. */
  readonly keyPlace: HTMLElement | null;
}

/** Where the round trips of each slice lay, the more the stronger. A slice without any is hatched: that is not zero. */
export const HeatPlot = memo(function HeatPlot({ plot, points, range, span, axis, keyPlace }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { shown } = useTheme();
  const cells = useMemo(() => cellsOf(points, axis, plot.height), [points, axis, plot.height]);
  useLayoutEffect(() => {
    if (canvas.current !== null) draw(canvas.current, plot, points, cells, range, span, shown);
  }, [plot, points, cells, range, span, shown]);
  return (
    <>
      <canvas
        ref={canvas}
        data-testid="heatmap"
        data-cells={cells.counts.reduce((sum, counts) => sum + (counts?.filter((count) => count > 0).length ?? 0), 0)}
        data-gaps={cells.counts.filter((counts) => counts === null).length}
      />
      <PointedCell cells={cells} points={points} range={range} span={span} plot={plot} />
      {keyPlace !== null && createPortal(<HeatKey steps={cells.steps} />, keyPlace)}
    </>
  );
});

function HeatKey({ steps }: Pick<Cells, 'steps'>) {
  return (
    <>
      {stepTexts(steps).map((text, step) => (
        <li key={text}>
          <span className="swatch" style={{ background: `var(${heatToken(step, steps.length)})` }} />{' '}
          <span data-picture-text>{text}</span>
        </li>
      ))}
      <li>
        <span className="swatch hatched" /> <span data-picture-text>not measured</span>
      </li>
    </>
  );
}

function cellsOf(points: readonly Point[], axis: Axis, height: number): Cells {
  const bands = bandsOf(axis, bandCountIn(height));
  const counts = points.map(({ slice }) => bandCounts(slice, bands));
  const most = counts.reduce((max, column) => Math.max(max, ...(column ?? [])), 0);
  return { bands, counts, steps: heatSteps(most) };
}

/** Few steps lie far apart in lightness, the last is always the strongest. */
function heatToken(step: number, steps: number): string {
  return `--heat-${steps < 2 ? HEAT_STEPS - 1 : Math.round((step / (steps - 1)) * (HEAT_STEPS - 1))}`;
}

function draw(
  canvas: HTMLCanvasElement,
  plot: PlotBox,
  points: readonly Point[],
  { bands, counts, steps }: Cells,
  range: SliceRange,
  span: Span,
  theme: ShownTheme,
): void {
  const context = sharpContext(canvas, plot);
  if (context === null) return;
  const { width, height } = plot;
  const { sliceMs, rangeMs } = SLICE_SHAPES[range];
  const xOf = (t: number): number => Math.round(((Math.min(t, span.toMs) - span.fromMs) / rangeMs) * width);
  const host = canvas.parentElement ?? canvas;
  const colors = steps.map((_, step) => tokenColor(host, heatToken(step, steps.length), theme));
  hatch(context, width, height, tokenColor(host, '--border', theme));
  for (const [i, point] of points.entries()) {
    const column = counts[i];
    if (column === null || column === undefined) continue;
    const from = xOf(point.slice.fromMs);
    const to = Math.max(from + 1, xOf(point.slice.fromMs + sliceMs));
    context.clearRect(from, 0, to - from, height);
    for (const [band, count] of column.entries()) {
      if (count === 0) continue;
      const top = Math.round(height * (1 - (band + 1) / bands.count));
      const bottom = Math.round(height * (1 - band / bands.count));
      context.fillStyle = colors[stepOf(steps, count)] ?? '';
      context.fillRect(from, top, Math.max(1, to - from - 1), Math.max(1, bottom - top - 1));
    }
  }
}

/** Slanted lines over everything: what is measured is cleared out of them. */
function hatch(context: CanvasRenderingContext2D, width: number, height: number, color: string): void {
  context.strokeStyle = color;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = -height; x < width; x += HATCH_PX) {
    context.moveTo(x, height);
    context.lineTo(x + height, 0);
  }
  context.stroke();
  context.globalAlpha = 1;
}

interface PointedProps extends Omit<Plotted, 'axis'> {
  readonly cells: Cells;
}

/** The cell under the pointer, or that was moved to by keyboard. */
function PointedCell({ cells, points, range, span, plot }: PointedProps) {
  const cursor = useCursor();
  const point = cursor === null ? null : pointAt(points, cursor.t);
  if (cursor === null || cursor.down === null || point === null) return null;
  const { sliceMs, rangeMs } = SLICE_SHAPES[range];
  const { bands } = cells;
  const band = bandAt(cursor.down, bands.count);
  const [time, height, samples] = cellTexts(point.slice, sliceMs, bands, band);
  const xOf = (t: number): number => ((Math.min(t, span.toMs) - span.fromMs) / rangeMs) * plot.width;
  const x = xOf(cursor.t);
  const place = x > plot.width / 2 ? { right: plot.width - x + 12 } : { left: x + 12 };
  const left = Math.max(0, xOf(point.slice.fromMs));
  const cell = {
    left,
    width: Math.max(2, xOf(point.slice.fromMs + sliceMs) - left),
    top: plot.height * (1 - (band + 1) / bands.count),
    height: plot.height / bands.count,
  };
  return (
    <>
      <div className="heat-cell" style={cell} />
      <div className="tip heat-tip" style={place} data-testid="heat-tip">
        <strong>{time}</strong>
        <p>{height}</p>
        <p>{samples}</p>
      </div>
    </>
  );
}
