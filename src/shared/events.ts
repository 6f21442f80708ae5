import { counted } from './counted.ts';
import type { GateView } from './gate.ts';
import { type HealthLevel, isOpen } from './health.ts';
import { type HealthReason, healthText } from './healthReason.ts';
import { type DownReason, type LinkState, reasonText, stateText, stateWord } from './linkState.ts';
import { assertNever } from './outcome.ts';
import type { ConnectTimings } from './socketView.ts';
import { unfitText } from './unfitReason.ts';
import type { MonoMs, WallMs } from './units.ts';
import { type Verdict, verdictText } from './verdict/verdict.ts';

/** What can happen to a link that is worth a log line, a mark in a chart and a row in history. */
export type LinkHappening =
  | { readonly kind: 'state'; readonly from: LinkState; readonly to: LinkState; readonly because: string }
  | { readonly kind: 'opened'; readonly timings: ConnectTimings; readonly address: string }
  | { readonly kind: 'socket-ended'; readonly reason: DownReason; readonly livedMs: number }
  | { readonly kind: 'replaced'; readonly oldGeneration: number; readonly because: DownReason }
  | { readonly kind: 'replacement-failed'; readonly reason: DownReason }
  | { readonly kind: 'pong-missed'; readonly waitedMs: number; readonly inARow: number }
  | { readonly kind: 'pong-late'; readonly rttMs: number }
  | { readonly kind: 'foreign-pong'; readonly what: string }
  | { readonly kind: 'subscription'; readonly name: string; readonly what: SubscriptionNews }
  | { readonly kind: 'restored'; readonly tookMs: number; readonly subscriptions: number }
  | { readonly kind: 'quiet'; readonly ageMs: number }
  /** The venue announced that it will cut this connection. */
  | { readonly kind: 'notice'; readonly text: string }
  /** Message numbers that never came (row L15). */
  | { readonly kind: 'gap'; readonly name: string; readonly missing: number }
  /** What a new socket would meet again: to be told at once (row L18). */
  | { readonly kind: 'alarm'; readonly reason: DownReason }
  /** Something that was asked for, or planned, is not done, and why. */
  | { readonly kind: 'declined'; readonly what: string; readonly why: string }
  /** Row H4: why the socket in use is to be replaced, as it was less than `pauseMs` before; `null`: it no longer is. */
  | { readonly kind: 'still-bad'; readonly what: string; readonly pauseMs: number }
  | { readonly kind: 'still-bad'; readonly what: null }
  /** The standby, or the socket that had just been replaced, took over the moment the one in use was lost. */
  | { readonly kind: 'promoted'; readonly reason: DownReason; readonly isOld?: boolean }
  | { readonly kind: 'standby'; readonly ready: boolean; readonly reason: DownReason | null }
  /** The proof of a change of sockets: what the overlap of the two shows. `null`: no subscription names a number. */
  | { readonly kind: 'handover'; readonly missed: number | null; readonly duplicates: number }
  | { readonly kind: 'breaker'; readonly open: boolean }
  /** Row G1: the trading gate opened or closed. */
  | { readonly kind: 'gate'; readonly gate: GateView }
  /** Row H6: what probably happened, and whose doing it was. */
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** Row H8: p99 over 5 min against the link's own baseline. `usual`: slow for so long that this is its baseline now. */
  | {
      readonly kind: 'degradation';
      readonly turn: 'slower' | 'back' | 'usual';
      readonly p99Ms: number;
      readonly baselineMs: number;
    }
  | {
      readonly kind: 'health';
      readonly from: HealthLevel;
      readonly to: HealthLevel;
      readonly reasons: readonly HealthReason[];
    }
  /** By the keys of the settings file. */
  | { readonly kind: 'settings'; readonly changed: readonly string[] }
  | {
      readonly kind: 'reliability';
      readonly turn: 'low' | 'back';
      readonly percent: number;
      readonly targetPercent: number;
    }
  | { readonly kind: 'still-failed'; readonly hours: number };

export type SubscriptionNews =
  | 'stale-resubscribed'
  | 'acked'
  | 'ack-late-retried'
  | 'never-acked'
  | 'refused'
  | 'acked-but-silent'
  | 'ends-with-socket';

export interface LinkEvent {
  /** Counts up by one over all links of one engine's life. */
  readonly seq: number;
  readonly at: MonoMs;
  readonly wall: WallMs;
  readonly link: string;
  readonly generation: number;
  readonly happening: LinkHappening;
  /** So many events of this link right before it are kept no longer. */
  readonly skipped?: number;
}

/** Why a link came into a state, as a clause or a sentence. */
export const whyText = ({ to, because }: Extract<LinkHappening, { kind: 'state' }>): string =>
  because === '' ? stateText(to) : because;

