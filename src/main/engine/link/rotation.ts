import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { type WallMs, wallMs } from '../../../shared/units.ts';
import { isInWindow, minuteOfWeek } from '../../../shared/weekWindow.ts';

const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 24 * 60;
/** A venue that cuts at 24 h is left this long before, whatever the windows say. */
const BEFORE_THE_CUT_MS = 10 * MINUTE_MS;

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
  const venueMs = maxAgeMs === null ? Number.POSITIVE_INFINITY : rotateAtAgeMs(maxAgeMs);
  const ownMs = rotateAfterMs === 0 ? Number.POSITIVE_INFINITY : rotateAfterMs;
  const limitMs = Math.min(venueMs, ownMs);
  if (limitMs === Number.POSITIVE_INFINITY) return null;
  const leftMs = Math.max(0, limitMs - ageMs);
  if (windows.length === 0) return leftMs;
  const minuteAt = minutesOf(timeZone);
  const minutesLeft = Math.floor(leftMs / MINUTE_MS);
  for (let minutes = minutesLeft; minutes >= Math.max(0, minutesLeft - WEEK_MINUTES); minutes -= 1) {
    if (isInWindow(windows, minuteAt(wall + minutes * MINUTE_MS))) return minutes * MINUTE_MS;
  }
  return leftMs;
}

const rotateAtAgeMs = (maxAgeMs: number): number => Math.max(maxAgeMs / 2, maxAgeMs - BEFORE_THE_CUT_MS);

/** The age, ms, at which a socket that the venue cuts at `maxAgeMs` is left for any that is ready: half-way to the cut. */
export const leaveAtAgeMs = (maxAgeMs: number): number => (rotateAtAgeMs(maxAgeMs) + maxAgeMs) / 2;

/** A time that was planned is in none of them now: the wall clock was set since. A minute late is still in one. */
export function isOutside(windows: LinkConfig['rotationWindows'], timeZone: string, wall: WallMs): boolean {
  const minuteAt = minutesOf(timeZone);
  return windows.length > 0 && [0, MINUTE_MS].every((late) => !isInWindow(windows, minuteAt(wall - late)));
}

/** Minutes of the week in that zone, at a price for many: no zone's clocks change but at a whole half hour. */
function minutesOf(timeZone: string): (at: number) => number {
  let halfHour = Number.NaN;
  let ahead = 0;
  return (at) => {
    const minute = Math.floor(at / MINUTE_MS);
    if (Math.floor(minute / 30) !== halfHour) {
      halfHour = Math.floor(minute / 30);
      ahead = minuteOfWeek(wallMs(at), timeZone) - (minute % WEEK_MINUTES) + WEEK_MINUTES;
    }
    return (minute + ahead) % WEEK_MINUTES;
  };
}
