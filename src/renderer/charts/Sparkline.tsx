import { memo, useEffect, useRef } from 'react';
import { useEngine } from '../store/hooks.ts';
import { whileSeen } from '../store/seen.ts';
import { drawSoon, forgetDrawing } from './sparkTurns.ts';

const POINTS = 120;
const HEIGHT = 18;
/** The line is as wide as its box: its points are one apart. */
const VIEW = `0 0 ${POINTS - 1} ${HEIGHT}`;

/**
 * The last two minutes of p99, without axes: its shape only. A gap stays a gap. A path and no canvas: each canvas is a layer
 * of its own, and forty of them cost more to put together than to draw (bench `ui`).
 */
export const Sparkline = memo(function Sparkline({ name, color }: { readonly name: string; readonly color: string }) {
  const { series } = useEngine();
  const path = useRef<SVGPathElement>(null);
  useEffect(() => {
    const draw = (): void => path.current?.setAttribute('d', sparkPath(series.values(name, POINTS)));
    draw();
    const unfollow = whileSeen(
      (listener) => series.subscribe(listener),
      () => drawSoon(draw),
    );
    return () => {
      unfollow();
      forgetDrawing(draw);
    };
  }, [series, name]);
  return (
    <svg className="spark" viewBox={VIEW} preserveAspectRatio="none" aria-hidden="true">
      <path ref={path} stroke={color} />
    </svg>
  );
});

/** From the bottom to the largest value. */
export function sparkPath(values: Float64Array): string {
  let top = 0;
  for (const value of values) if (value > top) top = value;
  if (top === 0) return '';
  let path = '';
  let joined = false;
  for (const [x, value] of values.entries()) {
    if (!Number.isNaN(value))
      path += `${joined ? 'L' : 'M'}${x} ${(HEIGHT - 1.5 - (value / top) * (HEIGHT - 3)).toFixed(1)}`;
    joined = !Number.isNaN(value);
  }
  return path;
}
