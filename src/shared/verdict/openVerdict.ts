import { counted } from '../counted.ts';
import { type EndEvidence, flowingText, LAGGING_STALL_MS, lagBlame, laggingText } from './endEvidence.ts';
import { type Blame, type Cause, secondsText, stallText, type Verdict } from './verdict.ts';

/** What an open link shows. */
export interface OpenEvidence extends Pick<EndEvidence, 'sameVenue' | 'otherVenues'> {
  /** Data that are wanted have not come for so long, from when they were asked for; `null` while none are expected. */
  readonly silentMs: number | null;
  readonly dataNoticeMs: number;
  readonly pongs: 'answered' | 'missed' | 'none';
  /** The limit has been doubled: it came back from a forced reconnect just as silent. */
  readonly provedQuiet: boolean;
  /** Frames come whose own time stands still, ms. */
  readonly frozenMs: number;
  /** A subscription brings the same frame again and again, ms; 0 where the venue stamps them, or may do so. */
  readonly sameForMs: number;
  readonly wanted: number;
  readonly hasChannels: boolean;
  /** Subscriptions without data that the venue has refused, or never acknowledged. */
  readonly refused: number;
  readonly neverAcked: number;
  readonly silentAcked: number;
  /** Subscriptions that had data and have none any more, while others flow. */
  readonly mutedTopics: readonly string[];
  readonly missingNumbers: number;
  readonly duplicateNumbers: number;
  /** By their identity. */
  readonly duplicateMessages: number;
  /** How much older messages are than they usually are, ms. */
  readonly lagGrowthMs: number;
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
  const late = facts.lagGrowthMs > 1000;
  if (facts.memoryPressure !== null) say('memory', 'this machine', 'sure', ...facts.memoryPressure);
  if (facts.missingNumbers > 0) sayGap();
  if (facts.frozenMs > facts.dataNoticeMs) {
    say(
      'stale replay',
      'venue',
      'likely',
      `messages come, but their own time has stood still for ${secondsText(facts.frozenMs)}`,
    );
  } else if (facts.sameForMs > facts.dataNoticeMs)
    say(
      'stale replay',
      'venue',
      'possible',
      `messages come, but those of one subscription have been the same for ${secondsText(facts.sameForMs)}`,
    );
  if (late) {
    const blame = lagBlame(facts);
    const evidence = [
      `messages are ${secondsText(facts.lagGrowthMs)} older than they usually are`,
      ...laggingText(facts),
    ];
    if (facts.stalledMs > LAGGING_STALL_MS) evidence.push(stallText(facts.stalledMs));
    say('slow consumer', blame, blame === 'unknown' ? 'possible' : 'likely', ...evidence);
  }
  if (facts.wanted === 0 && facts.hasChannels)
    say('not subscribed', 'our settings', 'sure', 'connected, and nothing is subscribed');
  if (facts.silentAcked > 0)
    say(
      'acknowledged but silent',
      'venue',
      'likely',
      `${counted(facts.silentAcked, 'subscription')} acknowledged, and no data of ${facts.silentAcked === 1 ? 'it' : 'them'}`,
    );
  if (facts.mutedTopics.length > 0) {
    say(
      'feed stalled',
      'venue',
      'likely',
      `no data of ${facts.mutedTopics.join(', ')}, while other subscriptions flow`,
    );
  }
  if (facts.refused > 0) {
    const said = `${facts.refused} of ${counted(facts.wanted, 'subscription')} refused by the venue`;
    say('not subscribed', 'our settings', 'likely', said);
  }
  if (facts.neverAcked > 0)
    say('ack missing', 'venue', 'likely', `${counted(facts.neverAcked, 'subscription')} never acknowledged`);
  if (facts.duplicateNumbers > 0)
    say('duplicate delivery', 'venue', 'likely', `${counted(facts.duplicateNumbers, 'message number')} came twice`);
  else if (facts.duplicateMessages > 0)
    say('duplicate delivery', 'venue', 'likely', `${counted(facts.duplicateMessages, 'message')} came twice`);
  if (facts.heartbeatMissedMs !== null) {
    const cause = facts.heartbeatMissedBefore ? 'scheduled restart' : 'heartbeat stopped';
    say(cause, 'venue', 'likely', `its heartbeat is ${secondsText(facts.heartbeatMissedMs)} overdue`);
  }
  // Where none of them is in force, that is why nothing comes.
  const inForce = facts.wanted - facts.refused - facts.neverAcked;
  const silent = facts.silentMs !== null && facts.silentMs > facts.dataNoticeMs && inForce > 0;
  if (silent && facts.pongs !== 'missed') {
    const evidence = [`no data for ${secondsText(facts.silentMs)}`];
    if (facts.pongs === 'answered') evidence.push('pings answered');
    if (facts.sameVenue.flowing > 0) {
      say('feed stalled', 'venue', 'sure', ...evidence, flowingText(facts.sameVenue));
    } else if (facts.provedQuiet)
      say('venue quiet', 'venue', 'likely', ...evidence, 'a new connection was just as silent');
    else say('feed stalled', 'venue', 'possible', ...evidence);
  }
  return verdicts;

  /** Venues drop what a slow reader does not fetch. */
  function sayGap(): void {
    const stalled = facts.stalledMs > LAGGING_STALL_MS;
    const blame = late ? lagBlame(facts) : stalled ? 'this machine' : 'venue';
    const evidence = [
      `${counted(facts.missingNumbers, 'message number is', 'message numbers are')} missing; resync needed`,
    ];
    if (stalled) evidence.push(stallText(facts.stalledMs));
    if (late) evidence.push('its messages are late, too', ...laggingText(facts));
    if (blame === 'unknown') return say('sequence gap', 'venue', 'possible', ...evidence);
    say('sequence gap', blame, 'likely', ...evidence);
  }
}
