import type { LagView, SkewView } from './feedLatency.ts';
import type { Fitness } from './fitness.ts';
import type { GateView } from './gate.ts';
import type { Health } from './health.ts';
import type { LinkCounters, LinkUptime } from './linkCounts.ts';
import type { DownReason, LinkState } from './linkState.ts';
import type { PingRule } from './preset.ts';
import type { LinkRtt } from './rttView.ts';
import type { ConnectTimings, DialView, RotationView, RouteView, RoutingView, SocketView } from './socketView.ts';
import type { BudgetView, SubscriptionView } from './subscriptionView.ts';
import type { MonoMs } from './units.ts';
import type { Verdict } from './verdict/verdict.ts';

/** One link as everybody sees it: UI, log, API. Sent by its fields, so a delta carries only those that changed. */
export interface LinkView {
  readonly name: string;
  readonly about: LinkAbout;
  readonly state: LinkState;
  readonly health: Health;
  readonly clocks: LinkClocks;
  readonly rtt: LinkRtt;
  readonly counters: LinkCounters;
  /** Row H6: while it is open what is wrong with it, while it is down why. */
  readonly verdicts: readonly Verdict[];
  /** Row H5. */
  readonly fit: Fitness;
  /** Row G1. */
  readonly gate: GateView;
  readonly budget: BudgetView | null;
  /** The venue's own limit on messages that subscribe, where it has one. */
  readonly subscribeBudget: BudgetView | null;
  readonly lag: LagView | null;
  /** `null` where the venue has no time endpoint, or it did not answer. */
  readonly skew: SkewView | null;
  readonly uptime: LinkUptime;
  readonly subscriptions: readonly SubscriptionView[];
}

/** What stays the same between two settings changes or two sockets. */
export interface LinkAbout {
  readonly url: string;
  readonly address: string | null;
  readonly venue: string;
  readonly presetName: string | null;
  readonly demo: boolean;
  readonly ping: PingRule['kind'];
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  readonly dataTimeoutMs: number;
  readonly dataNoticeMs: number;
  readonly expectsData: boolean;
  /** p95 RTT over which it is degraded, ms (row H2). */
  readonly degradedP95Ms: number;
  /** p99 RTT from which on it is not fit for trading, and from which on it is reconnected (0: never), ms (rows H5, H4). */
  readonly fitP99Ms: number;
  readonly reconnectAboveP99Ms: number;
  /** Number of the socket that is in use; each dial gets the next one. 0 before the first. */
  readonly generation: number;
  readonly timings: ConnectTimings | null;
  /** From the dial to the first data after all acks, ms. */
  readonly restoredMs: number | null;
  /** Silence that makes the link suspect, and T of its pongs, ms; `null` where nothing is known (row L4). */
  readonly silenceLimitMs: number | null;
  readonly pongLimitMs: number | null;
  /** From the first probe of a suspect link to the one that decides, as far as its own budget goes, ms (row L4). */
  readonly probesMs: number;
  readonly standby: 'off' | 'building' | 'ready';
  /** Every address of the link, with what it measures (row L13). */
  readonly routes: readonly RouteView[];
  /** Clocks and kinds of frames come from a sample (row L5). */
  readonly sampled: boolean;
  /** A new socket is being made ready while this one is still in use (graceful reconnect). */
  readonly replacing: DownReason | null;
  /** Changed settings could not be put in force yet: the socket in use goes by earlier ones (row D3). */
  readonly pendingSettings: boolean;
  /** Every socket that is open or being dialled, the one in use first. */
  readonly sockets: readonly SocketView[];
  /** The last few dials, oldest first. */
  readonly dials: readonly DialView[];
  /** `null` for a link of one address. */
  readonly routing: RoutingView | null;
  readonly rotation: RotationView;
  /** Failures in a row that open the breaker; 0: it is off (row L8). */
  readonly breakerFailures: number;
}

/** Row L5: four clocks of which none feeds another. `null`: never in this socket's life. */
export interface LinkClocks {
  readonly bytesAt: MonoMs | null;
  readonly pongAt: MonoMs | null;
  readonly heartbeatAt: MonoMs | null;
  readonly dataAt: MonoMs | null;
}

/** The address that its socket in use has, which may be of settings before those in force, or the next would be dialled at. */
export const urlInUse = ({ about }: Pick<LinkView, 'about'>): string =>
  (about.sockets.find(({ role }) => role === 'in use') ?? about.routes.find(({ inUse }) => inUse))?.url ?? about.url;
