import type { MonoMs } from '../../../shared/units.ts';

/** The longest a link may be silent before it is reconnected, once the venue has proved to be merely quiet (row L5). */
const QUIET_CEILING_MS = 900_000;

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

/** The limit after a forced reconnect that came back answering pings and just as silent: doubled, up to 15 minutes. */
export function patientLimitMs(limitMs: number, configuredMs: number): number {
  return Math.max(configuredMs, Math.min(QUIET_CEILING_MS, limitMs * 2));
}
