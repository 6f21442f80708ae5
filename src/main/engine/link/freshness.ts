import type { Policy } from '../../../shared/engineConfig.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import type { MonoMs } from '../../../shared/units.ts';

export type Freshness =
  | { readonly kind: 'fresh'; readonly checkInMs: number }
  | { readonly kind: 'quiet'; readonly ageMs: number; readonly checkInMs: number }
  | { readonly kind: 'stale'; readonly ageMs: number };

/** How a data age stands against the notice and the limit, and when to look again. All milliseconds. */
export function freshnessOf(since: MonoMs, now: MonoMs, noticeMs: number, limitMs: number): Freshness {
  const ageMs = now - since;
  if (ageMs >= limitMs) return { kind: 'stale', ageMs };
  if (ageMs >= noticeMs) return { kind: 'quiet', ageMs, checkInMs: limitMs - ageMs };
  return { kind: 'fresh', checkInMs: Math.min(noticeMs, limitMs) - ageMs };
}

/**
 * Row L5: subscriptions that are served and have brought nothing for longer than the notice, as far as that can be told; one
 * that was subscribed anew for it until something comes. `from`: silence before is nobody's fault.
 */
export function quietOf(
  subscriptions: readonly SubscriptionView[],
  from: MonoMs,
  now: MonoMs,
  noticeMs: number,
): readonly string[] {
  const isQuiet = ({ told, status, since, dataAt, retried }: SubscriptionView): boolean => {
    if (retried || !told || (status !== 'acked' && dataAt === null)) return retried;
    return now - Math.max(dataAt ?? since ?? now, from) > noticeMs;
  };
  return subscriptions.filter(isQuiet).map(({ name }) => name);
}

/** How much patience with a venue that has proved to be merely quiet the settings allow: so much of `limitMs`. */
export function patientLimitMs(limitMs: number, { dataTimeoutMs, quietLimitMs }: Policy): number {
  return Math.max(dataTimeoutMs, Math.min(quietLimitMs, limitMs));
}
