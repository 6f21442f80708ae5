import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { LinkClocks } from '../../../shared/linkView.ts';
import type { SequenceCounts, SubscriptionView } from '../../../shared/subscriptionView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { EndClues, OpenClues } from '../witness.ts';
import type { SlidingWindow } from './budget.ts';
import { closeClassOf } from './classify.ts';
import type { ContentClock } from './contentClock.ts';
import type { VenuePulse } from './venuePulse.ts';

/** What one socket has seen, as far as an inquiry may ask for it. */
export interface Gauges {
  readonly now: MonoMs;
  readonly config: LinkConfig;
  readonly dialledAt: MonoMs;
  readonly openedAt: MonoMs | null;
  readonly clocks: LinkClocks;
  /** Since when data that are wanted have not come; `null` while none are expected. */
  readonly silentSince: MonoMs | null;
  /** Subscriptions that it was asked for, and whether the venue has channels to subscribe to. */
  readonly wanted: number;
  readonly content: ContentClock | null;
  /** `null` while frames are sampled: its beats may be among those that are not read. */
  readonly pulse: VenuePulse | null;
  /** Messages of ours in the last second. */
  readonly sent: SlidingWindow;
  readonly foreignPongs: number;
  readonly unansweredPings: number;
  /** For how long a subscription has brought the same frame again and again, ms; 0 where that means nothing. */
  readonly sameForMs: number;
  /** Messages that came twice, by their identity. */
  readonly twice: number;
  /** Subscriptions that were refused, or never acknowledged, and have brought nothing since they were asked for. */
  readonly unproved: readonly string[];
}

/** What a socket knows about its own end, at that moment. */
export function endClues(gauges: Gauges, reason: DownReason): EndClues {
  const { now, clocks, dialledAt, openedAt } = gauges;
  const answerAt = Math.max(clocks.pongAt ?? 0, clocks.heartbeatAt ?? 0) as MonoMs;
  return {
    reason,
    dialledMs: elapsedMs(dialledAt, now),
    livedMs: openedAt === null ? null : elapsedMs(openedAt, now),
    closeClass: closeClassOf(reason, gauges.config.preset),
    lastAnswerMs: answerAt === 0 ? null : elapsedMs(answerAt, now),
    lagGrowthMs: gauges.content?.growthMs ?? 0,
    foreignPongs: gauges.foreignPongs,
    unansweredPings: gauges.unansweredPings,
    sentLastSec: gauges.sent.used(now),
    heartbeatMissedMs: gauges.pulse?.overdueMs(now, clocks.dataAt) ?? null,
    pongs: gauges.config.preset.ping.kind !== 'none' && clocks.pongAt !== null,
    refused403: gauges.config.preset.http_403,
    neverSubscribed:
      gauges.wanted === 0 && clocks.dataAt === null && Object.keys(gauges.config.preset.channels).length > 0,
  };
}

/** What it shows while it is open. `provedQuiet`: another connection was as silent. */
export function openClues(
  gauges: Gauges,
  subscriptions: readonly SubscriptionView[],
  link: { readonly provedQuiet: boolean; readonly missedInARow: number },
): OpenClues {
  const { now, config, clocks, silentSince } = gauges;
  const { firstDataMs, dataNoticeMs } = config.policy;
  const isUnproved = ({ name }: SubscriptionView): boolean => gauges.unproved.includes(name);
  const [unproved, others] = [subscriptions.filter(isUnproved), subscriptions.filter((one) => !isUnproved(one))];
  // Nothing at all after the first-data time; one among others that flow may be a quiet market for as long as the notice.
  const isSilent = ({ told, status, since, dataAt, retried }: SubscriptionView): boolean => {
    if (status !== 'acked' || dataAt !== null) return false;
    const forMs = retried ? Number.POSITIVE_INFINITY : elapsedMs(since ?? now, now);
    return clocks.dataAt === null ? forMs > firstDataMs : told && forMs > dataNoticeMs;
  };
  return {
    silentMs: silentSince === null ? null : elapsedMs(silentSince, now),
    dataAgeMs: silentSince === null || clocks.dataAt === null ? null : elapsedMs(clocks.dataAt, now),
    dataNoticeMs,
    pongs: config.preset.ping.kind === 'none' ? 'none' : link.missedInARow > 0 ? 'missed' : 'answered',
    provedQuiet: link.provedQuiet,
    frozenMs: gauges.content?.frozenMs ?? 0,
    sameForMs: gauges.sameForMs,
    wanted: subscriptions.length,
    // What the address itself names needs no subscription: then data come.
    hasChannels: config.expectsData && clocks.dataAt === null && Object.keys(config.preset.channels).length > 0,
    // Its own data would have decided.
    refused: unproved.filter(({ status }) => status === 'refused').length,
    neverAcked: unproved.filter(({ status }) => status === 'never-acked').length,
    silentAcked: config.expectsData && firstDataMs > 0 ? subscriptions.filter(isSilent).length : 0,
    mutedTopics: others.filter(({ retried, dataAt }) => retried && dataAt !== null).map(({ name }) => name),
    missingNumbers: counted(subscriptions, config, ({ missing }) => missing),
    duplicateNumbers: counted(subscriptions, config, ({ duplicates }) => duplicates),
    duplicateMessages: gauges.twice,
    lagGrowthMs: gauges.content?.growthMs ?? 0,
    heartbeatMissedMs: gauges.pulse?.overdueMs(now, clocks.dataAt) ?? null,
  };
}

/** All that watch the numbers of the whole connection watch the same: one missing there is one. */
function counted(
  subscriptions: readonly SubscriptionView[],
  config: LinkConfig,
  count: (sequence: SequenceCounts) => number,
): number {
  const ofConnection = new Set(config.subscriptions.filter(countsTheConnection).map(({ name }) => name));
  let [own, whole] = [0, 0];
  for (const { name, sequence } of subscriptions) {
    if (sequence === null) continue;
    if (ofConnection.has(name)) whole = Math.max(whole, count(sequence));
    else own += count(sequence);
  }
  return own + whole;
}

/** Where its frames cannot be told from others its numbers are those of all. */
const countsTheConnection = ({ data, sequence }: LinkConfig['subscriptions'][number]): boolean =>
  data.length === 0 || sequence?.of_connection === true;
