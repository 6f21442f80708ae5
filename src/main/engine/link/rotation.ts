import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { WallMs } from '../../../shared/units.ts';

const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 24 * 60;
/** A venue that cuts at 24 h is left this long before, whatever the windows say. */
const BEFORE_THE_CUT_MS = 10 * MINUTE_MS;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/**
 * In how many milliseconds a socket that opened `ageMs` ago is to be rotated (row L12); `null` for never.
 *
 * The age limit is the user's, or a little before the venue's cut if that is sooner. With windows it is the last minute of
 * the last window before that age; if none lies before it, the age limit itself: being cut is worse than rotating outside.
 */
export function rotateInMs(
  ageMs: number,
  rotateAfterMs: number,
  maxAgeMs: number | null,
  windows: LinkConfig['rotationWindows'],
  timeZone: string,
  wall: WallMs,
): number | null {
  const venueMs = maxAgeMs === null ? Number.POSITIVE_INFINITY : Math.max(maxAgeMs / 2, maxAgeMs - BEFORE_THE_CUT_MS);
  const ownMs = rotateAfterMs === 0 ? Number.POSITIVE_INFINITY : rotateAfterMs;
  const limitMs = Math.min(venueMs, ownMs);
  if (limitMs === Number.POSITIVE_INFINITY) return null;
  const leftMs = Math.max(0, limitMs - ageMs);
  if (windows.length === 0) return leftMs;
  const minute = minuteOfWeek(wall, timeZone);
  const minutesLeft = Math.floor(leftMs / MINUTE_MS);
  for (let back = 0; back <= Math.min(minutesLeft, WEEK_MINUTES); back += 1) {
    const at = (minute + minutesLeft - back) % WEEK_MINUTES;
    if (windows.some(({ fromMinute, untilMinute }) => at >= fromMinute && at < untilMinute)) {
      return Math.max(0, (minutesLeft - back) * MINUTE_MS);
    }
  }
  return leftMs;
}

/** Minutes since Monday 0:00 in that zone. */
export function minuteOfWeek(wall: WallMs, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(wall);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '0';
  return WEEKDAYS.indexOf(part('weekday') as never) * 1440 + Number(part('hour')) * 60 + Number(part('minute'));
}
