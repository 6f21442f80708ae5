import type { MonoMs } from './units.ts';

/** Row H3, since the engine started. */
export interface LinkCounters {
  readonly pings: number;
  readonly pongs: number;
  readonly missed: number;
  readonly missedInARow: number;
  readonly foreignPongs: number;
  readonly venuePings: number;
  readonly connects: number;
  readonly disconnects: number;
  readonly failuresInARow: number;
  readonly messages: number;
  readonly dataMessages: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesPerSec: number;
}

/** Share of the pings that were answered in time, 0 to 1; one that is still out counts as answered. `null` without pings. */
export function successRatio({ pings, missed }: Pick<LinkCounters, 'pings' | 'missed'>): number | null {
  return pings === 0 ? null : 1 - missed / pings;
}

export interface LinkUptime {
  /** Since when the socket in use is open, `null` when none is. */
  readonly upSince: MonoMs | null;
  /** Time with an open socket, and time not paused, up to the snapshot; their quotient is the uptime ratio. */
  readonly upMs: number;
  readonly observedMs: number;
  /** Time up with fresh data: its share of the time observed is the reliability, since start and over the last 24 h. */
  readonly freshMs: number;
  readonly day: { readonly freshMs: number; readonly observedMs: number };
  /** Time that this machine slept, or stood still for over 10 s: in none of the other figures. */
  readonly sleptMs: number;
}
