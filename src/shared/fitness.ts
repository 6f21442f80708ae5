import type { Staleness } from './freshness.ts';
import type { LinkState } from './linkState.ts';
import { notInForce } from './subscriptionView.ts';
import type { UnfitReason } from './unfitReason.ts';
import { toTenth } from './units.ts';

/** Row H5: whether a trade may rely on the link now. `reasons` name every condition that fails, the gravest first. */
export type Fitness = { readonly fit: true } | { readonly fit: false; readonly reasons: readonly UnfitReason[] };

export interface FitnessFacts {
  readonly state: LinkState;
  /** False where the venue answers no ping: nothing can be measured. */
  readonly pongs: boolean;
  /** Of the last 100 pings of this socket. */
  readonly pings: number;
  readonly p99Ms: number | null;
  readonly successPercent: number;
  readonly missedSinceLastPong: number;
  /** Why its data are not fresh; empty while they are. */
  readonly stale: readonly Staleness[];
  readonly wanted: number;
  /** Subscriptions that the venue does not serve. */
  readonly notInForce: readonly string[];
  readonly limits: { readonly p99Ms: number; readonly successPercent: number };
}

/** Pings of a socket from which on its figures count. */
export const MEASURED_FROM = 20;

/** True while only samples are missing: a new socket is measured, and nothing is known against it. */
export const isMeasuring = (fit: Fitness): boolean => !fit.fit && fit.reasons.every(({ kind }) => kind === 'measuring');

export function fitnessOf(facts: FitnessFacts): Fitness {
  const { state, pings, p99Ms, limits } = facts;
  const reasons: UnfitReason[] = [];
  if (state.kind === 'blocked') reasons.push({ kind: 'breaker-open' });
  else if (state.kind !== 'up') reasons.push({ kind: 'not-up', state: state.kind });
  const [why] = facts.stale;
  if (why !== undefined) reasons.push({ kind: 'stale', why });
  if (facts.notInForce.length > 0) reasons.push(notInForce(facts.notInForce, facts.wanted));
  if (!facts.pongs) reasons.push({ kind: 'no-pongs' });
  else {
    if (facts.missedSinceLastPong > 0) reasons.push({ kind: 'ping-missed' });
    if (pings < MEASURED_FROM) reasons.push({ kind: 'measuring', pings, of: MEASURED_FROM });
    else {
      if (p99Ms === null || p99Ms >= limits.p99Ms) {
        reasons.push({ kind: 'p99', p99Ms: p99Ms === null ? null : toTenth(p99Ms), limitMs: limits.p99Ms, pings });
      }
      if (facts.successPercent <= limits.successPercent) {
        const percent = toTenth(facts.successPercent);
        reasons.push({ kind: 'success', percent, limitPercent: limits.successPercent, pings });
      }
    }
  }
  return reasons.length === 0 ? { fit: true } : { fit: false, reasons };
}
