import type { Policy } from './engineConfig.ts';

/**
 * How long the breaker keeps the link from dialling after `failures` failures in a row, milliseconds; 0 while closed.
 *
 * Row L8. The failures are the breaker's whole state: at the limit it is open, the dial after the open time is the one
 * half-open trial, a failed trial is one more failure and opens it again, and a stable socket sets them to 0.
 */
export function breakerOpenMs(policy: Pick<Policy, 'breakerFailures' | 'breakerOpenMs'>, failures: number): number {
  return policy.breakerFailures > 0 && failures >= policy.breakerFailures ? policy.breakerOpenMs : 0;
}
