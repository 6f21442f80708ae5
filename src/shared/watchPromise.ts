import type { LinkAbout } from './linkView.ts';

/** How soon a link that dies is known to, ms, and by what (row L4; docs/behaviour.md). */
export type WatchPromise =
  | { readonly by: 'silence' | 'pings'; readonly suspectMs: number; readonly deadMs: number }
  /** It answers no ping: a second connection is asked for after this silence; `null`: that is not known yet. */
  | { readonly by: 'second connection'; readonly comparedMs: number | null };

/** `suspectMs`: after its last byte, or after its last pong where only pings tell; `deadMs`: so long after the same. */
export function watchPromise({
  silenceLimitMs,
  pongLimitMs,
  probesMs,
  pingIntervalMs,
  pongTimeoutMs,
  ping,
}: Pick<
  LinkAbout,
  'silenceLimitMs' | 'pongLimitMs' | 'probesMs' | 'pingIntervalMs' | 'pongTimeoutMs' | 'ping'
>): WatchPromise {
  if (ping === 'none') return { by: 'second connection', comparedMs: silenceLimitMs };
  // Without a socket there is no T of now; it is never longer than this.
  const pongMs = pongLimitMs ?? pongTimeoutMs;
  const byPingsMs = pingIntervalMs + pongMs;
  const bySilence = silenceLimitMs !== null && silenceLimitMs < byPingsMs;
  const suspectMs = bySilence ? silenceLimitMs : byPingsMs;
  return { by: bySilence ? 'silence' : 'pings', suspectMs, deadMs: suspectMs + probesMs + pongMs };
}
