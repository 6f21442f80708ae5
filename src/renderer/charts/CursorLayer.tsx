import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { SLICE_SHAPES } from '../../shared/slices.ts';
import { timeOfDay } from '../format.ts';
import { bandAt } from './heat.ts';
import { useCursor, usePausedMs, useSpan, useTimeScope } from './timeScope.ts';

/** One of so many rows of cells, 0 at the foot. */
export interface CellRow {
  readonly row: number;
  readonly rows: number;
}

/** What a chart says at a moment, in words: as a whole, or of one of its cells. */
export type Describe = (t: number, cell?: CellRow) => string;

interface Props {
  readonly label: string;
  readonly describe: Describe;
  /** Rows of cells that ↑ and ↓ move through; 0 for a chart that has none. */
  readonly rows?: number;
  readonly place: Required<Pick<CSSProperties, 'left' | 'top' | 'height'>> & { readonly width: number };
}

const DRAG_FROM_PX = 4;

/**
 * The moment that is pointed at, as a line through every chart of the page. By pointer: move, and drag to move the axis. By
 * keyboard it is a slider: arrows move it, or the axis once that stands still; Shift and an arrow always move the line. Where
 * there are cells, ↑ comes in from the foot, ↓ from the top.
 */
export function CursorLayer({ label, describe, rows = 0, place }: Props) {
  const scope = useTimeScope();
  const span = useSpan();
  const cursor = useCursor();
  const pausedMs = usePausedMs();
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  if (span === null) return null;
  const { fromMs, toMs } = span;
  const { sliceMs, rangeMs } = SLICE_SHAPES[scope.range];
  const at = cursor === null ? toMs : Math.min(toMs, Math.max(fromMs, cursor.t));
  const down = rows === 0 ? null : (cursor?.down ?? null);
  // A value that goes on by itself would be read out every second to whoever has the focus here.
  const isNewest = cursor === null && pausedMs === null;
  const said = isNewest ? '' : describe(at, down === null ? undefined : { row: bandAt(down, rows), rows });

  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    const box = event.currentTarget.getBoundingClientRect();
    const held = drag.current;
    if (held !== null && (held.moved || Math.abs(event.clientX - held.x) >= DRAG_FROM_PX)) {
      scope.scrub(((held.x - event.clientX) / place.width) * rangeMs);
      drag.current = { x: event.clientX, moved: true };
      return;
    }
    const t = fromMs + ((event.clientX - box.left) / place.width) * rangeMs;
    scope.point({ t, down: (event.clientY - box.top) / box.height });
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const page = { PageUp: -1, PageDown: 1 }[event.key];
    const up = rows === 0 ? undefined : { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const move = (t: number, to = down): void => scope.point({ t: Math.min(toMs, Math.max(fromMs, t)), down: to });
    if (up !== undefined) move(at, nextRow(down, up, rows));
    else if (step !== undefined) {
      if (pausedMs !== null && !event.shiftKey) scope.scrub((step * rangeMs) / 10);
      else move(at + step * sliceMs);
    } else if (page !== undefined) scope.scrub(page * rangeMs);
    else if (event.key === 'Home') move(fromMs + 1);
    else if (event.key === 'End') move(toMs);
    else if (event.key === ' ') scope.toggle();
    else if (event.key === 'Escape' && cursor !== null) scope.point(null);
    else return;
    event.preventDefault();
  }

  return (
    <div
      className="chart-cursor"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={isNewest ? 0 : Math.round(fromMs)}
      aria-valuemax={isNewest ? rangeMs : Math.round(toMs)}
      aria-valuenow={isNewest ? rangeMs : Math.round(at)}
      aria-valuetext={isNewest ? 'newest' : `${timeOfDay(at)}: ${said}`}
      style={place}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, moved: false };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerLeave={() => scope.point(null)}
      onKeyDown={onKeyDown}
    >
      {cursor !== null && cursor.t >= fromMs && cursor.t <= toMs && (
        <span className="cursor-line" style={{ left: ((cursor.t - fromMs) / rangeMs) * place.width }} />
      )}
    </div>
  );
}

/** The middle of the row above (1) or below (-1) this height; those at the edge stay. */
function nextRow(down: number | null, up: number, rows: number): number {
  const row = down === null ? (up > 0 ? 0 : rows - 1) : bandAt(down, rows) + up;
  return 1 - (Math.min(rows - 1, Math.max(0, row)) + 0.5) / rows;
}
