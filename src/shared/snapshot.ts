import type { Fitness } from './fitness.ts';
import type { GateView } from './gate.ts';
import type { Health } from './health.ts';
import type { EncodedHistogram, Percentiles } from './histogram.ts';
import type { ConnectPhase, DownReason, LinkState } from './linkState.ts';
import type { PingRule } from './preset.ts';
import type { MonoMs, WallMs } from './units.ts';
import type { Verdict } from './verdict/verdict.ts';

export type { HealthLevel } from './health.ts';

/** Row L14, milliseconds of each phase of one dial; `null` where the phase did not take place. */
export interface ConnectTimings {
  readonly dnsMs: number | null;
  readonly tcpMs: number | null;
  readonly tlsMs: number | null;
  readonly upgradeMs: number | null;
  readonly totalMs: number;
}

/** One dial of the last few, row L14 with what follows the upgrade; milliseconds, `null` where a phase did not take place. */
export interface DialView {
  readonly generation: number;
  /** When it began. */
  readonly wall: WallMs;
  readonly tokenMs: number | null;
  readonly dnsMs: number | null;
  readonly tcpMs: number | null;
  readonly tlsMs: number | null;
  readonly upgradeMs: number | null;
  /** From the upgrade to the last ack, and from there to the first data. */
  readonly subscribeMs: number | null;
  readonly firstDataMs: number | null;
  /** So far, or until it was ready, or failed; `null` while it has not opened. */
  readonly totalMs: number | null;
  /** It never opened: how far it had come, and why it came no further. */
  readonly failed: { readonly phase: ConnectPhase; readonly why: string } | null;
}

/** One socket of a link. `measuring`: to another address, only to know its latency. */
export interface SocketView {
  readonly generation: number;
  readonly role: 'in use' | 'successor' | 'standby' | 'retiring' | 'measuring';
  readonly url: string;
  /** `null` while it is being dialled. */
  readonly openedAt: MonoMs | null;
}

/** Row L13: what another address must show before it is used, ms, and how far it has come. */
export interface RoutingView {
  readonly betterMs: number;
  readonly betterPercent: number;
  readonly betterForMs: number;
  readonly dwellMs: number;
  /** The address that has been better by both margins since then; `null`: none is. */
  readonly candidate: { readonly url: string; readonly since: MonoMs } | null;
  readonly switchedAt: MonoMs | null;
}

/** Row L12: the next planned change of sockets, and what the last one proved. */
export interface RotationView {
  readonly dueAt: MonoMs | null;
  readonly proof: { readonly at: MonoMs; readonly missed: number | null; readonly duplicates: number } | null;
}

export const RTT_WINDOWS = ['1m', '5m', '1h', 'start'] as const;
export type RttWindow = (typeof RTT_WINDOWS)[number];

/** Row L5: four clocks of which none feeds another. `null`: never in this socket's life. */
export interface LinkClocks {
  readonly bytesAt: MonoMs | null;
  readonly pongAt: MonoMs | null;
  readonly heartbeatAt: MonoMs | null;
  readonly dataAt: MonoMs | null;
}

/** What the message numbers of one subscription showed on this socket. */
export interface SequenceCounts {
  readonly gaps: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly reordered: number;
  readonly resets: number;
}

