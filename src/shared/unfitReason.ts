import type { Staleness } from './freshness.ts';
import type { LinkStateKind } from './linkState.ts';
import { assertNever } from './outcome.ts';
import { type NotInForce, notInForceText } from './subscriptionView.ts';

/**
 * Why a trade may not rely on a link (row H5), or why its gate is closed beside that (row G1: the last two). Each kind carries
 * its own evidence, rounded as it is told; `unfitReasonText` says it in words.
 */
export type UnfitReason =
  | { readonly kind: 'breaker-open' }
  | { readonly kind: 'not-up'; readonly state: LinkStateKind }
  /** Without figures: whoever is told of changes is not told every second how old the data are. */
  | { readonly kind: 'stale'; readonly why: Staleness }
  | NotInForce
  /** The venue answers no ping. */
  | { readonly kind: 'no-pongs' }
  | { readonly kind: 'ping-missed' }
  /** A new socket has so many pings `of` those from which on its figures count. */
  | { readonly kind: 'measuring'; readonly pings: number; readonly of: number }
  /** `p99Ms` is `null` while none of the pings was answered. */
  | { readonly kind: 'p99'; readonly p99Ms: number | null; readonly limitMs: number; readonly pings: number }
  | { readonly kind: 'success'; readonly percent: number; readonly limitPercent: number; readonly pings: number }
  /** This machine itself is, not the link. */
  | { readonly kind: 'held-up' }
  | { readonly kind: 'not-started' };

const NOT_FRESH: Readonly<Record<Staleness, string>> = {
  'none yet': 'no fresh data',
  slept: 'no fresh data: none since this machine was away',
  silent: 'no fresh data',
  frozen: 'no fresh data: messages come, but their own time stands still',
  same: 'no fresh data: the same message comes again and again',
  late: 'no fresh data: messages come late',
};

/** As a clause: lower case, no full stop. */
export function unfitReasonText(reason: UnfitReason): string {
  switch (reason.kind) {
    case 'breaker-open':
      return 'the breaker is open';
    case 'not-up':
      return `not up: ${reason.state}`;
    case 'stale':
      return NOT_FRESH[reason.why];
    case 'not-in-force':
      return notInForceText(reason);
    case 'no-pongs':
      return 'not measurable: the venue answers no ping';
    case 'ping-missed':
      return 'a ping was missed since the last pong';
    case 'measuring':
      return `measuring ${reason.pings}/${reason.of}`;
    case 'p99':
      return `p99 ${reason.p99Ms?.toFixed(1) ?? '–'} ms, not below ${reason.limitMs} ms, of the last ${reason.pings} pings`;
    case 'success':
      return `${reason.percent.toFixed(1)} % answered, not above ${reason.limitPercent} %, of the last ${reason.pings} pings`;
    case 'held-up':
      return 'this machine is held up, so nothing it measures can be relied on';
    case 'not-started':
      return 'not started yet';
    default:
      return assertNever(reason);
  }
}

/** All of them in one sentence. */
export const unfitText = (reasons: readonly UnfitReason[]): string => reasons.map(unfitReasonText).join('; ');
