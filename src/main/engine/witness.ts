import type { EndEvidence } from '../../shared/verdict/endEvidence.ts';
import type { OpenEvidence } from '../../shared/verdict/openVerdict.ts';

/** What one link knows about its own end. */
export type EndClues = Pick<
  EndEvidence,
  | 'reason'
  | 'livedMs'
  | 'lastAnswerMs'
  | 'lagGrowthMs'
  | 'foreignPongs'
  | 'unansweredPings'
  | 'sentLastSec'
  | 'heartbeatMissedMs'
  | 'neverSubscribed'
>;

/** What one link shows while it is open, without what others show. */
export type OpenClues = Omit<
  OpenEvidence,
  'sameVenueFlowing' | 'sameVenueLinks' | 'laggingLinks' | 'stalledMs' | 'heartbeatMissedBefore' | 'memoryPressure'
>;

/** One link as the inquiry sees it. */
export interface Witness {
  readonly name: string;
  readonly venue: string;
  readonly enabled: boolean;
  /** Its venue is inside this program: that it is reached says nothing of any network. */
  readonly demo: boolean;
  /** `null` unless it is up or suspect. */
  readonly open: OpenClues | null;
}

/** What the other links say of one that was lost. */
export type Others = Pick<EndEvidence, 'sameVenue' | 'otherVenues' | 'laggingLinks'>;

export function othersOf(
  others: readonly Witness[],
  venue: string | undefined,
  isLost: (other: Witness) => boolean,
): Others {
  const count = (some: readonly Witness[]): { links: number; lost: number } => ({
    links: some.length,
    lost: some.filter(isLost).length,
  });
  return {
    sameVenue: count(others.filter((other) => other.venue === venue)),
    otherVenues: count(others.filter((other) => other.venue !== venue)),
    laggingLinks: others.filter((other) => isLagging(other.open)).length,
  };
}

export function isFlowing(open: OpenClues | null): boolean {
  return open !== null && open.dataAgeMs !== null && open.dataAgeMs <= open.dataNoticeMs;
}

/** Its messages are so much older than usual that this machine may be the reason. */
export function isLagging(open: OpenClues | null): boolean {
  return open !== null && open.lagGrowthMs > 1000;
}
