import { memo, useEffect, useRef } from 'react';
import { useEngine, useSeriesVersion } from '../store/hooks.ts';
import { useTheme } from '../ui/theme.ts';
import { sharpContext, tokenColor } from './tokenColor.ts';

const POINTS = 120;
const HEIGHT = 18;

/** The p99 of the last two minutes on a canvas, from zero to its own largest value. The figures stand beside it. */
export const Sparkline = memo(function Sparkline({ name, color }: { readonly name: string; readonly color: string }) {
  const { series } = useEngine();
  const version = useSeriesVersion();
  const { shown } = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, series.values(name, POINTS), color);
  }, [series, name, color, version, shown]);
  return (
    <span aria-hidden="true">
      <canvas ref={canvas} className="spark" style={{ color }} />
    </span>
  );
});

function draw(canvas: HTMLCanvasElement, values: Float64Array, color: string): void {
  const width = canvas.clientWidth;
  if (width === 0) return;
  const context = sharpContext(canvas, { width, height: HEIGHT, ratio: window.devicePixelRatio });
  if (context === null) return;
  let top = 0;
  for (const value of values) if (value > top) top = value;
  if (top === 0) return;
  context.strokeStyle = tokenColor(canvas, color.replace(/^var\((.*)\)$/, '$1'));
  context.lineWidth = 1.25;
  context.lineJoin = 'round';
  context.beginPath();
  let joined = false;
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) joined = false;
    else {
      const x = (i / (values.length - 1)) * (width - 2) + 1;
      const y = HEIGHT - 1.5 - (value / top) * (HEIGHT - 3);
      if (joined) context.lineTo(x, y);
      else context.moveTo(x, y);
      joined = true;
    }
  }
  context.stroke();
}
