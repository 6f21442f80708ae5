import { type MonoMs, monoMs } from './units.ts';

/** The times by which a link is watched (rows L2, L4): kept by the heartbeat, promised to people. Milliseconds. */

/** Between two probes of a suspect link, unless the venue counts pings. */
export const PROBE_INTERVAL_MS = 500;

const WARMUP_INTERVAL_MS = 1_000;
const PONG_LIMIT_FLOOR_MS = 1_000;

/** T of row L4: the pong timeout, shortened where the link has shown that it answers much faster. `p99Ms`: `null` without samples. */
export function pongLimitMs(pongTimeoutMs: number, p99Ms: number | null): number {
  return p99Ms === null ? pongTimeoutMs : Math.min(pongTimeoutMs, Math.max(PONG_LIMIT_FLOOR_MS, 4 * p99Ms));
}

/** From one regular ping to the next; `warmupLeft` pings of a new socket come faster. */
export function pingGapMs(warmupLeft: number, pingIntervalMs: number): number {
  return warmupLeft > 0 ? Math.min(WARMUP_INTERVAL_MS, pingIntervalMs) : pingIntervalMs;
}

/** A regular ping comes so much of its interval early at most. */
const EARLY_PART = 0.01;

/** When a regular ping that is due at `at` is sent: those of many links are sent together, and their pongs come together. */
export function pingSlotAt(at: MonoMs, gapMs: number): MonoMs {
  const slotMs = gapMs * EARLY_PART;
  return slotMs > 0 ? monoMs(Math.floor(at / slotMs) * slotMs) : at;
}

/** When the last pong of a link is too old to tell of it. */
export const oldPongMs = (pingIntervalMs: number): number => Math.max(60_000, 4 * pingIntervalMs);

/** At most `limit` in any window of that length. */
export interface WindowLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** From the first probe of a suspect link to the one that decides. `probes`: what the venue lets go; `null` for any number. */
export function probesMs(missedPongs: number, probes: WindowLimit | null): number {
  const after = missedPongs - 1;
  const unheldMs = after * PROBE_INTERVAL_MS;
  if (probes === null) return unheldMs;
  const { limit, windowMs } = probes;
  return Math.max(unheldMs, Math.floor(after / limit) * windowMs + (after % limit) * PROBE_INTERVAL_MS);
}
