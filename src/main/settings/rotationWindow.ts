import type { WeekWindow } from '../../shared/weekWindow.ts';
import type { Report } from './resolvePools.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

const WINDOW_RULE = '"Mon-Fri 21:00-22:30", "Sat,Sun 03:00-05:00" or "daily 04:00-05:00"';

/** The windows of a list of texts at `path`; one that is none is reported at its place. */
export function windowsAt(texts: readonly string[] = [], path: readonly string[], report: Report): WeekWindow[] {
  return texts.flatMap((text, index) => {
    const windows = parseWindow(text);
    if (windows !== null) return windows;
    report('error', [...path, String(index)], `${JSON.stringify(text)} is no time window`, WINDOW_RULE);
    return [];
  });
}

/** The zone of a `time_zone` at `path`: this machine's own where there is none, or none that it knows. */
export function zoneAt(name: string | undefined, path: readonly string[], report: Report): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (name === undefined || isTimeZone(name)) return name ?? own;
  const message = `this machine knows no time zone ${JSON.stringify(name)}`;
  report('error', path, message, 'a name such as "Europe/Berlin", or "UTC"');
  return own;
}

/** One entry of `rotation_windows` or `mute_windows` as minutes of the week, a window over midnight in two parts; `null` if it is none. */
export function parseWindow(text: string): WeekWindow[] | null {
  const match = /^\s*(\S+)\s+(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*$/.exec(text);
  if (match === null) return null;
  const days = parseDays(match[1] ?? '');
  const from = minutesOf(match[2], match[3]);
  const until = minutesOf(match[4], match[5]);
  if (days === null || from === null || until === null || from === until || from === DAY_MINUTES) return null;
  return days.flatMap((day) => {
    const start = day * DAY_MINUTES + from;
    // From 0:00 to 24:00 is the whole day, not none of it.
    const end = start + ((until - from + DAY_MINUTES - 1) % DAY_MINUTES) + 1;
    if (end <= WEEK_MINUTES) return [{ fromMinute: start, untilMinute: end }];
    return [
      { fromMinute: start, untilMinute: WEEK_MINUTES },
      { fromMinute: 0, untilMinute: end - WEEK_MINUTES },
    ];
  });
}

function parseDays(text: string): number[] | null {
  if (text.toLowerCase() === 'daily') return [0, 1, 2, 3, 4, 5, 6];
  const days = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [first = '', last = first, ...more] = part.split('-');
    const [from, until] = [DAYS.indexOf(first as never), DAYS.indexOf(last as never)];
    if (from < 0 || until < 0 || more.length > 0) return null;
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === until) break;
    }
  }
  return [...days];
}

function minutesOf(hours = '', minutes = ''): number | null {
  const value = Number(hours) * 60 + Number(minutes);
  return Number(hours) <= 24 && Number(minutes) < 60 && value <= DAY_MINUTES ? value : null;
}

/** True for a zone that this machine knows. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
