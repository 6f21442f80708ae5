import { type DownReason, reasonText } from './linkState.ts';
import { assertNever } from './outcome.ts';

/** Whose doing an incident is (row H6). */
export type Blame = 'this machine' | 'our settings' | 'local network' | 'path' | 'venue' | 'unknown';

/** The closed list of causes: the documented ways in which market-data connections fail, and what a laptop adds. */
export const CAUSES = [
  'feed stalled',
  'venue quiet',
  'stale replay',
  'half-open',
  'half-closed',
  'heartbeat stopped',
  'scheduled restart',
  'abnormal close',
  'venue restart',
  'message rate limit',
  'pong payload mismatch',
  'server ping misanswered',
  'dial rate limit',
  'upgrade refused',
  'name resolution',
  'duplicate delivery',
  'not subscribed',
  'ack missing',
  'acknowledged but silent',
  'sequence gap',
  'ghost session',
  'credential used twice',
  'credentials refused',
  'message too big',
  'slow consumer',
  'memory',
  'local stall',
  'sleep',
  'route change',
  'unreachable',
  'tls',
  'protocol fault',
  'policy close',
  'settings fault',
  'pings unanswered',
] as const;
export type Cause = (typeof CAUSES)[number];

export interface Verdict {
  readonly cause: Cause;
  readonly blame: Blame;
  readonly certainty: 'sure' | 'likely' | 'possible';
  /** What it rests on, as clauses. */
  readonly evidence: readonly string[];
}

/** One earlier life of the link, newest last. `livedMs` is `null` for a dial that never opened. */
export interface Life {
  readonly reason: DownReason;
  readonly livedMs: number | null;
}

/** A shorter stall explains no end of a connection. Below the 2 s that venues' patience begins with: a stall is seen late. */
const STALL_MS = 1_500;
const LAGGING_STALL_MS = 500;

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

/** From how a connection ended to what probably happened; `null` for what we asked for ourselves. */
export function verdictOfEnd(facts: EndEvidence): Verdict | null {
  const { reason } = facts;
  switch (reason.kind) {
    case 'asked':
    case 'queued':
    case 'policy':
      return null;
    case 'resolve':
      return away(facts, 'name resolution', [reasonText(reason)], 'local network');
    case 'refused':
      return away(facts, 'unreachable', [reasonText(reason)], reason.code === 'ECONNREFUSED' ? 'venue' : 'path');
    case 'tls':
      return tlsVerdict(reason);
    case 'http':
      return httpVerdict(facts, reason.status);
    case 'handshake':
      return sure('upgrade refused', 'venue', [reasonText(reason)]);
    case 'token':
      return away(facts, 'unreachable', [reasonText(reason)], 'venue');
    case 'dial-timeout':
      return reason.phase === 'upgrade'
        ? { ...sure('upgrade refused', 'venue', [reasonText(reason)]), certainty: 'likely' }
        : away(facts, reason.phase === 'resolving' ? 'name resolution' : 'unreachable', [reasonText(reason)], 'path');
    case 'told':
      return toldVerdict(reason.class, reason.text);
    case 'closed':
      return closedVerdict(facts, reason.code, reason.text);
    case 'cut':
      return cutVerdict(facts, reason.code);
    case 'dead':
      return deadVerdict(facts, reason.silentMs);
    case 'stale':
      return staleVerdict(facts, reason.ageMs);
    case 'protocol':
      return reason.code === 1009
        ? sure('message too big', 'our settings', [reason.message])
        : sure('protocol fault', 'venue', [reasonText(reason)]);
    default:
      return assertNever(reason);
  }
}

const sure = (cause: Cause, blame: Blame, evidence: readonly string[]): Verdict => ({
  cause,
  blame,
  certainty: 'sure',
  evidence,
});

