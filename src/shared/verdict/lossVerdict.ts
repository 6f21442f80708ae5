import { reasonText } from '../linkState.ts';
import {
  type EndEvidence,
  flowingText,
  othersText,
  STALL_MS,
  silenceBlame,
  spread,
  unansweredText,
  venueText,
} from './endEvidence.ts';
import { localStall, moved, slowConsumer, woken } from './machineVerdict.ts';
import { likely, secondsText, sure, type Verdict } from './verdict.ts';

export function cutVerdict(facts: EndEvidence, code: string): Verdict {
  const evidence = [`no close frame (1006, ${code})`];
  if (facts.wokeMs !== null) return woken(facts.wokeMs, evidence);
  if (facts.movedMs !== null) return moved(facts.movedMs, evidence);
  if (facts.lagGrowthMs > 1000) return slowConsumer(facts, evidence);
  if (facts.stalledMs > STALL_MS) return localStall(facts, evidence);
  if (facts.unansweredPings > 0) {
    return likely('server ping misanswered', 'our settings', [...evidence, unansweredText(facts)]);
  }
  if (facts.heartbeatMissedMs !== null) {
    const missed = `the venue's heartbeats had stopped ${secondsText(facts.heartbeatMissedMs)} before`;
    return likely('heartbeat stopped', 'venue', [...evidence, missed]);
  }
  const storm = facts.before.filter(({ reason }) => reason.kind === 'cut').length;
  const fin = code === 'the venue ended the TCP connection';
  // Links that end together are no half of a socket; one alone may as well have been killed.
  const isAlone = facts.sameVenue.lost === 0;
  if (fin && isAlone && storm < 2 && facts.lastAnswerMs !== null && facts.lastAnswerMs < 60_000) {
    const pong = `it still answered ${secondsText(facts.lastAnswerMs)} before`;
    const blame = spread(facts);
    return { cause: 'half-closed', blame, certainty: 'possible', evidence: [...evidence, pong, venueText(facts)] };
  }
  const again = storm >= 2 ? [`cut ${storm + 1} times`] : [];
  return likely('abnormal close', spread(facts), [...evidence, ...again, venueText(facts), othersText(facts)]);
}

export function deadVerdict(facts: EndEvidence, silentMs: number): Verdict {
  const evidence = [reasonText(facts.reason)];
  if (facts.wokeMs !== null) return woken(facts.wokeMs, evidence);
  if (facts.movedMs !== null) return moved(facts.movedMs, evidence);
  if (facts.lagGrowthMs > 1000) return slowConsumer(facts, evidence);
  if (facts.stalledMs > STALL_MS) return localStall(facts, evidence);
  if (silentMs < 1000) return likely('pings unanswered', 'venue', evidence);
  if (facts.heartbeatMissedMs !== null) {
    const missed = `the venue's heartbeats stopped, and nothing came after them`;
    return likely('heartbeat stopped', silenceBlame(facts), [...evidence, missed, othersText(facts)]);
  }
  return likely('half-open', silenceBlame(facts), [...evidence, venueText(facts), othersText(facts)]);
}

export function staleVerdict(facts: EndEvidence, ageMs: number): Verdict {
  const evidence = [`no data for ${secondsText(ageMs)}`, ...(facts.pongs ? ['pings answered'] : [])];
  const { links, flowing } = facts.sameVenue;
  if (flowing > 0) return sure('feed stalled', 'venue', [...evidence, flowingText(facts.sameVenue)]);
  const others = links === 0 ? 'no other link to this venue to compare with' : 'no other link to this venue gets data';
  return { cause: 'feed stalled', blame: 'venue', certainty: 'possible', evidence: [...evidence, others] };
}
