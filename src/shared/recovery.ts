import { backoffMs } from './backoff.ts';
import { breakerOpenMs } from './breaker.ts';
import type { Terms } from './promiseTerms.ts';

/** No dial goes on for longer than this many tries in what is played here. */
const MOST_TRIES = 1_000;

/** The longest wait number `number` (from 1) after a loss that made `loss` failures in a row, ms (rows L6, L8). */
export function waitMs(terms: Terms, loss: number, number: number, atLeastMs = 0): number {
  const failures = loss + number - 1;
  return Math.max(waitAt(terms, loss, number, 1), breakerOpenMs(terms, failures), atLeastMs);
}

export interface Outage {
  readonly lastsMs: number;
  /** The link is lost no sooner than this after the fault began. */
  readonly lostMs: number;
  /** What a dial takes at least while the fault lasts. */
  readonly dialMs: number;
  /** What the venue asks to wait after each. */
  readonly atLeastMs: number;
}

/**
 * The longest wait that can be running when the fault ends, ms, and the failures by then. Played at its quickest, without
 * any luck of the jitter: slower chances reach fewer tries, and later tries wait longer.
 */
export function recoveryOf(
  terms: Terms,
  loss: number,
  { lastsMs, lostMs, dialMs, atLeastMs }: Outage,
): { readonly longestMs: number; readonly failures: number } {
  let atMs = lostMs;
  let number = 1;
  let longestMs = waitMs(terms, loss, 1);
  for (; number < MOST_TRIES; number += 1) {
    const asked = number === 1 ? 0 : atLeastMs;
    longestMs = Math.max(longestMs, waitMs(terms, loss, number, asked));
    atMs += Math.max(waitAt(terms, loss, number, 0), breakerOpenMs(terms, loss + number - 1), asked);
    if (atMs > lastsMs || atMs + dialMs > lastsMs) break;
    atMs += dialMs;
  }
  return { longestMs, failures: loss + number - 1 };
}

/**
 * One wait, with the jitter's own chance. Of a link that was not stable nobody but its engine knows whether it has waited
 * before without a failure: the longest reckons with it, the quickest does not.
 */
function waitAt(terms: Terms, loss: number, number: number, random: 0 | 1): number {
  const before = loss + number <= 1 ? null : terms.maxReconnectDelayMs;
  const waits = loss === 0 ? number : loss + number - 1 + random;
  return backoffMs(terms, waits, random, before);
}