/** The event as one sentence without the link's name, made in this one place. */
export function eventText(happening: LinkHappening): string {
  switch (happening.kind) {
    case 'state':
      return `${stateWord(happening.from)} → ${stateWord(happening.to)}: ${whyText(happening)}`;
    case 'opened':
      return `Connected to ${happening.address} in ${ms(happening.timings.totalMs)}`;
    case 'socket-ended':
      return `Socket ended after ${(happening.livedMs / 1000).toFixed(1)} s: ${reasonText(happening.reason)}`;
    case 'replaced':
      return `Took over from socket ${happening.oldGeneration} without a gap: ${reasonText(happening.because)}`;
    case 'replacement-failed':
      return `The new socket could not be made ready, the old one stays: ${reasonText(happening.reason)}`;
    case 'pong-missed':
      return `No pong within ${ms(happening.waitedMs)} (${happening.inARow} in a row)`;
    case 'pong-late':
      return `A late pong after ${ms(happening.rttMs)}`;
    case 'foreign-pong':
      return `A pong that answers none of our pings (${happening.what}); not counted`;
    case 'subscription':
      return `${happening.name}: ${SUBSCRIPTION_TEXT[happening.what]}`;
    case 'restored':
      return `${counted(happening.subscriptions, 'subscription')} restored ${ms(happening.tookMs)} after the dial`;
    case 'quiet':
      return `No data for ${Math.round(happening.ageMs / 1000)} s; the connection itself answers`;
    case 'notice':
      return `${happening.text}; a new socket is made ready`;
    case 'gap':
      return `${happening.name}: ${counted(happening.missing, 'message is', 'messages are')} missing; data incomplete, resync needed`;
    case 'alarm':
      return `Needs you: ${reasonText(happening.reason)}`;
    case 'declined':
      return `${happening.what} not done: ${happening.why}`;
    case 'still-bad':
      return happening.what === null
        ? 'The policy asks for no reconnect any more'
        : `A reconnect not done: ${happening.what}; one in ${happening.pauseMs / 1000} s is enough`;
    case 'promoted':
      return `${happening.isOld === true ? 'The socket before it is in use again' : 'The standby took over at once'}: ${reasonText(happening.reason)}`;
    case 'standby':
      return happening.ready
        ? 'Standby is up and subscribed'
        : `Standby lost: ${happening.reason === null ? 'not wanted any more' : reasonText(happening.reason)}`;
    case 'handover':
      return happening.missed === null
        ? 'Overlap done; no subscription has numbers that could prove it'
        : `Overlap done: ${happening.missed} missed, ${counted(happening.duplicates, 'duplicate')} dropped`;
    case 'degradation':
      return `p99 over 5 min ${ms(happening.p99Ms)}, ${BASELINE_WORDS[happening.turn]} ${ms(happening.baselineMs)}`;
    case 'verdict':
      return `Verdict: ${verdictText(happening.verdict)}`;
    case 'gate':
      return gateEventText(happening.gate);
    case 'breaker':
      return happening.open ? 'Breaker opened by you' : 'Breaker closed by you';
    case 'health':
      return `${happening.from} → ${happening.to}${happening.reasons.length === 0 ? '' : `: ${healthText(happening.reasons)}`}`;
    case 'settings':
      return `Settings applied: ${happening.changed.join(', ')}`;
    case 'reliability':
      return `Fresh data for ${happening.percent.toFixed(2)} % of the last 24 h, ${happening.turn === 'low' ? 'below' : 'again above'} the target of ${happening.targetPercent} %`;
    case 'still-failed':
      return `Still down after ${happening.hours} h; press Reconnect to try again`;
    default:
      return assertNever(happening);
  }
}

function gateEventText(gate: GateView): string {
  if (gate.kind === 'open') return 'Trading gate open';
  return `Trading gate closed: ${gate.kind === 'paused' ? 'paused' : unfitText(gate.reasons)}`;
}

const SUBSCRIPTION_TEXT: Readonly<Record<SubscriptionNews, string>> = {
  'stale-resubscribed': 'no data for too long, unsubscribed and subscribed anew',
  acked: 'acknowledged',
  'ack-late-retried': 'no ack in time, sent once more',
  'never-acked': 'never acknowledged, even after a second try',
  refused: 'refused by the venue',
  'acked-but-silent': 'acknowledged, but no data came in time',
  'ends-with-socket': 'no message ends it here, so that a new socket takes over without it',
};

/** What is worth a mark in the charts, the gravest first. */
export const CHART_MARKS = [
  'lost',
  'suspect',
  'by-hand',
  'gate-closed',
  'degradation',
  'connected',
  'gate-opened',
  'settings',
] as const;
export type ChartMarkKind = (typeof CHART_MARKS)[number];

/** Events drawn as a mark in the charts; `null` for the others. */
export function chartMark(happening: LinkHappening): ChartMarkKind | null {
  switch (happening.kind) {
    case 'socket-ended':
      return 'lost';
    case 'opened':
    case 'replaced':
    case 'promoted':
      return 'connected';
    case 'state':
      if (isCutByHand(happening)) return 'by-hand';
      return happening.to.kind === 'suspect' && happening.from.kind !== 'suspect' ? 'suspect' : null;
    case 'breaker':
      return 'by-hand';
    case 'gate':
      return happening.gate.kind === 'open' ? 'gate-opened' : 'gate-closed';
    case 'settings':
    case 'degradation':
      return happening.kind;
    default:
      return null;
  }
}

/** A hard reconnect: nothing else tells of the socket that it cuts. A graceful one leaves the link up. */
const isCutByHand = ({ from, to, because }: LinkHappening & { kind: 'state' }): boolean =>
  isOpen(from) && !isOpen(to) && because === reasonText({ kind: 'asked', by: 'user' });

const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;

const BASELINE_WORDS = {
  slower: 'far above its own baseline of',
  back: 'back near its own baseline of',
  usual: 'for an hour: that is its own baseline from now on, instead of',
} as const;
