import { memo, useLayoutEffect, useRef } from 'react';
import type { SkewView } from '../../shared/feedLatency.ts';
import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';
import { latency } from '../format.ts';
import { type ShownTheme, useTheme } from '../ui/theme.ts';
import { linearAxis } from './axis.ts';
import { GUTTER } from './ChartFrame.tsx';
import { CursorLayer } from './CursorLayer.tsx';
import { type LanePoint, STALL_MS } from './laneData.ts';
import type { Span } from './timeScope.ts';
import { sharpContext, tokenColor } from './tokenColor.ts';
import { type Size, useSize } from './useSize.ts';

const HEIGHT = 30;

interface Props {
  readonly lane: readonly LanePoint[];
  readonly range: SliceRange;
  readonly span: Span;
  readonly skew: SkewView | null;
  readonly describe: (t: number) => string;
}

interface Drawing extends Omit<Props, 'describe'> {
  readonly context: CanvasRenderingContext2D;
  readonly host: Element;
  readonly size: Size;
  readonly topMs: number;
  readonly theme: ShownTheme;
}

/** Feed latency and this machine's own lateness under the round trips: what rises alone is to blame. */
export const Lane = memo(function Lane(props: Props) {
  const { lane, skew, describe } = props;
  const feed = lane.flatMap(({ feedMs }) => (feedMs === null ? [] : [feedMs + (skew?.errorMs ?? 0)]));
  const feedTop = linearAxis(Math.max(1, ...feed)).domain[1];
  const loopTop = linearAxis(Math.max(STALL_MS, ...lane.map(({ loopMs }) => loopMs))).domain[1];
  return (
    <div className="lanes">
      <LaneRow
        {...props}
        topMs={feedTop}
        draw={drawFeed}
        label="Feed latency at a moment"
        describe={describe}
        title="Feed latency"
        note={feed.length === 0 ? 'no timestamps from this venue, or no data yet' : feedNote(feedTop, skew)}
      />
      <LaneRow
        {...props}
        topMs={loopTop}
        draw={drawLoop}
        label="This machine’s lateness at a moment"
        describe={describe}
        title="This machine late"
        note={`to ${latency(loopTop)}, ■ over ${STALL_MS} ms: a stall of its own`}
      />
    </div>
  );
});

function feedNote(topMs: number, skew: SkewView | null): string {
  const error = skew === null ? 'error unknown: venue’s clock not measured' : `± ${latency(skew.errorMs)}`;
  return `median, to ${latency(topMs)}, ${error}`;
}

interface RowProps extends Props {
  readonly topMs: number;
  readonly draw: (drawing: Drawing) => void;
  readonly label: string;
  readonly title: string;
  readonly note: string;
}

function LaneRow({ lane, range, span, skew, describe, topMs, draw, label, title, note }: RowProps) {
  const element = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(element);
  const { shown } = useTheme();
  useLayoutEffect(() => {
    if (canvas.current === null || element.current === null || size === null) return;
    const drawn = { ...size, width: size.width - GUTTER.left - GUTTER.right, height: HEIGHT };
    const context = sharpContext(canvas.current, drawn);
    if (context !== null)
      draw({ context, host: element.current, size: drawn, lane, range, span, skew, topMs, theme: shown });
  }, [size, lane, range, span, skew, topMs, draw, shown]);
  const width = Math.max(0, (size?.width ?? 0) - GUTTER.left - GUTTER.right);
  return (
    <div className="lane" ref={element}>
      <p className="lane-title" data-picture-text>
        {title} <span className="dim">{note}</span>
      </p>
      <canvas ref={canvas} style={{ left: GUTTER.left, width, height: HEIGHT }} />
      <CursorLayer label={label} describe={describe} place={{ left: GUTTER.left, top: 16, width, height: HEIGHT }} />
    </div>
  );
}

/** A dot a slice with a bar as long as the clocks may be wrong. */
function drawFeed({ context, host, size, lane, range, span, skew, topMs, theme }: Drawing): void {
  const { sliceMs } = SLICE_SHAPES[range];
  context.fillStyle = tokenColor(host, '--p50', theme);
  context.strokeStyle = tokenColor(host, '--idle', theme);
  for (const { fromMs, feedMs } of lane) {
    if (feedMs === null) continue;
    const x = xOf(fromMs + sliceMs / 2, span, size);
    const yOf = (ms: number): number => 2 + (1 - Math.min(1, Math.max(0, ms / topMs))) * (size.height - 4);
    if (skew !== null) {
      context.beginPath();
      context.moveTo(x, yOf(feedMs - skew.errorMs));
      context.lineTo(x, yOf(feedMs + skew.errorMs));
      context.stroke();
    }
    context.fillRect(x - 1.5, yOf(feedMs) - 1.5, 3, 3);
  }
}

/** A bar a slice, and a square on top of one that is a stall. */
function drawLoop({ context, host, size, lane, range, span, topMs, theme }: Drawing): void {
  const { sliceMs } = SLICE_SHAPES[range];
  const [calm, stalled] = [tokenColor(host, '--idle', theme), tokenColor(host, '--warn', theme)];
  for (const { fromMs, loopMs } of lane) {
    const from = Math.round(xOf(fromMs, span, size));
    const to = Math.max(from + 1, Math.round(xOf(fromMs + sliceMs, span, size)) - 1);
    const isStall = loopMs > STALL_MS;
    const height = Math.max(1, (loopMs / topMs) * (size.height - 6));
    context.fillStyle = isStall ? stalled : calm;
    context.fillRect(from, size.height - height, to - from, height);
    if (isStall) context.fillRect((from + to) / 2 - 2.5, Math.max(0, size.height - height - 6), 5, 5);
  }
}

function xOf(t: number, { fromMs, toMs }: Span, { width }: Size): number {
  return ((Math.min(toMs, t) - fromMs) / (toMs - fromMs)) * width;
}
