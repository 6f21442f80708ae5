import { memo, useLayoutEffect, useRef } from 'react';
import type { SliceRange } from '../../shared/slices.ts';
import { type ShownTheme, useTheme } from '../ui/theme.ts';
import { type Axis, heightOf, LEAST_MS } from './axis.ts';
import type { PlotBox } from './ChartFrame.tsx';
import type { LineLook } from './LinesPlot.tsx';
import { isFaint, isHole, LONE_DOT_PX, type Point, type Quantile } from './points.ts';
import type { Span } from './timeScope.ts';
import { sharpContext, tokenColor } from './tokenColor.ts';

const FAINT_DASH = [1.5, 3];

interface Props {
  readonly plot: PlotBox;
  readonly looks: readonly LineLook[];
  /** Of each line, in the order of `looks`. */
  readonly points: readonly (readonly Point[])[];
  readonly quantile: Quantile;
  readonly range: SliceRange;
  readonly span: Span;
  readonly axis: Axis;
  readonly scale: 'linear' | 'log';
  /** The number of the line that is pointed at: the others step back. */
  readonly highlight: number | null;
}

/**
 * One figure of many links over time. What rests on few samples is thin and dotted. On a canvas (row D7): with 200 links and
 * twelve lines an update of recharts took 9 ms of script and 4 of layout and paint, this one under 1 (bench `ui`).
 */
export const CurvesPlot = memo(function CurvesPlot(props: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { shown } = useTheme();
  useLayoutEffect(() => {
    if (canvas.current !== null) draw(canvas.current, props, shown);
  }, [props, shown]);
  const drawn = props.points.filter((points) => points.some(({ figures }) => figures !== null));
  return <canvas ref={canvas} className="curves" data-testid="curves" data-lines={drawn.length} />;
});

function draw(canvas: HTMLCanvasElement, props: Props, theme: ShownTheme): void {
  const { plot, looks, points, highlight } = props;
  const context = sharpContext(canvas, plot);
  if (context === null) return;
  const host = canvas.parentElement ?? canvas;
  context.lineJoin = 'round';
  for (const [line, { color, dash }] of looks.entries()) {
    const paths = pathsOf(points[line] ?? [], props);
    context.strokeStyle = tokenColor(host, color.slice('var('.length, -1), theme);
    context.globalAlpha = highlight === null || highlight === line ? 1 : 0.18;
    context.lineWidth = highlight === line ? 2.5 : 1.5;
    context.setLineDash(dash?.split(' ').map(Number) ?? []);
    context.stroke(paths.sure);
    context.lineWidth = 1;
    context.setLineDash(FAINT_DASH);
    context.stroke(paths.faint);
    context.fillStyle = context.strokeStyle;
    context.fill(paths.dots);
  }
}

/** A piece is as faint as the fainter of its ends; there is none across a gap. A point without any piece is a dot. */
function pathsOf(points: readonly Point[], { plot, quantile, range, span, axis, scale }: Props) {
  const sure = new Path2D();
  const faint = new Path2D();
  const dots = new Path2D();
  const perMs = plot.width / (span.toMs - span.fromMs);
  let before: { readonly point: Point; readonly x: number; readonly y: number } | null = null;
  let pen: Path2D | null = null;
  const end = (): void => {
    if (before === null || pen !== null) return;
    dots.moveTo(before.x, before.y);
    dots.arc(before.x, before.y, LONE_DOT_PX, 0, 2 * Math.PI);
  };
  for (const point of points) {
    const value = point.figures?.[quantile] ?? null;
    if (value === null || (before !== null && isHole(before.point, point, range))) {
      end();
      before = null;
      pen = null;
    }
    if (value === null) continue;
    const x = (point.t - span.fromMs) * perMs;
    const y = (1 - heightOf(axis, scale, Math.max(LEAST_MS, value))) * plot.height;
    if (before !== null) {
      const next = isFaint(before.point) || isFaint(point) ? faint : sure;
      if (pen !== next) next.moveTo(before.x, before.y);
      next.lineTo(x, y);
      pen = next;
    }
    before = { point, x, y };
  }
  end();
  return { sure, faint, dots };
}
