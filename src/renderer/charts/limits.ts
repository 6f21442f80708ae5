import { P95_LIMIT_MS } from '../../shared/health.ts';
import type { LinkView } from '../../shared/linkView.ts';

/** A latency that a rule draws the line at. */
export interface Limit {
  readonly ms: number;
  readonly text: string;
}

type Limited = Pick<LinkView['about'], 'fitP99Ms' | 'reconnectAboveP99Ms'>;

/** The limits that the rules of this link use, lowest first. Those of one height are one line. */
export function limitsOf(about: Limited, shown: 'all' | 'p99'): readonly Limit[] {
  const limits: Limit[] = [];
  if (shown === 'all') limits.push({ ms: P95_LIMIT_MS, text: 'p95 degraded' });
  limits.push({ ms: about.fitP99Ms, text: 'p99 fit for trading' });
  if (about.reconnectAboveP99Ms > 0) limits.push({ ms: about.reconnectAboveP99Ms, text: 'p99 reconnect' });
  const heights = [...new Set(limits.map(({ ms }) => ms))].sort((a, b) => a - b);
  return heights.map((ms) => ({
    ms,
    text: limits.flatMap((limit) => (limit.ms === ms ? [limit.text] : [])).join(', '),
  }));
}

/** The limits that all of these links share, and whether some have others. */
export function commonLimits(links: readonly Limited[]): {
  readonly limits: readonly Limit[];
  readonly differ: boolean;
} {
  const all = links.map((about) => limitsOf(about, 'p99'));
  const [first = []] = all;
  const shared = first.filter((limit) =>
    all.every((limits) => limits.some((one) => one.ms === limit.ms && one.text === limit.text)),
  );
  return { limits: shared, differ: all.some((limits) => limits.length !== shared.length) };
}
