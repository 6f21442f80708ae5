import { counted } from './counted.ts';
import type { Staleness } from './freshness.ts';
import { type DownReason, reasonText, type Suspicion, suspicionText } from './linkState.ts';
import { assertNever } from './outcome.ts';
import { type NotInForce, namesText, notInForceText } from './subscriptionView.ts';

/**
 * Why a link is not healthy (row H2). Each kind carries its own evidence, rounded as it is told: a reason that reads the same
 * is the same. `healthReasonText` says it in words.
 */
export type HealthReason =
  | { readonly kind: 'gave-up' | 'breaker-open' | 'connecting' | 'waiting' | 'closing' }
  /** `wasOpen`: a socket of it has been open since the start. */
  | { readonly kind: 'failures'; readonly count: number; readonly wasOpen: boolean }
  | { readonly kind: 'restoring'; readonly acked: number; readonly wanted: number }
  | { readonly kind: 'suspect'; readonly why: Suspicion }
  | { readonly kind: 'pongs-missed'; readonly count: number }
  | { readonly kind: 'last-pong'; readonly agoSecs: number }
  | { readonly kind: 'p95'; readonly p95Ms: number; readonly pings: number }
  | NotInForce
  | { readonly kind: 'not-acknowledged'; readonly count: number; readonly wanted: number }
  | SomeReason
  | StaleReason
  | { readonly kind: 'slower'; readonly factor: number }
  | { readonly kind: 'settings-pending'; readonly why: DownReason };

/** Some subscriptions bring nothing, or nothing new, while others flow: the first of their names, and how many they are. */
export interface SomeReason {
  readonly kind: 'some';
  readonly what: 'silent' | 'same';
  readonly names: readonly string[];
  readonly count: number;
}

/** Data that are old. Of `none yet` it counts whether anything is subscribed; the others but a sleep have lasted for whole seconds. */
export type StaleReason =
  | { readonly kind: 'stale'; readonly why: 'none yet'; readonly subscribed: boolean }
  | { readonly kind: 'stale'; readonly why: 'slept' }
  | { readonly kind: 'stale'; readonly why: Exclude<Staleness, 'none yet' | 'slept'>; readonly secs: number };

const SOME = { silent: 'no data', same: 'the same message again and again' } as const;

/** As a clause: lower case, no full stop. */
export function healthReasonText(reason: HealthReason): string {
  switch (reason.kind) {
    case 'gave-up':
      return 'gave up reconnecting';
    case 'breaker-open':
      return 'breaker open';
    case 'failures':
      return `${reason.count} failures${reason.wasOpen ? ' since it was last stable' : ', never up yet'}`;
    case 'connecting':
      return 'connecting';
    case 'waiting':
      return 'waiting to reconnect';
    case 'restoring':
      return `restoring subscriptions (${reason.acked} of ${reason.wanted})`;
    case 'suspect':
      return `suspect: ${lowerFirst(suspicionText(reason.why))}`;
    case 'closing':
      return 'closing';
    case 'pongs-missed':
      return `${counted(reason.count, 'pong')} missed`;
    case 'last-pong':
      return `last pong ${reason.agoSecs} s ago`;
    case 'p95':
      return `p95 RTT ${reason.p95Ms} ms of ${counted(reason.pings, 'ping')}`;
    case 'not-in-force':
      return notInForceText(reason);
    case 'not-acknowledged':
      return `${reason.count} of ${counted(reason.wanted, 'subscription')} not acknowledged`;
    case 'some':
      return `${SOME[reason.what]} of ${namesText(reason.names, reason.count)}`;
    case 'stale':
      return staleText(reason);
    case 'slower':
      return `${reason.factor.toFixed(1)} times slower than its own baseline`;
    case 'settings-pending':
      return `new settings not in force: ${reasonText(reason.why)}`;
    default:
      return assertNever(reason);
  }
}

/** All of them in one sentence. */
export const healthText = (reasons: readonly HealthReason[]): string => reasons.map(healthReasonText).join('; ');

function staleText(reason: StaleReason): string {
  switch (reason.why) {
    case 'none yet':
      return reason.subscribed ? 'subscribed, no data yet' : 'no data yet, nothing subscribed';
    case 'slept':
      return 'no data since this machine was away';
    case 'silent':
      return `no data for ${reason.secs} s`;
    case 'frozen':
      return `messages come, but their own time has stood still for ${reason.secs} s`;
    case 'same':
      return `messages come, but they have been the same for ${reason.secs} s`;
    case 'late':
      return `messages are ${reason.secs} s older than they usually are`;
    default:
      return assertNever(reason);
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
