import { memo, useEffect, useRef } from 'react';
import { useEngine, useSeriesVersion } from '../store/hooks.ts';
import { useTheme } from '../ui/theme.ts';

const POINTS = 120;
const HEIGHT = 18;

/** The p99 of the last two minutes on a canvas, from zero to its own largest value. The figures stand beside it. */
export const Sparkline = memo(function Sparkline({ name, color }: { readonly name: string; readonly color: string }) {
  const { series } = useEngine();
  const version = useSeriesVersion();
  const { shown } = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, series.values(name, POINTS));
  }, [series, name, version, shown]);
  return (
    <span aria-hidden="true">
      <canvas ref={canvas} className="spark" style={{ color }} />
    </span>
  );
});

function draw(canvas: HTMLCanvasElement, values: Float64Array): void {
  const context = canvas.getContext('2d');
  const ratio = window.devicePixelRatio;
  const width = canvas.clientWidth;
  if (context === null || width === 0) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT);
  let top = 0;
  for (const value of values) if (value > top) top = value;
  if (top === 0) return;
  context.strokeStyle = getComputedStyle(canvas).color;
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
