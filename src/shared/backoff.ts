import type { Policy } from './engineConfig.ts';
import { assertNever } from './outcome.ts';

type BackoffPolicy = Pick<
  Policy,
  'initialReconnectDelayMs' | 'maxReconnectDelayMs' | 'backoffMultiplier' | 'jitter' | 'jitterFactor'
>;

/**
 * The wait in milliseconds after attempt number `attempt` (from 1) failed (row L6).
 *
 * `random` is uniform in [0, 1); `previousMs` is the last wait, used by decorrelated jitter only.
 */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: number, previousMs: number | null): number {
  const { initialReconnectDelayMs: first, maxReconnectDelayMs: cap } = policy;
  const baseMs = Math.min(cap, first * policy.backoffMultiplier ** Math.max(0, attempt - 1));
  switch (policy.jitter) {
    case 'proportional':
      return baseMs * (1 + policy.jitterFactor * random);
    case 'symmetric':
      return baseMs * (1 + 0.2 * (2 * random - 1));
    case 'additive':
      return baseMs + 1000 * random;
    case 'full':
      return baseMs * random;
    case 'equal':
      return baseMs / 2 + (baseMs / 2) * random;
    case 'decorrelated':
      return Math.min(cap, first + random * Math.max(0, (previousMs ?? first) * 3 - first));
    default:
      return assertNever(policy.jitter);
  }
}
