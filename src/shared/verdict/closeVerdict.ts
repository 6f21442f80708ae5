import { isRateClose } from '../closeCodes.ts';
import { counted } from '../counted.ts';
import { assertNever } from '../outcome.ts';
import type { CloseClass } from '../preset.ts';
import { type EndEvidence, type Life, STALL_MS, unansweredText, venueText, wasRefusedSlot } from './endEvidence.ts';
import { localStall, woken } from './machineVerdict.ts';
import { likely, secondsText, sure, type Verdict } from './verdict.ts';

/** Of an end whose class the preset knows. */
export function classVerdict(facts: EndEvidence, closeClass: CloseClass, evidence: readonly string[]): Verdict {
  switch (closeClass) {
    case 'slot':
      return slotVerdict(facts, evidence);
    case 'evicted':
      return sure('credential used twice', 'our settings', evidence);
    case 'credentials':
      return sure('credentials refused', 'our settings', evidence);
    case 'slow':
      return rateVerdict(facts, evidence);
    case 'settings':
      return sure('settings fault', 'our settings', evidence);
    case 'client':
      return sure('policy close', 'our settings', evidence);
    case 'retry':
      return sure('venue restart', 'venue', evidence);
    default:
      return assertNever(closeClass);
  }
}

/** Venues let a dead connection's slot go after some 90 s; twice that is no ghost of ours any more. */
const GHOST_MS = 180_000;

/** A connection of ours that was lost may hold the slot still; without one somebody else does. */
function slotVerdict({ before }: EndEvidence, evidence: readonly string[]): Verdict {
  const ours = before.findLast((life) => life.livedMs !== null && !wasRefusedSlot(life));
  if (ours !== undefined && ours.agoMs <= GHOST_MS) {
    return sure('ghost session', 'path', [...evidence, 'the slot is still held by our dead connection']);
  }
  const words =
    ours === undefined
      ? 'this link had no connection before that could hold the slot'
      : `the last connection of this link ended ${secondsText(ours.agoMs)} before, and holds it no more`;
  return {
    cause: 'credential used twice',
    blame: 'our settings',
    certainty: 'possible',
    evidence: [...evidence, words],
  };
}

function rateVerdict({ sentLastSec }: EndEvidence, evidence: readonly string[]): Verdict {
  return sure('message rate limit', 'our settings', [
    ...evidence,
    `${counted(sentLastSec, 'message')} of ours in the last second`,
  ]);
}

export function closedVerdict(facts: EndEvidence, code: number, text: string): Verdict {
  const evidence = [`close ${code}${text === '' ? '' : ` "${text}"`}`];
  // `retry` is what to do about it, and no word of why.
  if (facts.closeClass !== null && facts.closeClass !== 'retry') return classVerdict(facts, facts.closeClass, evidence);
  if (facts.neverSubscribed)
    return sure('not subscribed', 'our settings', [...evidence, 'nothing was subscribed on it']);
  if (GIVEN_UP.test(text) || PLAIN_CODES.has(code)) {
    if (facts.wokeMs !== null) return woken(facts.wokeMs, evidence);
    if (facts.stalledMs > STALL_MS && GIVEN_UP.test(text)) return localStall(facts, evidence);
  }
  const duel = facts.refused403 === 'block' ? null : evictionDuel(facts);
  if (/newer|oldest|another (session|connection|location)|logged in elsewhere/i.test(text)) {
    return sure('credential used twice', 'our settings', duel ?? evidence);
  }
  if (isRateClose(code, text)) return rateVerdict(facts, evidence);
  if (code === 1008 && PONG_FAULT.test(text)) {
    const { foreignPongs } = facts;
    if (foreignPongs === 0) return likely('pong payload mismatch', 'our settings', evidence);
    const foreign = `${counted(foreignPongs, 'pong')} that answered none of ours`;
    return sure('pong payload mismatch', 'our settings', [...evidence, foreign]);
  }
  // Two are more than a coincidence with a bare code that may mean anything.
  const restarts = saysRestart(code, text) && (code !== 1001 || text !== '' || facts.unansweredPings < 2);
  if (facts.unansweredPings > 0 && !restarts) {
    return likely('server ping misanswered', 'our settings', [...evidence, unansweredText(facts)]);
  }
  if (code === 1009) return sure('message too big', 'our settings', evidence);
  if (duel !== null) return likely('credential used twice', 'our settings', duel);
  if (CREDENTIAL_FAULT.test(text)) return likely('credentials refused', 'our settings', evidence);
  if (code === 1008) return sure('policy close', 'our settings', evidence);
  if (PROTOCOL_CODES.has(code)) return sure('protocol fault', 'our settings', evidence);
  // It is judged at once: that no other has been closed yet says nothing.
  if (facts.sameVenue.lost > 0) return sure('venue restart', 'venue', [...evidence, venueText(facts)]);
  return { cause: 'venue restart', blame: 'venue', certainty: restartCertainty(code, text), evidence };
}

/** A server that goes away says so; one that closes without a reason mostly does; what an unknown code means nobody knows. */
function restartCertainty(code: number, text: string): Verdict['certainty'] {
  if (saysRestart(code, text)) return 'sure';
  return code >= 3000 ? 'possible' : 'likely';
}

const saysRestart = (code: number, text: string): boolean =>
  RESTART_CODES.has(code) || /restart|maintenance|shut.?down|going away/i.test(text);

const RESTART_CODES = new Set([1001, 1012]);
/** What we sent, or asked of the server, was not of the protocol as it has it. */
const PROTOCOL_CODES = new Set([1002, 1003, 1007, 1010]);

/** The venue says that a ping, a pong or a heartbeat did not come or was not the right one: not every word of them is that. */
const PONG_FAULT =
  /\b(miss|invalid|wrong|bad|mismatch|unexpected|fail|late|no\b|time.?out|unanswered|unsolicited)[^.]*\b(ping|pong|heartbeat)|\b(ping|pong|heartbeat)[^.]*(miss|invalid|wrong|mismatch|unexpected|fail|\blate|not received|time.?out|timed out|unanswered)/i;

const CREDENTIAL_FAULT =
  /\b(api|access|secret)?.?(key|token|signature|credentials?|password)s?\b[^.]*(invalid|wrong|bad|expired|revoked|missing|unknown|not (valid|found))|(invalid|wrong|bad|expired|revoked|missing|unknown)[^.]*\b(api.?key|key|token|signature|credentials?|password)s?\b|unauthori[sz]ed|unauthenticated|authentication (failed|required)|not logged in/i;

/** Codes that say nothing of why: what waited in the pipe while this machine slept. */
const PLAIN_CODES = new Set([1000, 1001, 1005]);

/** The venue says that it heard nothing of us: who stood still says whose doing that was. */
const GIVEN_UP = /silen|idle|inactiv|time.?out|no (activity|message|ping|pong|heartbeat)/i;

/** Row of incident 19: short lives of one length, each ended with a clean close. */
function evictionDuel(facts: EndEvidence): readonly string[] | null {
  const lives: readonly Life[] = [...facts.before, facts].slice(-4);
  const clean = lives.every(({ reason }) => reason.kind === 'closed' || reason.kind === 'told');
  const lengths = lives.flatMap(({ livedMs }) => (livedMs === null ? [] : [livedMs]));
  if (lives.length < 4 || !clean || lengths.length < 4) return null;
  const longest = Math.max(...lengths);
  const shortest = Math.min(...lengths);
  if (longest > 120_000 || longest - shortest > Math.max(50, longest * 0.3)) return null;
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return [`the last ${lives.length} connections lived ${secondsText(mean)} each and were closed cleanly`];
}
