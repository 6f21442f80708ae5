import type { MonoMs } from '../../shared/units.ts';
import type { Compared, EndEvidence } from '../../shared/verdict/endEvidence.ts';
import type { OpenEvidence } from '../../shared/verdict/openVerdict.ts';

/** What one link knows about its own end. */
export type EndClues = Pick<
  EndEvidence,
  | 'reason'
  | 'livedMs'
  | 'closeClass'
  | 'lastAnswerMs'
  | 'lagGrowthMs'
  | 'foreignPongs'
  | 'unansweredPings'
  | 'sentLastSec'
  | 'heartbeatMissedMs'
  | 'pongs'
  | 'refused403'
  | 'neverSubscribed'
>;

/** What one link shows while it is open, without what others show. */
export type OpenClues = Omit<
  OpenEvidence,
  'sameVenue' | 'otherVenues' | 'stalledMs' | 'heartbeatMissedBefore' | 'memoryPressure'
>;

/** One link as the inquiry sees it. */
export interface Witness {
  readonly name: string;
  readonly venue: string;
  readonly enabled: boolean;
  /** Its venue is inside this program: that it is reached says nothing of any network. */
  readonly demo: boolean;
  /** Since when its socket is open; `null` without one. */
  readonly openedAt: MonoMs | null;
  /** It is down and dials again by itself, now or later. */
  readonly tries: boolean;
  /** `null` unless it is up or suspect. */
  readonly open: OpenClues | null;
}

/** What the other links say of one that was lost. */
export type Others = Pick<EndEvidence, 'sameVenue' | 'otherVenues'>;

export function othersOf(
  others: readonly Witness[],
  venue: string | undefined,
  isLost: (other: Witness) => boolean,
): Others {
  const count = (some: readonly Witness[]): Compared => ({
    links: some.length,
    lost: some.filter(isLost).length,
    flowing: some.filter((other) => isFlowing(other.open)).length,
    lagging: some.filter((other) => isLagging(other.open)).length,
  });
  return {
    sameVenue: count(others.filter((other) => other.venue === venue)),
    otherVenues: count(others.filter((other) => other.venue !== venue)),
  };
}

export function isFlowing(open: OpenClues | null): boolean {
  return open !== null && open.dataAgeMs !== null && open.dataAgeMs <= open.dataNoticeMs;
}

/** Its messages are so much older than usual that this machine may be the reason. */
export function isLagging(open: OpenClues | null): boolean {
  return open !== null && open.lagGrowthMs > 1000;
}