export interface SubscriptionView {
  readonly name: string;
  readonly status: 'unsent' | 'sent' | 'acked' | 'never-acked' | 'refused';
  /** Since when it has that status; `null` before it was sent. */
  readonly since: MonoMs | null;
  /** Its last data on this socket; `null`: none yet, or its frames cannot be told from others. */
  readonly dataAt: MonoMs | null;
  /** Without data for too long, it was subscribed anew. */
  readonly retried: boolean;
  /** Row L15; `null` where its numbers are not watched. */
  readonly sequence: SequenceCounts | null;
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
  readonly standby: 'off' | 'building' | 'ready';
  /** Every address of the link, with what it measures (row L13). */
  readonly routes: readonly RouteView[];
  /** Clocks and kinds of frames come from a sample (row L5). */
  readonly sampled: boolean;
  /** A new socket is being made ready while this one is still in use (graceful reconnect). */
  readonly replacing: DownReason | null;
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

/** One address of a link. */
export interface RouteView {
  readonly url: string;
  readonly p50Ms: number | null;
  readonly inUse: boolean;
  readonly alive: boolean;
}

/** What the venue lets us send, and how much of it is used now. */
export interface BudgetView {
  readonly used: number;
  readonly limit: number;
  /** The limit holds for any time of this length, ms; a margin is in it. */
  readonly windowMs: number;
}

/** The venue's clock less ours, ms, and by how much that can be wrong at most (row H7). */
export interface SkewView {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** Arrival less event time of recent frames, ms (row H7), before the venue's skew is added. */
export interface LagView {
  readonly medianMs: number;
  readonly maxMs: number;
  readonly samples: number;
}

export interface LinkRtt {
  /** The last round trip that was not taken across a local stall; `null` before the first. */
  readonly lastMs: number | null;
  readonly windows: Readonly<Record<RttWindow, Percentiles | null>>;
  /** Samples taken across a stall of this machine: counted, kept out of the percentiles (row H6). */
  readonly stalledSamples: number;
}

/** Feed latency: what is left of the lag when the clocks are set alike, with the error bar; `null` bar: skew unknown. */
export function feedLatency(
  lag: LagView,
  skew: SkewView | null,
): { readonly medianMs: number; readonly errorMs: number | null } {
  return { medianMs: lag.medianMs + (skew?.offsetMs ?? 0), errorMs: skew?.errorMs ?? null };
}

/** Row H3, since the engine started. */
export interface LinkCounters {
  readonly pings: number;
  readonly pongs: number;
  readonly missed: number;
  readonly missedInARow: number;
  readonly foreignPongs: number;
  readonly venuePings: number;
  readonly connects: number;
  readonly disconnects: number;
  readonly failuresInARow: number;
  readonly messages: number;
  readonly dataMessages: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesPerSec: number;
}

/** Share of the pings that were answered in time, 0 to 1; one that is still out counts as answered. `null` without pings. */
export function successRatio({ pings, missed }: Pick<LinkCounters, 'pings' | 'missed'>): number | null {
  return pings === 0 ? null : 1 - missed / pings;
}

export interface LinkUptime {
  /** Since when the socket in use is open, `null` when none is. */
  readonly upSince: MonoMs | null;
  /** Time with an open socket, and time not paused, up to the snapshot; their quotient is the uptime ratio. */
  readonly upMs: number;
  readonly observedMs: number;
  /** Time up with fresh data: its share of the time observed is the reliability, since start and over the last 24 h. */
  readonly freshMs: number;
  readonly day: { readonly freshMs: number; readonly observedMs: number };
  /** Time that this machine slept, or stood still for over 10 s: in none of the other figures. */
  readonly sleptMs: number;
}

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

/** How this machine itself is doing (row H6). */
export interface MachineView {
  /** Event-loop lateness of the engine's thread over the last minute, ms. */
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  /** Memory of the whole process and of the engine's heap, the most that heap may have, and what its open sockets have inflated, bytes (row H8). */
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly heapLimitBytes: number;
  readonly inflatedBytes: number;
  /** Stalls over the threshold since start. */
  readonly stalls: number;
}

export interface Snapshot {
  readonly at: MonoMs;
  readonly wall: WallMs;
  readonly machine: MachineView;
  /** In the order of the settings file. */
  readonly order: readonly string[];
  readonly links: Readonly<Record<string, LinkView>>;
}

/** Fields of which a delta holds only the parts that changed. Their parts never come or go. */
export const PARTED = ['about', 'clocks', 'counters', 'uptime'] as const satisfies readonly (keyof LinkView)[];
type Parted = (typeof PARTED)[number];

/** What changed of one link; a link that is new comes whole. */
export type LinkDelta = Partial<Omit<LinkView, Parted>> & { readonly [K in Parted]?: Partial<LinkView[K]> };

/** `links` holds, by name, only what changed; a link not in `order` is gone. */
export interface Delta {
  readonly at: MonoMs;
  readonly wall: WallMs;
  readonly machine?: MachineView;
  readonly order?: readonly string[];
  readonly links: Readonly<Record<string, LinkDelta>>;
}

export type SnapshotFrame =
  | { readonly kind: 'whole'; readonly snapshot: Snapshot }
  | { readonly kind: 'delta'; readonly delta: Delta };

/** Replaces only what changed: an untouched link keeps its identity, so its row does not render. */
export function applyDelta(snapshot: Snapshot, delta: Delta): Snapshot {
  const order = delta.order ?? snapshot.order;
  const links: Record<string, LinkView> = Object.create(null);
  for (const name of order) {
    const old = snapshot.links[name];
    const change = Object.hasOwn(delta.links, name) ? delta.links[name] : undefined;
    const link = change === undefined ? old : changedLink(old, change);
    if (link !== undefined) links[name] = link;
  }
  return { at: delta.at, wall: delta.wall, machine: delta.machine ?? snapshot.machine, order, links };
}

function changedLink(old: LinkView | undefined, change: LinkDelta): LinkView {
  if (old === undefined) return change as LinkView;
  const { about, clocks, counters, uptime, ...whole } = change;
  return {
    ...old,
    ...whole,
    about: about === undefined ? old.about : { ...old.about, ...about },
    clocks: clocks === undefined ? old.clocks : { ...old.clocks, ...clocks },
    counters: counters === undefined ? old.counters : { ...old.counters, ...counters },
    uptime: uptime === undefined ? old.uptime : { ...old.uptime, ...uptime },
  };
}

/** One second of one link for the charts: rolling figures over the last minute, ms; `null` without samples. */
export interface SeriesPoint {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly samples: number;
}

export type SeriesFrame =
  | {
      readonly kind: 'history';
      /** Wall time of the newest point; points are 1 s apart, oldest first. */
      readonly until: WallMs;
      readonly links: Readonly<Record<string, readonly SeriesPoint[]>>;
    }
  | { readonly kind: 'points'; readonly wall: WallMs; readonly links: Readonly<Record<string, SeriesPoint>> };

export interface HistogramFrame {
  readonly link: string;
  readonly window: RttWindow;
  readonly histogram: EncodedHistogram;
}

/** What metrics are made of at a scrape: counts since the engine started, never estimates. */
export interface ScrapeFrame {
  readonly links: Readonly<Record<string, { readonly rtt: EncodedHistogram; readonly backoff: EncodedHistogram }>>;
}
