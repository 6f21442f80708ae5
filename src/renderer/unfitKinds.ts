import { isOpen } from '../shared/health.ts';
import type { LinkView } from '../shared/linkView.ts';
import { count } from './format.ts';
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

/** What the engine's reasons begin with, or have in them; of several the worst kind counts. */
const TOLD_BY: readonly (readonly [RegExp, UnfitKind])[] = [
  [/^(no (fresh )?data|messages )|, no data yet|^\d+ of \d+ subscriptions? not in force/, 'without data'],
  [/^p9[59] | times slower /, 'slow'],
  [/% answered|missed|last pong/, 'losing pings'],
  [/^not measurable/, 'without pongs'],
  [/^this machine is held up/, 'held up'],
];

export function kindOf(link: LinkView): UnfitKind {
  const { state, health, fit, gate } = link;
  if (state.kind === 'failed') return 'given up';
  if (!isOpen(state)) return 'down';
  if (state.kind === 'suspect') return 'suspect';
  if (state.kind === 'restoring') return 'coming back';
  const closed = gate.kind === 'closed' && gate.cleanSince === null ? gate.reasons : [];
  const ill = 'reasons' in health ? health.reasons : [];
  const reasons = [...(fit.fit ? [] : fit.reasons), ...closed, ...ill];
  const told = TOLD_BY.find(([pattern]) => reasons.some((reason) => pattern.test(reason)))?.[1];
  if (told !== undefined) return told;
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
