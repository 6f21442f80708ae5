import { counted } from './counted.ts';
import { type FreshnessFacts, type Staleness, stalenessOf } from './freshness.ts';
import { type LinkState, suspicionText } from './linkState.ts';
import { assertNever } from './outcome.ts';
import { namesText, notInForceText } from './subscriptionView.ts';
import type { MonoMs } from './units.ts';
import { oldPongMs } from './watchTimes.ts';

export type HealthLevel = 'healthy' | 'degraded' | 'unhealthy';

/** `none` for a paused link: it has no health, and no sample of it counts. */
export type Health =
  | { readonly level: 'none' }
  | { readonly level: 'healthy' }
  | { readonly level: 'degraded' | 'unhealthy'; readonly reasons: readonly string[] };

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
  /** Subscriptions that have been silent for longer than the notice, as far as that can be told. */
  readonly subscriptionsQuiet: readonly string[];
  /** How many times slower than its own baseline, or `null`. */
  readonly degradedBy: number | null;
  /** Why changed settings are not in force yet (their new socket cannot be made), or `null`. */
  readonly pendingSettings: string | null;
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

/** True while the state counts as up time (row H3). */
export function countsAsUp(state: LinkState): boolean {
  return state.kind === 'up' || state.kind === 'suspect';
}

/** True while a socket is open. */
export function isOpen(state: LinkState): boolean {
  return state.kind === 'up' || state.kind === 'suspect' || state.kind === 'restoring';
}

function graveReasons(facts: HealthFacts): string[] {
  const reasons: string[] = [];
  if (facts.state.kind === 'failed') reasons.push('gave up reconnecting');
  if (facts.state.kind === 'blocked') reasons.push('breaker open');
  if (facts.failures > facts.limits.failures) {
    reasons.push(`${facts.failures} failures${facts.wasOpen ? ' since it was last stable' : ', never up yet'}`);
  }
  return reasons;
}

function stateReasons(state: LinkState): string[] {
  switch (state.kind) {
    case 'connecting':
      return ['connecting'];
    case 'waiting':
      return ['waiting to reconnect'];
    case 'restoring':
      return [`restoring subscriptions (${state.acked} of ${state.wanted})`];
    case 'suspect':
      return [`suspect: ${lowerFirst(suspicionText(state.why))}`];
    case 'closing':
      return ['closing'];
    case 'up':
    case 'paused':
    case 'blocked':
    case 'failed':
      return [];
    default:
      return assertNever(state);
  }
}

function trafficReasons(facts: HealthFacts): string[] {
  const reasons: string[] = [];
  const { now, lastPongAt, upSince } = facts;
  if (facts.pongs) {
    if (facts.missedSinceLastPong > 0 && facts.state.kind !== 'suspect') {
      reasons.push(`${counted(facts.missedSinceLastPong, 'pong')} missed`);
    }
    const since = lastPongAt ?? upSince;
    if (since !== null && now - since > oldPongMs(facts.pingIntervalMs))
      reasons.push(`last pong ${wholeSeconds(now - since)} ago`);
    if (facts.rtt !== null && facts.rtt.p95Ms > facts.limits.p95Ms) {
      reasons.push(`p95 RTT ${Math.round(facts.rtt.p95Ms)} ms of ${counted(facts.rtt.count, 'ping')}`);
    }
  }
  const unanswered = facts.wanted - facts.acked - facts.notInForce.length;
  if (facts.notInForce.length > 0) reasons.push(notInForceText(facts.notInForce, facts.wanted));
  if (facts.expectsData && unanswered > 0 && facts.state.kind === 'up') {
    reasons.push(`${unanswered} of ${counted(facts.wanted, 'subscription')} not acknowledged`);
  }
  const stale = stalenessOf(facts);
  // Where nothing flows that is said of the link.
  if (facts.subscriptionsQuiet.length > 0 && !stale.includes('silent') && !stale.includes('none yet'))
    reasons.push(`no data of ${namesText(facts.subscriptionsQuiet)}`);
  for (const one of stale) reasons.push(staleText(one, facts));
  if (facts.degradedBy !== null) reasons.push(`${facts.degradedBy.toFixed(1)} times slower than its own baseline`);
  if (facts.pendingSettings !== null) reasons.push(`new settings not in force: ${facts.pendingSettings}`);
  return reasons;
}

function staleText(stale: Staleness, { wanted, dataAgeMs, frozenMs, sameForMs, lagGrowthMs }: HealthFacts): string {
  switch (stale) {
    case 'none yet':
      return wanted > 0 ? 'subscribed, no data yet' : 'no data yet, nothing subscribed';
    case 'slept':
      return 'no data since this machine was away';
    case 'silent':
      return `no data for ${wholeSeconds(dataAgeMs ?? 0)}`;
    case 'frozen':
      return `messages come, but their own time has stood still for ${wholeSeconds(frozenMs)}`;
    case 'same':
      return `messages come, but those of one subscription have been the same for ${wholeSeconds(sameForMs)}`;
    case 'late':
      return `messages are ${wholeSeconds(lagGrowthMs)} older than they usually are`;
    default:
      return assertNever(stale);
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const wholeSeconds = (ms: number): string => `${Math.floor(ms / 1000)} s`;
