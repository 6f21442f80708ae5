import type { DownReason } from '../linkState.ts';
import type { Blame } from './verdict.ts';

/** One earlier life of the link, newest last. `livedMs` is `null` for a dial that never opened. */
export interface Life {
  readonly reason: DownReason;
  readonly livedMs: number | null;
}

/** Everything that is looked at when a socket or a dial has ended. */
export interface EndEvidence {
  readonly reason: DownReason;
  readonly livedMs: number | null;
  /** The lives before this one, oldest first. */
  readonly before: readonly Life[];
  /** Since the last pong or venue ping of this socket, ms; `null`: none came. */
  readonly lastAnswerMs: number | null;
  /** Local stall within the last seconds before the end, ms. */
  readonly stalledMs: number;
  /** This machine woke up, or changed its network, so long before the end, ms. */
  readonly wokeMs: number | null;
  readonly movedMs: number | null;
  /** Other links, and how many of them were lost within a few seconds of this one. */
  readonly sameVenue: { readonly links: number; readonly lost: number };
  readonly otherVenues: { readonly links: number; readonly lost: number };
  /** How much older messages had become before the end than they usually are, ms; 0 where the venue stamps none. */
  readonly lagGrowthMs: number;
  /** Other links whose messages aged alike. */
  readonly laggingLinks: number;
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

/** One socket of many is the path's doing, all of one venue the venue's, several venues at once ours. */
export function spread({ sameVenue, otherVenues, wokeMs, movedMs, stalledMs }: EndEvidence): Blame {
  if (wokeMs !== null || stalledMs > STALL_MS) return 'this machine';
  if (movedMs !== null) return 'local network';
  if (otherVenues.lost > 0 && otherVenues.lost * 2 >= otherVenues.links) return 'local network';
  if (sameVenue.links === 0) return 'unknown';
  return sameVenue.lost * 2 >= sameVenue.links ? 'venue' : 'path';
}

export const unansweredText = (facts: EndEvidence): string =>
  `${facts.unansweredPings} pings of the venue that its preset has no answer for`;

export function venueText({ sameVenue: { links, lost } }: EndEvidence): string {
  if (links === 0) return 'no other link to this venue';
  return `${lost} of ${links} other links to this venue were lost with it`;
}

export function othersText({ otherVenues: { links, lost } }: EndEvidence): string {
  if (links === 0) return 'no link to another venue to compare with';
  return `${lost} of ${links} links to other venues were lost with it`;
}