/** What cannot be reached: one venue alone is its own or the path's doing, several at once are ours. */
function away(facts: EndEvidence, cause: Cause, evidence: readonly string[], alone: Blame): Verdict {
  const { otherVenues } = facts;
  if (otherVenues.lost > 0 && otherVenues.lost === otherVenues.links) {
    return { cause, blame: 'local network', certainty: 'likely', evidence: [...evidence, othersText(facts)] };
  }
  const healthy = otherVenues.links > otherVenues.lost;
  const blame: Blame = healthy && alone === 'local network' ? 'path' : alone;
  return { cause, blame, certainty: healthy ? 'likely' : 'possible', evidence: [...evidence, othersText(facts)] };
}

function tlsVerdict(reason: Extract<DownReason, { kind: 'tls' }>): Verdict {
  const own = /SELF_SIGNED|UNABLE_TO|NOT_YET_VALID/.test(reason.code);
  return {
    cause: 'tls',
    blame: own ? 'our settings' : 'venue',
    certainty: own ? 'likely' : 'sure',
    evidence: [reasonText(reason)],
  };
}

function httpVerdict(facts: EndEvidence, status: number): Verdict {
  const evidence = [`HTTP ${status} instead of 101`];
  if (status === 429 || status === 418) return sure('dial rate limit', 'our settings', evidence);
  if (status === 401 || status === 403)
    return { ...sure('credentials refused', 'our settings', evidence), certainty: 'likely' };
  if (status >= 500) {
    const again = facts.before.filter(({ reason }) => reason.kind === 'http').length;
    return sure('upgrade refused', 'venue', again > 0 ? [...evidence, `${again + 1} times in a row`] : evidence);
  }
  return sure('settings fault', 'our settings', evidence);
}

function toldVerdict(cls: Extract<DownReason, { kind: 'told' }>['class'], text: string): Verdict {
  const evidence = [`the venue said: ${text}`];
  switch (cls) {
    case 'slot':
      return sure('ghost session', 'path', [...evidence, 'the slot is still held by our dead connection']);
    case 'evicted':
      return sure('credential used twice', 'our settings', evidence);
    case 'credentials':
      return sure('credentials refused', 'our settings', evidence);
    case 'slow':
      return sure('message rate limit', 'our settings', evidence);
    case 'settings':
      return sure('settings fault', 'our settings', evidence);
    case 'client':
      return sure('policy close', 'our settings', evidence);
    case 'retry':
      return sure('venue restart', 'venue', evidence);
    default:
      return assertNever(cls);
  }
}

function closedVerdict(facts: EndEvidence, code: number, text: string): Verdict {
  const evidence = [`close ${code}${text === '' ? '' : ` "${text}"`}`];
  if (facts.neverSubscribed)
    return sure('not subscribed', 'our settings', [...evidence, 'nothing was subscribed on it']);
  if (GIVEN_UP.test(text)) {
    if (facts.wokeMs !== null) return woken(facts.wokeMs, evidence);
    if (facts.stalledMs > STALL_MS) return localStall(facts, evidence);
  }
  const duel = evictionDuel(facts);
  if (/newer|oldest|another (session|connection|location)|logged in elsewhere/i.test(text)) {
    return sure('credential used twice', 'our settings', duel ?? evidence);
  }
  if (code === 1008 && /pong|ping|heartbeat/i.test(text)) {
    const foreign = facts.foreignPongs > 0 ? [`${facts.foreignPongs} pongs that answered none of ours`] : [];
    return sure('pong payload mismatch', 'our settings', [...evidence, ...foreign]);
  }
  if (code === 1008 && /too many|rate|limit|frequen/i.test(text)) {
    return sure('message rate limit', 'our settings', [
      ...evidence,
      `${facts.sentLastSec} messages of ours in the last second`,
    ]);
  }
  if (facts.unansweredPings > 0) {
    return {
      cause: 'server ping misanswered',
      blame: 'our settings',
      certainty: 'likely',
      evidence: [...evidence, unansweredText(facts)],
    };
  }
  if (code === 1009) return sure('message too big', 'our settings', evidence);
  if (duel !== null)
    return { cause: 'credential used twice', blame: 'our settings', certainty: 'likely', evidence: duel };
  if (code === 1008) return sure('policy close', 'our settings', evidence);
  if (code === 1002 || code === 1003 || code === 1007) return sure('protocol fault', 'our settings', evidence);
  return sure('venue restart', 'venue', [...evidence, venueText(facts)]);
}

