import { nounFor } from '../shared/counted.ts';

/** Numbers and times as a trader reads them. Pure; widths stay the same while a value changes. */

/** Stands where there is no value. */
export const NOTHING = '–';

/** Milliseconds with two decimals and without their unit (the header has it): `12.40`. */
export function fixedMs(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? NOTHING : ms.toFixed(2);
}

/** Milliseconds to the microsecond, without their unit: `0.001`, `12.400`, `90,000.000`. */
export function exactMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NOTHING;
  return ms.toLocaleString('en-US', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/**
 * Feed latency in ms without its unit, no finer than venues stamp their messages: `14.0`; `~14.0` where nobody knows by how much
 * the clocks differ.
 */
export const feedMs = ({ medianMs, errorMs }: { readonly medianMs: number; readonly errorMs: number | null }): string =>
  `${errorMs === null ? '~' : ''}${(Math.round(medianMs * 10) / 10 || 0).toFixed(1)}`;

/** A latency with its unit, three figures: `350 µs`, `1.24 ms`, `12.4 ms`, `1.25 s`. */
export function latency(ms: number): string {
  if (ms < 0.9995) return `${Math.round(ms * 1000)} µs`;
  if (ms < 999.5) return `${threeFigures(ms)} ms`;
  return `${threeFigures(ms / 1000)} s`;
}

/** A length of time: `4.2 s`, `42 s`, `4 m 05 s`, `3 h 04 m`, `2 d 03 h`. Never negative. */
export function duration(ms: number): string {
  const held = Math.max(0, ms);
  if (held < 10_000) return `${(Math.floor(held / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(held / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** What is left of a wait; rounds up, so that it ends at 0.0 and not before. */
export function countdown(ms: number): string {
  return ms <= 0 ? '0.0 s' : duration(ms < 10_000 ? Math.ceil(ms / 100) * 100 : Math.ceil(ms / 1000) * 1000);
}

/** The same where the room is short: `4.2 s`, `42 s`, `4:05`, `3:04:05`. */
export function shortCountdown(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return countdown(ms);
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** Events per second, one decimal: `12.3`; without decimals from 10,000 on. */
export function rate(perSecond: number): string {
  return perSecond < 10_000 ? perSecond.toFixed(1) : count(Math.round(perSecond));
}

/** Made once: `toLocaleString` makes one each time, which was a tenth of the overview's work. */
const grouped = new Intl.NumberFormat('en-US');

export function count(value: number): string {
  return value >= 0 && value < 1000 && Number.isInteger(value) ? String(value) : grouped.format(value);
}

/** A share in percent, rounded down, so that 100 means all of it: `99.99`. `null` for 0 of 0. */
export function percent(part: number, whole: number, decimals = 2): string | null {
  if (whole <= 0) return null;
  const scale = 10 ** decimals;
  return (Math.floor((Math.min(part, whole) / whole) * 100 * scale + 1e-9) / scale).toFixed(decimals);
}

export function bytes(value: number): string {
  let rest = value;
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (rest < 1024) return unit === 'B' ? `${rest} B` : `${threeFigures(rest)} ${unit}`;
    rest /= 1024;
  }
  return `${threeFigures(rest)} TiB`;
}

/** Local time of day: `14:03:07`, with milliseconds `14:03:07.042`. */
export function timeOfDay(wall: number, withMs = false): string {
  const at = new Date(wall);
  const text = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return withMs ? `${text}.${String(at.getMilliseconds()).padStart(3, '0')}` : text;
}

export function plural(n: number, one: string, many?: string): string {
  return `${count(n)} ${nounFor(n, one, many)}`;
}

/** The same for any figures: what only counts on has not become another sentence. */
export const withoutNumbers = (text: string): string => text.replace(/\d[\d.,]*/g, '#');

const two = (value: number): string => String(value).padStart(2, '0');

function threeFigures(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
