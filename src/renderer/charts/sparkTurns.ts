import { isTickReserved, onTick } from '../store/ticker.ts';

/**
 * Points come for all links at once, once a second; they are drawn a few at a tick, so that no tick is long. One of the four
 * is the chart's.
 */
const TICKS = 3;
const LEAST = 6;

const waiting = new Set<() => void>();
let untick: (() => void) | null = null;

/** Calls `draw` at one of the next ticks, once however often it is asked. */
export function drawSoon(draw: () => void): void {
  waiting.add(draw);
  untick ??= onTick(drawSome);
}

export function forgetDrawing(draw: () => void): void {
  waiting.delete(draw);
}

let share = 0;

function drawSome(): void {
  if (isTickReserved()) return;
  share = Math.max(share, LEAST, Math.ceil(waiting.size / TICKS));
  let left = share;
  for (const draw of waiting) {
    if (left === 0) return;
    left -= 1;
    waiting.delete(draw);
    draw();
  }
  if (waiting.size > 0) return;
  share = 0;
  untick?.();
  untick = null;
}
