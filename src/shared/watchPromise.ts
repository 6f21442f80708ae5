import type { LinkAbout } from './linkView.ts';

/** Three probes, half a second apart: the last one goes out so long after the first. */
const PROBING_MS = 1_000;

/** How soon a link that dies is known to, ms, and by what (row L4; docs/behaviour.md). */
export type WatchPromise =
  | { readonly by: 'silence' | 'pings'; readonly suspectMs: number; readonly deadMs: number }
  /** It answers no ping: a second connection is made after this silence; `null`: that is not known yet. */
  | { readonly by: 'second connection'; readonly suspectMs: number | null };

/** `suspectMs`: after its last byte, or after its last pong where only pings tell; `deadMs`: so long after the same. */
export function watchPromise({
  silenceLimitMs,
  pongLimitMs,
  pingIntervalMs,
  pongTimeoutMs,
  ping,
}: Pick<LinkAbout, 'silenceLimitMs' | 'pongLimitMs' | 'pingIntervalMs' | 'pongTimeoutMs' | 'ping'>): WatchPromise {
  if (ping === 'none') return { by: 'second connection', suspectMs: silenceLimitMs };
  // Without a socket there is no T of now; it is never longer than this.
  const pongMs = pongLimitMs ?? pongTimeoutMs;
  const byPingsMs = pingIntervalMs + pongMs;
  const bySilence = silenceLimitMs !== null && silenceLimitMs < byPingsMs;
  const suspectMs = bySilence ? silenceLimitMs : byPingsMs;
  return { by: bySilence ? 'silence' : 'pings', suspectMs, deadMs: suspectMs + PROBING_MS + pongMs };
}
