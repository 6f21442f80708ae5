import { type FreshnessFacts, type Staleness, stalenessOf } from './freshness.ts';
import type { HealthReason, SomeReason, StaleReason } from './healthReason.ts';
import type { DownReason, LinkState } from './linkState.ts';
import { assertNever } from './outcome.ts';
import { firstNames, notInForce } from './subscriptionView.ts';
import { type MonoMs, toTenth } from './units.ts';
import { oldPongMs } from './watchTimes.ts';

export type HealthLevel = 'healthy' | 'degraded' | 'unhealthy';

/** `none` for a paused link: it has no health, and no sample of it counts. */
export type Health =
  | { readonly level: 'none' }
  | { readonly level: 'healthy' }
  | { readonly level: 'degraded' | 'unhealthy'; readonly reasons: readonly HealthReason[] };

/** What health is derived from. All clocks are of the same moment `now`. */
export interface HealthFacts extends FreshnessFacts {
  readonly now: MonoMs;
  readonly state: LinkState;
  readonly pingIntervalMs: number;
  /** False for dialects without any pong: rules that need one do not apply. */
  readonly pongs: boolean;
  readonly upSince: MonoMs | null;
  readonly lastPongAt: MonoMs | null;
  readonly missedSinceLastPong: number;
  /** p95 RTT over the last minute and the samples it rests on, `null` without any. */
  readonly rtt: { readonly p95Ms: number; readonly count: number } | null;
  readonly wanted: number;
  /** Acknowledged, or proved by their own data. */
  readonly acked: number;
  /** Subscriptions that the venue does not serve. */
  readonly notInForce: readonly string[];
  /** Failures in a row since the link was last stable. */
  readonly failures: number;
  /** A socket of it has been open since the start. */
  readonly wasOpen: boolean;
  /** Subscriptions whose silence is more than a quiet market, as far as that can be told. */
  readonly subscriptionsSilent: readonly string[];
  /** How many times slower than its own baseline, or `null`. */
  readonly degradedBy: number | null;
  /** Why changed settings are not in force yet (their new socket cannot be made), or `null`. */
  readonly pendingSettings: DownReason | null;
  /** A higher p95 degrades the link, more failures make it unhealthy. */
  readonly limits: { readonly p95Ms: number; readonly failures: number };
}

/** Row H2. Healthy only if up, with fresh data and nothing to complain about; otherwise the reasons, worst first. */
export function healthOf(facts: HealthFacts): Health {
  const { state } = facts;
  if (state.kind === 'paused' || (state.kind === 'closing' && state.next === 'paused')) return { level: 'none' };
  const grave = graveReasons(facts);
  if (grave.length > 0) return { level: 'unhealthy', reasons: grave };
  const reasons = [...stateReasons(state), ...(isOpen(state) ? trafficReasons(facts) : [])];
  return reasons.length === 0 ? { level: 'healthy' } : { level: 'degraded', reasons };
}

/** Empty for a healthy link, and for one without health. */
export const healthReasons = (health: Health): readonly HealthReason[] => ('reasons' in health ? health.reasons : []);

/** True while the state counts as up time (row H3). */
export function countsAsUp(state: LinkState): boolean {
  return state.kind === 'up' || state.kind === 'suspect';
}

/** True while a socket is open. */
export function isOpen(state: LinkState): boolean {
  return state.kind === 'up' || state.kind === 'suspect' || state.kind === 'restoring';
}

function graveReasons(facts: HealthFacts): HealthReason[] {
  const reasons: HealthReason[] = [];
  if (facts.state.kind === 'failed') reasons.push({ kind: 'gave-up' });
  if (facts.state.kind === 'blocked') reasons.push({ kind: 'breaker-open' });
  if (facts.failures > facts.limits.failures) {
    reasons.push({ kind: 'failures', count: facts.failures, wasOpen: facts.wasOpen });
  }
  return reasons;
}

function stateReasons(state: LinkState): HealthReason[] {
  switch (state.kind) {
    case 'connecting':
    case 'waiting':
    case 'closing':
      return [{ kind: state.kind }];
    case 'restoring':
      return [{ kind: 'restoring', acked: state.acked, wanted: state.wanted }];
    case 'suspect':
      return [{ kind: 'suspect', why: state.why }];
    case 'up':
    case 'paused':
    case 'blocked':
    case 'failed':
      return [];
    default:
      return assertNever(state);
  }
}

function trafficReasons(facts: HealthFacts): HealthReason[] {
  const reasons: HealthReason[] = [];
  const { now, lastPongAt, upSince } = facts;
  if (facts.pongs) {
    if (facts.missedSinceLastPong > 0 && facts.state.kind !== 'suspect') {
      reasons.push({ kind: 'pongs-missed', count: facts.missedSinceLastPong });
    }
    const since = lastPongAt ?? upSince;
    if (since !== null && now - since > oldPongMs(facts.pingIntervalMs))
      reasons.push({ kind: 'last-pong', agoSecs: wholeSeconds(now - since) });
    if (facts.rtt !== null && facts.rtt.p95Ms > facts.limits.p95Ms) {
      reasons.push({ kind: 'p95', p95Ms: Math.round(facts.rtt.p95Ms), pings: facts.rtt.count });
    }
  }
  const unanswered = facts.wanted - facts.acked - facts.notInForce.length;
  if (facts.notInForce.length > 0) reasons.push(notInForce(facts.notInForce, facts.wanted));
  if (facts.expectsData && unanswered > 0 && facts.state.kind === 'up') {
    reasons.push({ kind: 'not-acknowledged', count: unanswered, wanted: facts.wanted });
  }
  const stale = stalenessOf(facts);
  // Where nothing flows that is said of the link.
  if (facts.subscriptionsSilent.length > 0 && !stale.includes('silent') && !stale.includes('none yet'))
    reasons.push(ofSome('silent', facts.subscriptionsSilent));
  if (facts.same.othersChange && facts.same.names.length > 0) reasons.push(ofSome('same', facts.same.names));
  for (const one of stale) reasons.push(staleReason(one, facts));
  if (facts.degradedBy !== null) reasons.push({ kind: 'slower', factor: toTenth(facts.degradedBy) });
  if (facts.pendingSettings !== null) reasons.push({ kind: 'settings-pending', why: facts.pendingSettings });
  return reasons;
}

const ofSome = (what: SomeReason['what'], names: readonly string[]): SomeReason => ({
  kind: 'some',
  what,
  names: firstNames(names),
  count: names.length,
});

function staleReason(why: Staleness, { wanted, dataAgeMs, frozenMs, same, lagGrowthMs }: HealthFacts): StaleReason {
  switch (why) {
    case 'none yet':
      return { kind: 'stale', why, subscribed: wanted > 0 };
    case 'slept':
      return { kind: 'stale', why };
    case 'silent':
      return { kind: 'stale', why, secs: wholeSeconds(dataAgeMs ?? 0) };
    case 'frozen':
      return { kind: 'stale', why, secs: wholeSeconds(frozenMs) };
    case 'same':
      return { kind: 'stale', why, secs: wholeSeconds(same.forMs) };
    case 'late':
      return { kind: 'stale', why, secs: wholeSeconds(lagGrowthMs) };
    default:
      return assertNever(why);
  }
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000);