/** The venue says that it heard nothing of us: who stood still says whose doing that was. */
const GIVEN_UP = /silen|idle|inactiv|time.?out|no (activity|message|ping|pong|heartbeat)/i;

/** Row of incident 19: short lives of one length, each ended with a clean close. */
function evictionDuel(facts: EndEvidence): readonly string[] | null {
  const lives = [...facts.before, { reason: facts.reason, livedMs: facts.livedMs }].slice(-4);
  const clean = lives.every(({ reason }) => reason.kind === 'closed' || reason.kind === 'told');
  const lengths = lives.flatMap(({ livedMs }) => (livedMs === null ? [] : [livedMs]));
  if (lives.length < 4 || !clean || lengths.length < 4) return null;
  const longest = Math.max(...lengths);
  const shortest = Math.min(...lengths);
  if (longest > 120_000 || longest - shortest > Math.max(50, longest * 0.3)) return null;
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return [`the last ${lives.length} connections lived ${(mean / 1000).toFixed(1)} s each and were closed cleanly`];
}

function cutVerdict(facts: EndEvidence, code: string): Verdict {
  const evidence = [`no close frame (1006, ${code})`];
  if (facts.lagGrowthMs > 1000) return slowConsumer(facts, evidence);
  if (facts.stalledMs > STALL_MS) return localStall(facts, evidence);
  if (facts.unansweredPings > 0) {
    return {
      cause: 'server ping misanswered',
      blame: 'our settings',
      certainty: 'likely',
      evidence: [...evidence, unansweredText(facts)],
    };
  }
  if (facts.heartbeatMissedMs !== null) {
    const missed = `the venue's heartbeats had stopped ${(facts.heartbeatMissedMs / 1000).toFixed(1)} s before`;
    return { cause: 'heartbeat stopped', blame: 'venue', certainty: 'likely', evidence: [...evidence, missed] };
  }
  const storm = facts.before.filter(({ reason }) => reason.kind === 'cut').length;
  const fin = code === 'the venue ended the TCP connection';
  if (fin && storm < 2 && facts.lastAnswerMs !== null && facts.lastAnswerMs < 60_000) {
    const pong = `it still answered ${(facts.lastAnswerMs / 1000).toFixed(1)} s before`;
    return {
      cause: 'half-closed',
      blame: spread(facts),
      certainty: 'likely',
      evidence: [...evidence, pong, venueText(facts)],
    };
  }
  const again = storm >= 2 ? [`cut ${storm + 1} times`] : [];
  return {
    cause: 'abnormal close',
    blame: spread(facts),
    certainty: 'likely',
    evidence: [...evidence, ...again, venueText(facts), othersText(facts)],
  };
}

/** Messages were old before the end: whoever reads them is too slow, and that is this side. */
function slowConsumer(facts: EndEvidence, evidence: readonly string[]): Verdict {
  const local = facts.laggingLinks > 0 || facts.stalledMs > LAGGING_STALL_MS;
  const lag = `messages had become ${seconds(facts.lagGrowthMs)} older before the ${facts.reason.kind === 'cut' ? 'cut' : 'end'}`;
  const others = facts.laggingLinks > 0 ? [`${facts.laggingLinks} other links lagged alike`] : [];
  return {
    cause: 'slow consumer',
    blame: local ? 'this machine' : 'our settings',
    certainty: local ? 'sure' : 'likely',
    evidence: [...evidence, lag, ...others],
  };
}

/** This machine stood still for so long that a venue may well have given it up. */
function localStall(facts: EndEvidence, evidence: readonly string[]): Verdict {
  const all = [...evidence, stallText(facts.stalledMs)];
  return { cause: 'local stall', blame: 'this machine', certainty: 'likely', evidence: all };
}

function woken(wokeMs: number, evidence: readonly string[]): Verdict {
  return sure('sleep', 'this machine', [...evidence, `this machine woke up ${seconds(wokeMs)} before`]);
}

