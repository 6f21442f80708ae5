import { healthReasons, isOpen } from '../shared/health.ts';
import type { HealthReason } from '../shared/healthReason.ts';
import type { LinkView } from '../shared/linkView.ts';
import type { UnfitReason } from '../shared/unfitReason.ts';
import { count } from './format.ts';
import { closedFor } from './gateLook.ts';
import { toneOf } from './standing.ts';

/** What is wrong with a link, coarse enough to stay while its figures and the steps of its dials change; worst first. */
const KINDS = [
  'given up',
  'down',
  'suspect',
  'without data',
  'slow',
  'losing pings',
  'unhealthy',
  'degraded',
  'without pongs',
  'held up',
  'coming back',
] as const;
export type UnfitKind = (typeof KINDS)[number];

/** What the engine's reasons tell; `null` where the state or the health says it. */
const TOLD_BY: Readonly<Record<(HealthReason | UnfitReason)['kind'], UnfitKind | null>> = {
  stale: 'without data',
  some: 'without data',
  'not-in-force': 'without data',
  p95: 'slow',
  p99: 'slow',
  slower: 'slow',
  success: 'losing pings',
  'ping-missed': 'losing pings',
  'pongs-missed': 'losing pings',
  'last-pong': 'losing pings',
  'no-pongs': 'without pongs',
  'held-up': 'held up',
  'gave-up': null,
  'breaker-open': null,
  failures: null,
  connecting: null,
  waiting: null,
  restoring: null,
  closing: null,
  suspect: null,
  'not-up': null,
  'not-started': null,
  measuring: null,
  'not-acknowledged': null,
  'settings-pending': null,
};

export function kindOf(link: LinkView): UnfitKind {
  const { state, health, fit, gate } = link;
  if (state.kind === 'failed') return 'given up';
  if (!isOpen(state)) return 'down';
  if (state.kind === 'suspect') return 'suspect';
  if (state.kind === 'restoring') return 'coming back';
  const reasons = [...(fit.fit ? [] : fit.reasons), ...closedFor(gate), ...healthReasons(health)];
  const told = reasons.map(({ kind }) => TOLD_BY[kind]);
  const worst = KINDS.find((kind) => told.includes(kind));
  if (worst !== undefined) return worst;
  const tone = toneOf(link);
  return tone === 'bad' ? 'unhealthy' : tone === 'warn' ? 'degraded' : 'coming back';
}

/** So many of each kind, worst first: `12 down`, `8 slow`. */
export function countsOf(kinds: readonly UnfitKind[]): readonly string[] {
  return KINDS.flatMap((kind) => {
    const those = kinds.filter((one) => one === kind).length;
    return those === 0 ? [] : [`${count(those)} ${kind}`];
  });
}
