import { timeOfDay } from '../format.ts';
import type { Span } from './timeScope.ts';

/** What a picture that is taken along says of its own time: it is looked at on another day, and elsewhere. */

/** `2026-11-22 14:03:07 to 14:08:07, UTC+01:00`, local time; both days where they differ. */
export function spanText({ fromMs, toMs }: Span): string {
  const sameDay = dayOf(fromMs) === dayOf(toMs);
  return `${dayOf(fromMs)} ${timeOfDay(fromMs)} to ${sameDay ? '' : `${dayOf(toMs)} `}${timeOfDay(toMs)}, ${zoneOf(toMs)}`;
}

/** `2026-11-22 14:03:07, UTC+01:00` */
export const momentText = (wall: number): string => `${dayOf(wall)} ${timeOfDay(wall)}, ${zoneOf(wall)}`;

function dayOf(wall: number): string {
  const at = new Date(wall);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** As far as the local time was ahead of UTC then. */
function zoneOf(wall: number): string {
  const aheadMin = -new Date(wall).getTimezoneOffset();
  const min = Math.abs(aheadMin);
  return `UTC${aheadMin < 0 ? '−' : '+'}${two(Math.floor(min / 60))}:${two(min % 60)}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
