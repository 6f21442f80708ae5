import type { Policy } from '../../../shared/engineConfig.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import type { MonoMs } from '../../../shared/units.ts';

/** So long after a subscription was sent a snapshot may bring once more what has come already. */
export const SNAPSHOT_MS = 5_000;

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
 * Row L5: subscriptions whose silence is more than a quiet market, as far as that can be told: of which nothing at all has come for
 * longer than the notice, that are silent for longer than `unusualMs` says, or that were subscribed anew for it in vain. `from`:
 * silence before is nobody's fault.
 */
export function silentOf(
  subscriptions: readonly SubscriptionView[],
  from: MonoMs,
  now: MonoMs,
  noticeMs: number,
  unusualMs: (name: string) => number,
): readonly string[] {
  const isSilent = ({ name, told, status, since, dataAt, retried }: SubscriptionView): boolean => {
    if (!told) return false;
    const askedMs = now - Math.max(since ?? now, from);
    if (dataAt === null) return retried || (status === 'acked' && askedMs > noticeMs);
    if (retried && askedMs > SNAPSHOT_MS) return true;
    return now - Math.max(dataAt, from) > Math.max(noticeMs, unusualMs(name));
  };
  return subscriptions.filter(isSilent).map(({ name }) => name);
}

/** How much patience with a venue that has proved to be merely quiet the settings allow: so much of `limitMs`. */
export function patientLimitMs(limitMs: number, { dataTimeoutMs, quietLimitMs }: Policy): number {
  return Math.max(dataTimeoutMs, Math.min(quietLimitMs, limitMs));
}
