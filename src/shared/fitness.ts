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
  /** Of the last 100 pings of this socket, `known` of them measured or missed; `null` without a socket. */
  readonly pings: {
    readonly count: number;
    readonly known: number;
    readonly p99Ms: number | null;
    readonly successPercent: number;
  } | null;
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
const NO_PINGS = { count: 0, known: 0, p99Ms: null, successPercent: 0 };

/** True while only samples are missing: a new socket is measured, and nothing is known against it. */
export const isMeasuring = (fit: Fitness): boolean => !fit.fit && fit.reasons.every(({ kind }) => kind === 'measuring');

export function fitnessOf(facts: FitnessFacts): Fitness {
  const { state, limits } = facts;
  const { count: pings, known, p99Ms, successPercent } = facts.pings ?? NO_PINGS;
  const reasons: UnfitReason[] = [];
  if (state.kind === 'blocked') reasons.push({ kind: 'breaker-open' });
  else if (state.kind !== 'up') reasons.push({ kind: 'not-up', state: state.kind });
  const [why] = facts.stale;
  if (why !== undefined) reasons.push({ kind: 'stale', why });
  if (facts.notInForce.length > 0) reasons.push(notInForce(facts.notInForce, facts.wanted));
  if (!facts.pongs) reasons.push({ kind: 'no-pongs' });
  else {
    if (facts.missedSinceLastPong > 0) reasons.push({ kind: 'ping-missed' });
    if (known < MEASURED_FROM) reasons.push({ kind: 'measuring', pings: known, of: MEASURED_FROM });
    else {
      if (p99Ms === null || p99Ms >= limits.p99Ms) {
        reasons.push({ kind: 'p99', p99Ms: p99Ms === null ? null : toTenth(p99Ms), limitMs: limits.p99Ms, pings });
      }
      if (successPercent <= limits.successPercent) {
        const percent = toTenth(successPercent);
        reasons.push({ kind: 'success', percent, limitPercent: limits.successPercent, pings });
      }
    }
  }
  return reasons.length === 0 ? { fit: true } : { fit: false, reasons };
}
