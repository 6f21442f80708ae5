import { counted } from '../counted.ts';
import type { DownReason } from '../linkState.ts';
import type { CloseClass } from '../preset.ts';
import type { Blame } from './verdict.ts';

/** One life of the link. `livedMs` is `null` for a dial that never opened. */
export interface Life {
  readonly reason: DownReason;
  readonly livedMs: number | null;
  /** What the venue itself said of the end: in words before it, or by a close code that its preset knows. */
  readonly closeClass: CloseClass | null;
}

/** A life that ended before; `agoMs`: how long before. */
export interface EarlierLife extends Life {
  readonly agoMs: number;
}

/** A connection that was refused the slot was open for a moment, and never held it. */
export const wasRefusedSlot = ({ closeClass }: Life): boolean => closeClass === 'slot';

/** Other links of a kind. */
export interface Compared {
  readonly links: number;
  readonly lost: number;
  /** Get fresh data. */
  readonly flowing: number;
  /** Get messages that are much older than usual. */
  readonly lagging: number;
}

/** Everything that is looked at when a socket or a dial has ended. */
export interface EndEvidence extends Life {
  /** The lives before this one, oldest first. */
  readonly before: readonly EarlierLife[];
  /** Since the last pong or venue ping of this socket, ms; `null`: none came. */
  readonly lastAnswerMs: number | null;
  /** Local stall within the last seconds before the end, ms. */
  readonly stalledMs: number;
  /** This machine woke up, or changed its network, so long before the end, ms; `null` also where that explains nothing. */
  readonly wokeMs: number | null;
  readonly movedMs: number | null;
  /** Other links that want to be up, and how many of them are not, or were lost within a few seconds of this one. */
  readonly sameVenue: Compared;
  readonly otherVenues: Compared;
  /** How much older messages had become before the end than they usually are, ms; 0 where the venue stamps none. */
  readonly lagGrowthMs: number;
  /** The venue answers our pings, and did on this socket. */
  readonly pongs: boolean;
  /** What an HTTP 403 of this venue means: without credentials it is no word about them. */
  readonly refused403: 'credentials' | 'block';
  readonly foreignPongs: number;
  /** Venue pings that our preset has no answer for. */
  readonly unansweredPings: number;
  /** Messages of ours in the last second before the end. */
  readonly sentLastSec: number;
  /** Nothing was subscribed on this socket although the venue has channels, and no data came. */
  readonly neverSubscribed: boolean;
  /** The venue's own pings or heartbeats had stopped so long before the end, ms. */
  readonly heartbeatMissedMs: number | null;
}

/** A shorter stall explains no end of a connection. Below the 2 s that venues' patience begins with: a stall is seen late. */
export const STALL_MS = 1_500;
/** So long a one makes messages old. */
export const LAGGING_STALL_MS = 500;

/** Whose doing old messages are: several venues at once are read too slowly, one alone with all its links sends late. */
export function lagBlame({
  sameVenue,
  otherVenues,
  stalledMs,
}: Pick<EndEvidence, 'sameVenue' | 'otherVenues' | 'stalledMs'>): Blame {
  if (otherVenues.lagging > 0 || stalledMs > LAGGING_STALL_MS) return 'this machine';
  return sameVenue.lagging > 0 && sameVenue.lagging === sameVenue.links ? 'venue' : 'unknown';
}

/** Who lags as well; empty for nobody. */
export function laggingText({ sameVenue, otherVenues }: Pick<EndEvidence, 'sameVenue' | 'otherVenues'>): string[] {
  const others = sameVenue.lagging + otherVenues.lagging;
  return others === 0
    ? []
    : [
        `${counted(others, 'other link lags', 'other links lag')} alike, ${otherVenues.lagging} of them to other venues`,
      ];
}

/** One socket of many is the path's doing, all of one venue the venue's, several venues at once ours. */
export function spread({ sameVenue, otherVenues, wokeMs, movedMs, stalledMs }: EndEvidence): Blame {
  if (wokeMs !== null || stalledMs > STALL_MS) return 'this machine';
  if (movedMs !== null) return 'local network';
  if (otherVenues.lost > 0 && otherVenues.lost * 2 >= otherVenues.links) return 'local network';
  if (sameVenue.links === 0) return 'unknown';
  return sameVenue.lost * 2 >= sameVenue.links ? 'venue' : 'path';
}

/** The same where all fell silent: without another venue nothing says that the network was there. */
export function silenceBlame(facts: EndEvidence): Blame {
  const blame = spread(facts);
  return blame === 'venue' && facts.otherVenues.links === 0 ? 'unknown' : blame;
}

export const unansweredText = (facts: EndEvidence): string =>
  `${counted(facts.unansweredPings, 'ping')} of the venue that its preset has no answer for`;

/** Those that were lost at the same time may be up again. */
const gone = (links: number): string =>
  links === 1 ? 'is down, or was lost with it' : 'are down, or were lost with it';

export function venueText({ sameVenue: { links, lost } }: EndEvidence): string {
  if (links === 0) return 'no other link to this venue';
  return `${lost} of ${counted(links, 'other link')} to this venue ${gone(links)}`;
}

export const flowingText = ({ links, flowing }: Compared): string =>
  `${flowing} of ${counted(links, 'other link')} to this venue ${links === 1 ? 'gets' : 'get'} data`;

export function othersText({ otherVenues: { links, lost } }: EndEvidence): string {
  if (links === 0) return 'no link to another venue to compare with';
  const named = counted(links, 'link to another venue', 'links to other venues');
  return `${lost} of ${named} ${gone(links)}`;
}
