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

/** From suspect to dead: so many probes in a row, each unanswered for `limitMs`. */
export function probingMs(missedPongs: number, limitMs: number): number {
  return (missedPongs - 1) * PROBE_INTERVAL_MS + limitMs;
}
