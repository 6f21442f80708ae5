import type { MonoMs } from './units.ts';

/** Row H3, since the engine started. */
export interface LinkCounters {
  readonly pings: number;
  /** In time: a late one is of a ping that was missed. */
  readonly pongs: number;
  readonly missed: number;
  /** Pings that were out when their socket died. */
  readonly lost: number;
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

/** How often another socket has come into use for one that had ended, planned changes too: a socket that only stands by is none. */
export function reconnectsOf({ connects, disconnects }: Pick<LinkCounters, 'connects' | 'disconnects'>): number {
  return Math.max(0, Math.min(disconnects, connects - 1));
}

/** Share of the pings that were answered in time, 0 to 1, of those whose fate is known. `null` without any. */
export function successRatio({ pongs, missed, lost }: Pick<LinkCounters, 'pongs' | 'missed' | 'lost'>): number | null {
  const judged = pongs + missed + lost;
  return judged === 0 ? null : pongs / judged;
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
