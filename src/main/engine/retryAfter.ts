import type { WallMs } from '../../shared/units.ts';

/** `Date.parse` takes any of these for a year. */
const NUMBER = /^\s*[+-]?\d+(\.\d+)?\s*$/;
/** Venues ban for three days at most: a week is waited for, and no slip of theirs. */
const LONGEST_MS = 7 * 86_400_000;

/** How long a `Retry-After` asks to wait, ms; `null` where there is none, or none that can be read and lies ahead. */
export function retryAfterMs(header: string | undefined, wall: WallMs): number | null {
  if (header === undefined) return null;
  const delayMs = NUMBER.test(header) ? Number(header) * 1000 : Date.parse(header) - wall;
  return delayMs > 0 ? Math.min(delayMs, LONGEST_MS) : null;
}
