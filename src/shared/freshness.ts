/** What subscriptions bring again and again, byte for byte, where that means something: the venue stamps none. */
export interface Sameness {
  /** Those that have done so for longer than the notice. */
  readonly names: readonly string[];
  /** For how long the longest of all has, ms. */
  readonly forMs: number;
  /** Another brings what is new. */
  readonly othersChange: boolean;
}

export const NOTHING_SAME: Sameness = { names: [], forMs: 0, othersChange: false };

/** What says whether the last that a link has heard is of now (rows H2, H3, H5). */
export interface FreshnessFacts {
  readonly expectsData: boolean;
  /** Since the last data frame of this socket, ms; `null` before the first. */
  readonly dataAgeMs: number | null;
  /** This machine slept since: however young that frame seems, it is from before. */
  readonly sleptSince: boolean;
  readonly dataNoticeMs: number;
  /** For how long frames have come whose own time stands still, ms; 0 where the venue stamps none. */
  readonly frozenMs: number;
  readonly same: Sameness;
  /** How much older messages are than they have been at best, ms; 0 where the venue stamps none. */
  readonly lagGrowthMs: number;
}

/** Data are old because nothing came yet, or since a sleep, or any more; by the venue's own stamps, or because it is the same again and again. */
export type Staleness = 'none yet' | 'slept' | 'silent' | 'frozen' | 'same' | 'late';

/** Messages so much older than usual show a market that has moved on, ms. Below, a busy venue's own delay may explain it. */
const LATE_MS = 5_000;

/** All that makes its data old, the gravest first; empty while they are fresh. */
export function stalenessOf(facts: FreshnessFacts): readonly Staleness[] {
  const { expectsData, dataAgeMs, sleptSince, dataNoticeMs, frozenMs, same, lagGrowthMs } = facts;
  const found: Staleness[] = [];
  if (expectsData && dataAgeMs === null) found.push('none yet');
  if (expectsData && dataAgeMs !== null && sleptSince) found.push('slept');
  if (expectsData && dataAgeMs !== null && dataAgeMs > dataNoticeMs) found.push('silent');
  if (frozenMs > dataNoticeMs) found.push('frozen');
  if (same.forMs > dataNoticeMs && !same.othersChange) found.push('same');
  if (lagGrowthMs > LATE_MS) found.push('late');
  return found;
}
