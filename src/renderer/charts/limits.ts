import type { LinkView } from '../../shared/linkView.ts';

/** A latency that a rule draws the line at. */
export interface Limit {
  readonly ms: number;
  readonly text: string;
}

type LimitedP99 = Pick<LinkView['about'], 'fitP99Ms' | 'reconnectAboveP99Ms'>;
type Limited = LimitedP99 & Pick<LinkView['about'], 'degradedP95Ms'>;

/** The limits that the rules of this link use, lowest first. */
export function limitsOf(about: Limited): readonly Limit[] {
  return inOrder([{ ms: about.degradedP95Ms, text: 'p95 degraded' }, ...p99Rules(about)]);
}

/** Those for its p99. */
export function p99LimitsOf(about: LimitedP99): readonly Limit[] {
  return inOrder(p99Rules(about));
}

function p99Rules({ fitP99Ms, reconnectAboveP99Ms }: LimitedP99): readonly Limit[] {
  const fit = { ms: fitP99Ms, text: 'p99 fit for trading' };
  return reconnectAboveP99Ms > 0 ? [fit, { ms: reconnectAboveP99Ms, text: 'p99 reconnect' }] : [fit];
}

/** Those of one height are one line. */
function inOrder(limits: readonly Limit[]): readonly Limit[] {
  const heights = [...new Set(limits.map(({ ms }) => ms))].sort((a, b) => a - b);
  return heights.map((ms) => ({
    ms,
    text: limits.flatMap((limit) => (limit.ms === ms ? [limit.text] : [])).join(', '),
  }));
}

/** The limits for their p99 that all of these links share, and whether some have others. */
export function commonLimits(links: readonly LimitedP99[]): {
  readonly limits: readonly Limit[];
  readonly differ: boolean;
} {
  const all = links.map(p99LimitsOf);
  const [first = []] = all;
  const shared = first.filter((limit) =>
    all.every((limits) => limits.some((one) => one.ms === limit.ms && one.text === limit.text)),
  );
  return { limits: shared, differ: all.some((limits) => limits.length !== shared.length) };
}

export const limitText = ({ text, ms }: Limit): string => `${text} ${ms.toLocaleString('en-US')} ms`;

/** Of a label over a line; two that are nearer would lie on each other. */
const LABEL_PX = 13;

/** On which side of the plot each line has its label, given their heights in px: near neighbours take turns. */
export function labelSides(ys: readonly number[]): readonly ('start' | 'end')[] {
  const sides: ('start' | 'end')[] = [];
  for (const [index, y] of ys.entries()) {
    const near = index > 0 && Math.abs(y - (ys[index - 1] ?? 0)) < LABEL_PX;
    sides.push(near && sides[index - 1] === 'end' ? 'start' : 'end');
  }
  return sides;
}

/** So wide is a letter of a label at most on average, px. */
const LETTER_PX = 5.6;

/** The limits that lie beyond an edge as lines of text: one where the plot is wide enough, else one each. */
export function edgeLines(arrow: string, limits: readonly Limit[], widthPx: number): readonly string[] {
  const texts = limits.map(limitText);
  if (texts.length === 0) return [];
  const line = `${arrow} ${texts.join(' · ')}`;
  return line.length * LETTER_PX <= widthPx ? [line] : texts.map((text) => `${arrow} ${text}`);
}