function deadVerdict(facts: EndEvidence, silentMs: number): Verdict {
  const evidence = [reasonText(facts.reason)];
  if (facts.wokeMs !== null) return woken(facts.wokeMs, evidence);
  if (facts.movedMs !== null)
    return sure('route change', 'local network', [...evidence, `its network changed ${seconds(facts.movedMs)} before`]);
  if (facts.lagGrowthMs > 1000) return slowConsumer(facts, evidence);
  if (facts.stalledMs > STALL_MS) return localStall(facts, evidence);
  if (silentMs < 1000)
    return {
      cause: 'pings unanswered',
      blame: 'venue',
      certainty: 'likely',
      evidence: [...evidence, 'messages still came'],
    };
  if (facts.heartbeatMissedMs !== null) {
    const missed = `the venue's heartbeats stopped, and nothing came after them`;
    return {
      cause: 'heartbeat stopped',
      blame: spread(facts),
      certainty: 'likely',
      evidence: [...evidence, missed, othersText(facts)],
    };
  }
  return {
    cause: 'half-open',
    blame: spread(facts),
    certainty: 'likely',
    evidence: [...evidence, 'writes still succeeded', venueText(facts), othersText(facts)],
  };
}

function staleVerdict(facts: EndEvidence, ageMs: number): Verdict {
  const evidence = [`no data for ${seconds(ageMs)}`, 'pings answered'];
  const { links, lost } = facts.sameVenue;
  if (links > lost)
    return {
      cause: 'feed stalled',
      blame: 'venue',
      certainty: 'sure',
      evidence: [...evidence, `${links - lost} other links to this venue get data`],
    };
  return {
    cause: 'feed stalled',
    blame: 'venue',
    certainty: 'possible',
    evidence: [...evidence, 'no other link to this venue to compare with'],
  };
}

