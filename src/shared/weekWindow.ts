import type { WallMs } from './units.ts';

/** A stretch of the week in minutes since Monday 0:00, in the zone of whoever wrote it; `untilMinute` is not in it. */
export interface WeekWindow {
  readonly fromMinute: number;
  readonly untilMinute: number;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export function isInWindow(windows: readonly WeekWindow[], minute: number): boolean {
  return windows.some(({ fromMinute, untilMinute }) => minute >= fromMinute && minute < untilMinute);
}

/** Minutes since Monday 0:00 in that zone. */
export function minuteOfWeek(wall: WallMs, timeZone: string): number {
  const clock = CLOCKS.get(timeZone) ?? clockOf(timeZone);
  CLOCKS.set(timeZone, clock);
  const parts = clock.formatToParts(wall);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '0';
  return WEEKDAYS.indexOf(part('weekday') as never) * 1440 + Number(part('hour')) * 60 + Number(part('minute'));
}

/** Making one takes longer than asking it a hundred times. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
