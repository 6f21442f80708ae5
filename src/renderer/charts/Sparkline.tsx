import { memo, useEffect, useRef } from 'react';
import { useEngine } from '../store/hooks.ts';
import { whileSeen } from '../store/seen.ts';
import { onTick } from '../store/ticker.ts';
import { useTheme } from '../ui/theme.ts';

const POINTS = 120;
const HEIGHT = 18;

interface Look {
  readonly width: number;
  readonly color: string;
}

/** The last two minutes of p99, without axes: its shape only. A gap stays a gap. */
export const Sparkline = memo(function Sparkline({ name, color }: { readonly name: string; readonly color: string }) {
  const { series } = useEngine();
  const { shown } = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const held = canvas.current;
    if (held === null) return;
    let look: Look | null = null;
    const paint = (): void => {
      if (look !== null) draw(held, look, series.values(name, POINTS));
    };
    // Asked for only when it can have changed: asking makes the browser lay the page out.
    const observer = new ResizeObserver(([entry]) => {
      look = lookOf(held, entry?.contentRect.width ?? 0);
      // Drawn here it would be shown only with the next drawing: the frame is laid out already.
      waiting.add(paint);
    });
    observer.observe(held);
    const unfollow = whileSeen(
      (listener) => series.subscribe(listener),
      () => void waiting.add(paint),
    );
    const untick = onTick(drawSome);
    return () => {
      observer.disconnect();
      unfollow();
      untick();
      waiting.delete(paint);
    };
  }, [series, name, shown, color]);
  return (
    <span aria-hidden="true">
      <canvas ref={canvas} className="spark" style={{ color }} />
    </span>
  );
});

/** Points come for all links at once; they are drawn a few at a tick, so that no tick is long. */
const waiting = new Set<() => void>();
const TICKS = 4;
const LEAST = 6;
let drawnAt = 0;

function drawSome(): void {
  // Every sparkline ticks; one of them draws for all.
  const now = performance.now();
  if (waiting.size === 0 || now - drawnAt < ONE_TICK_MS) return;
  drawnAt = now;
  let left = Math.max(LEAST, Math.ceil(waiting.size / TICKS));
  for (const paint of waiting) {
    waiting.delete(paint);
    paint();
    left -= 1;
    if (left === 0) return;
  }
}

const ONE_TICK_MS = 100;

function lookOf(canvas: HTMLCanvasElement, width: number): Look {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  return { width, color: getComputedStyle(canvas).color };
}

function draw(canvas: HTMLCanvasElement, { width, color }: Look, values: Float64Array): void {
  const context = canvas.getContext('2d');
  const ratio = window.devicePixelRatio;
  if (context === null || width === 0) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT);
  let top = 0;
  for (const value of values) if (value > top) top = value;
  if (top === 0) return;
  context.strokeStyle = color;
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