/** One socket of many is the path's doing, all of one venue the venue's, several venues at once ours. */
function spread({ sameVenue, otherVenues, wokeMs, movedMs, stalledMs }: EndEvidence): Blame {
  if (wokeMs !== null || stalledMs > STALL_MS) return 'this machine';
  if (movedMs !== null) return 'local network';
  if (otherVenues.lost > 0 && otherVenues.lost * 2 >= otherVenues.links) return 'local network';
  if (sameVenue.links === 0) return 'unknown';
  return sameVenue.lost * 2 >= sameVenue.links ? 'venue' : 'path';
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const stallText = (ms: number): string => `this machine stood still for ${seconds(ms)} just before`;
const unansweredText = (facts: EndEvidence): string =>
  `${facts.unansweredPings} pings of the venue that its preset has no answer for`;

function venueText({ sameVenue: { links, lost } }: EndEvidence): string {
  if (links === 0) return 'no other link to this venue';
  return `${lost} of ${links} other links to this venue were lost with it`;
}

function othersText({ otherVenues: { links, lost } }: EndEvidence): string {
  if (links === 0) return 'no link to another venue to compare with';
  return `${lost} of ${links} links to other venues were lost with it`;
}

/** What an open link shows. */
export interface OpenEvidence {
  readonly dataAgeMs: number | null;
  readonly dataNoticeMs: number;
  readonly pongs: 'answered' | 'missed' | 'none';
  readonly sameVenueFlowing: number;
  readonly sameVenueLinks: number;
  /** The limit has been doubled: it came back from a forced reconnect just as silent. */
  readonly provedQuiet: boolean;
  /** Frames come whose own time stands still, ms. */
  readonly frozenMs: number;
  readonly wanted: number;
  readonly hasChannels: boolean;
  readonly neverAcked: number;
  readonly silentAcked: number;
  /** Subscriptions that had data and have none any more, while others flow. */
  readonly mutedTopics: readonly string[];
  readonly missingNumbers: number;
  readonly duplicateNumbers: number;
  /** How much older messages are than they usually are, ms. */
  readonly lagGrowthMs: number;
  readonly laggingLinks: number;
  /** Local stall within the last seconds, ms. */
  readonly stalledMs: number;
  readonly heartbeatMissedMs: number | null;
  /** Why this program's own memory endangers it, `null` if it does not. */
  readonly memoryPressure: readonly string[] | null;
  /** It stopped at the same time of an earlier day. */
  readonly heartbeatMissedBefore: boolean;
}

/** What is wrong with a link that is open, the gravest first; empty for nothing. */
export function verdictsOfOpen(facts: OpenEvidence): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  const say = (cause: Cause, blame: Blame, certainty: Verdict['certainty'], ...evidence: string[]): void => {
    verdicts.push({ cause, blame, certainty, evidence });
  };
  if (facts.memoryPressure !== null) say('memory', 'this machine', 'sure', ...facts.memoryPressure);
  if (facts.missingNumbers > 0)
    say('sequence gap', 'venue', 'sure', `${facts.missingNumbers} message numbers are missing; resync needed`);
  if (facts.frozenMs > facts.dataNoticeMs) {
    say(
      'stale replay',
      'venue',
      'likely',
      `messages come, but their own time has stood still for ${seconds(facts.frozenMs)}`,
    );
  }
  if (facts.lagGrowthMs > 1000) {
    const local = facts.laggingLinks > 0 || facts.stalledMs > LAGGING_STALL_MS;
    const evidence = [`messages are ${seconds(facts.lagGrowthMs)} older than they usually are`];
    if (facts.laggingLinks > 0) evidence.push(`${facts.laggingLinks} other links lag alike`);
    if (facts.stalledMs > LAGGING_STALL_MS) evidence.push(stallText(facts.stalledMs));
    say('slow consumer', local ? 'this machine' : 'unknown', local ? 'likely' : 'possible', ...evidence);
  }
  if (facts.wanted === 0 && facts.hasChannels)
    say('not subscribed', 'our settings', 'sure', 'connected, and nothing is subscribed');
  if (facts.silentAcked > 0)
    say(
      'acknowledged but silent',
      'venue',
      'likely',
      `${facts.silentAcked} subscriptions acknowledged, and no data of them`,
    );
  if (facts.mutedTopics.length > 0) {
    say(
      'feed stalled',
      'venue',
      'likely',
      `no data of ${facts.mutedTopics.join(', ')}, while other subscriptions flow`,
    );
  }
  if (facts.neverAcked > 0)
    say('ack missing', 'venue', 'likely', `${facts.neverAcked} subscriptions never acknowledged`);
  if (facts.duplicateNumbers > 0)
    say('duplicate delivery', 'venue', 'likely', `${facts.duplicateNumbers} message numbers came twice`);
  if (facts.heartbeatMissedMs !== null) {
    const cause = facts.heartbeatMissedBefore ? 'scheduled restart' : 'heartbeat stopped';
    say(cause, 'venue', 'likely', `its heartbeat is ${seconds(facts.heartbeatMissedMs)} overdue`);
  }
  const silent = facts.dataAgeMs !== null && facts.dataAgeMs > facts.dataNoticeMs && facts.wanted > 0;
  if (silent && facts.pongs !== 'missed') {
    const evidence = [`no data for ${seconds(facts.dataAgeMs)}`, 'pings answered'];
    if (facts.sameVenueFlowing > 0) {
      say(
        'feed stalled',
        'venue',
        'sure',
        ...evidence,
        `${facts.sameVenueFlowing} of ${facts.sameVenueLinks} other links to this venue get data`,
      );
    } else if (facts.provedQuiet)
      say('venue quiet', 'venue', 'likely', ...evidence, 'a new connection was just as silent');
    else say('feed stalled', 'venue', 'possible', ...evidence);
  }
  return verdicts;
}

/** Whose doing it was, as a clause of its own: a bare `unknown` would not say what is not known. */
export const blameText = (blame: Blame): string => BLAME[blame];

const BLAME: Readonly<Record<Blame, string>> = {
  'this machine': 'by this machine',
  'our settings': 'by our settings',
  'local network': 'by the local network',
  path: 'by the path to the venue',
  venue: 'by the venue',
  unknown: 'who is to blame is not known',
};

export function verdictText({ cause, blame, certainty, evidence }: Verdict): string {
  return `${cause} (${certainty}, ${blameText(blame)}): ${evidence.join('; ')}`;
}
