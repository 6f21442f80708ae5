import type { Staleness } from './freshness.ts';
import type { LinkState } from './linkState.ts';
import { notInForceText } from './subscriptionView.ts';

/** Row H5: whether a trade may rely on the link now. `reasons` name every condition that fails, the gravest first. */
export type Fitness = { readonly fit: true } | { readonly fit: false; readonly reasons: readonly string[] };

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
const MEASURING = 'measuring ';
const NO_PINGS = { count: 0, known: 0, p99Ms: null, successPercent: 0 };

/** True while only samples are missing: a new socket is measured, and nothing is known against it. */
export const isMeasuring = (fit: Fitness): boolean =>
  !fit.fit && fit.reasons.every((reason) => reason.startsWith(MEASURING));

/** Without figures: whoever is told of changes is not told every second how old the data are. */
const NOT_FRESH: Readonly<Record<Staleness, string>> = {
  'none yet': 'no fresh data',
  slept: 'no fresh data: none since this machine was away',
  silent: 'no fresh data',
  frozen: 'no fresh data: messages come, but their own time stands still',
  same: 'no fresh data: the same message comes again and again',
  late: 'no fresh data: messages come late',
};

export function fitnessOf(facts: FitnessFacts): Fitness {
  const { state, limits } = facts;
  const { count, known, p99Ms, successPercent } = facts.pings ?? NO_PINGS;
  const reasons: string[] = [];
  if (state.kind === 'blocked') reasons.push('the breaker is open');
  else if (state.kind !== 'up') reasons.push(`not up: ${state.kind}`);
  const [stale] = facts.stale;
  if (stale !== undefined) reasons.push(NOT_FRESH[stale]);
  if (facts.notInForce.length > 0) reasons.push(notInForceText(facts.notInForce, facts.wanted));
  if (!facts.pongs) reasons.push('not measurable: the venue answers no ping');
  else {
    if (facts.missedSinceLastPong > 0) reasons.push('a ping was missed since the last pong');
    if (known < MEASURED_FROM) reasons.push(`${MEASURING}${known}/${MEASURED_FROM}`);
    else {
      if (p99Ms === null || p99Ms >= limits.p99Ms) {
        reasons.push(`p99 ${p99Ms?.toFixed(1) ?? '–'} ms, not below ${limits.p99Ms} ms, of the last ${count} pings`);
      }
      if (successPercent <= limits.successPercent) {
        reasons.push(
          `${successPercent.toFixed(1)} % answered, not above ${limits.successPercent} %, of the last ${count} pings`,
        );
      }
    }
  }
  return reasons.length === 0 ? { fit: true } : { fit: false, reasons };
}
