import { useMemo, useRef } from 'react';
import { timeTicks } from './axis.ts';
import { groupMarks, type Mark, type MarkGroup } from './marks.ts';
import type { Span } from './timeScope.ts';

/** A mark, and each figure of the number beside one that stands for several. */
const MARK_PX = 14;
const FIGURE_PX = 7;
const markWidth = (marks: number): number => MARK_PX + FIGURE_PX * String(marks).length;

/** What moves with the time under a chart. It is placed once, and then only shifted, as long as nothing comes or goes. */
export interface LaidOut {
  readonly ticks: readonly { readonly t: number; readonly x: number }[];
  readonly groups: readonly MarkGroup[];
}

interface Kept extends LaidOut {
  readonly marks: readonly Mark[];
  readonly span: Span;
  readonly width: number;
}

/** Round moments and marks on the axis, the same objects while they are the same; `shiftPx`: how far it has moved since. */
export function useLaidOut(
  marks: readonly Mark[],
  { fromMs, toMs }: Span,
  width: number,
): LaidOut & { shiftPx: number } {
  const kept = useRef<Kept | null>(null);
  return useMemo(() => {
    const span = { fromMs, toMs };
    const ticks = timeTicks(fromMs, toMs);
    const before = kept.current;
    const stays = before !== null && before.width === width && isSame(before, ticks, marks, span);
    kept.current = stays ? before : layOut(ticks, marks, span, width);
    const { ticks: placed, groups, span: then } = kept.current;
    return { ticks: placed, groups, shiftPx: Math.round(((then.toMs - toMs) / (toMs - fromMs)) * width) };
  }, [marks, fromMs, toMs, width]);
}

const rangeOf = ({ fromMs, toMs }: Span): number => toMs - fromMs;

function isSame(before: Kept, ticks: readonly number[], marks: readonly Mark[], span: Span): boolean {
  return (
    rangeOf(before.span) === rangeOf(span) &&
    before.ticks.length === ticks.length &&
    before.marks.length === marks.length &&
    before.ticks.every(({ t }, i) => t === ticks[i]) &&
    before.marks.every((mark, i) => mark === marks[i])
  );
}

function layOut(ticks: readonly number[], marks: readonly Mark[], span: Span, width: number): Kept {
  const xOf = (t: number): number => ((t - span.fromMs) / rangeOf(span)) * width;
  return {
    ticks: ticks.map((t) => ({ t, x: xOf(t) })),
    groups: groupMarks(marks, (t) => Math.round(xOf(t)), markWidth),
    marks,
    span,
    width,
  };
}
