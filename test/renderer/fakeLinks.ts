import type { SkewView } from '../../src/shared/feedLatency.ts';
import type { Fitness } from '../../src/shared/fitness.ts';
import { NOTHING_SAME } from '../../src/shared/freshness.ts';
import { type GateView, newGate, stepGate } from '../../src/shared/gate.ts';
import { type Health, type HealthFacts, healthOf } from '../../src/shared/health.ts';
import { Histogram } from '../../src/shared/histogram.ts';
import type { DownReason, LinkState } from '../../src/shared/linkState.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import type { PingRule } from '../../src/shared/preset.ts';
import type { DialView } from '../../src/shared/socketView.ts';
import type { BudgetView, SubscriptionView } from '../../src/shared/subscriptionView.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import { type MonoMs, monoMs, wallMs } from '../../src/shared/units.ts';
import { type FakeWall, realWall } from './fakeTime.ts';

/** What a made-up link is like: its latency, its state, and whatever else is not as usual. */
export interface FakeSpec {
  readonly name: string;
  readonly venue: string;
  readonly url: string;
  readonly rttMs: number;
  readonly state: LinkState['kind'];
  readonly ping?: PingRule['kind'];
  readonly reason?: DownReason;
  readonly perSec?: number;
  readonly subscriptions?: readonly string[];
  readonly lagMs?: number;
  /** Whatever a test wants otherwise. */
  readonly view?: (now: MonoMs) => Partial<LinkView>;
  readonly about?: (now: MonoMs) => Partial<LinkView['about']>;
  readonly standby?: LinkView['about']['standby'];
  readonly rotatesInMs?: number;
  readonly budget?: BudgetView;
  readonly skew?: SkewView;
  /** Since when there is no data, ms ago; 90 otherwise. */
  readonly quietMs?: number;
}

const REFUSED: DownReason = { kind: 'refused', address: '127.0.0.1:9443', code: 'ECONNREFUSED' };

export const TEN_LINKS: readonly FakeSpec[] = [
  { name: 'demo-tokyo', venue: 'Demo', url: 'demo://tokyo', rttMs: 4.2, state: 'up', perSec: 48 },
  { name: 'demo-frankfurt', venue: 'Demo', url: 'demo://frankfurt', rttMs: 12.6, state: 'up', perSec: 20 },
  { name: 'demo-newyork', venue: 'Demo', url: 'demo://newyork', rttMs: 86, state: 'restoring', perSec: 9 },
  {
    name: 'okx-spot',
    venue: 'OKX',
    url: 'wss://ws.okx.com:8443/ws/v5/public',
    rttMs: 38,
    state: 'waiting',
    reason: REFUSED,
  },
  {
    name: 'binance-futures',
    venue: 'Binance',
    url: 'wss://fstream.binance.com/ws',
    rttMs: 3.1,
    state: 'suspect',
    perSec: 1840,
  },
  {
    name: 'kraken-v2',
    venue: 'Kraken',
    url: 'wss://ws.kraken.com/v2',
    rttMs: 22,
    state: 'blocked',
    reason: { kind: 'closed', code: 1013, text: 'try again later' },
  },
  {
    name: 'bybit-linear',
    venue: 'Bybit',
    url: 'wss://stream.bybit.com/v5/public/linear',
    rttMs: 180,
    state: 'connecting',
  },
  {
    name: 'deribit-options',
    venue: 'Deribit',
    url: 'wss://www.deribit.com/ws/api/v2',
    rttMs: 31,
    state: 'failed',
    reason: { kind: 'resolve', host: 'www.deribit.com', code: 'ENOTFOUND' },
  },
  {
    name: 'coinbase-advanced',
    venue: 'Coinbase',
    url: 'wss://advanced-trade-ws.coinbase.com',
    rttMs: 71,
    state: 'paused',
  },
  {
    name: 'polymarket-rtds',
    venue: 'Polymarket',
    url: 'wss://ws-live-data.polymarket.com',
    rttMs: 50,
    state: 'up',
    ping: 'none',
    perSec: 3,
  },
];

/** Names that a page must bear: long, empty-looking, right to left, markup, and words that objects know. */
export const HOSTILE_LINKS: readonly FakeSpec[] = [
  `very-long-${'x'.repeat(190)}`,
  '🚀 moon 🇯🇵',
  'שלום-עולם',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'a/b?c#d%20"e"',
].map((name, i) => ({
  name,
  venue: 'Plain WebSocket',
  url: `wss://host-${i}.example/ws`,
  rttMs: 5 + i * 3,
  state: i === 0 ? 'waiting' : 'up',
  reason: REFUSED,
  perSec: 5,
}));

/** One made-up link with its own histograms, moved on by `step` once a second. */
export class FakeLink {
  readonly spec: FakeSpec;
  readonly #random: () => number;
  /** Wall time at which it was made: its dials were before. */
  readonly #madeAt: number;
  readonly #windows = { '1m': new Histogram(), '5m': new Histogram(), '1h': new Histogram(), start: new Histogram() };
  readonly #recent: number[] = [];
  #state: LinkState;
  #lastMs: number | null = null;
  #upSince: MonoMs | null;
  #messages = 0;
  #observedMs = 5_400_000;
  #upMs = 5_391_000;
  #gate: GateView;
  readonly #rotatesAt: MonoMs;
  connects = 1;
  pendingSettings = false;
  generation = 1;
  /** For so long it must be fit before its gate opens. */
  reopenAfterMs = 3000;

  constructor(spec: FakeSpec, random: () => number, now: MonoMs, wall: FakeWall = realWall) {
    this.spec = spec;
    this.#madeAt = wall();
    this.#random = random;
    this.#state = stateOf(spec, now);
    this.#rotatesAt = monoMs(now + (spec.rotatesInMs ?? 79_200_000));
    this.#upSince = this.open ? monoMs(now - 5_391_000 * random()) : null;
    for (let i = 0; i < 900; i += 1) this.#sample();
    const since = monoMs(now - 240_000);
    this.#gate = this.#fit().fit ? { kind: 'open', since } : newGate(since);
  }

  get open(): boolean {
    return ['up', 'suspect', 'restoring'].includes(this.#state.kind);
  }

  get state(): LinkState {
    return this.#state;
  }

  setState(state: LinkState, now: MonoMs): void {
    const wasOpen = this.open;
    this.#state = state;
    if (this.open && !wasOpen) {
      this.connects += 1;
      this.generation += 1;
      this.#upSince = now;
    }
    if (!this.open) this.#upSince = null;
  }

  step(now: MonoMs): void {
    this.#observedMs += 1000;
    if (this.open) {
      this.#upMs += 1000;
      this.#messages += Math.round((this.spec.perSec ?? 0) * (0.8 + 0.4 * this.#random()));
      if (this.#random() < 0.4) this.#sample();
    }
    const state = this.#state;
    const over = (state.kind === 'waiting' || state.kind === 'blocked') && state.until !== null && state.until <= now;
    if (over) this.#state = stateOf(this.spec, now);
  }

  histogram(window: '1m' | '5m' | '1h' | 'start'): Histogram {
    return this.#windows[window];
  }

  view(now: MonoMs): LinkView {
    const { spec } = this;
    const seen = (agoMs: number): MonoMs | null => (this.open ? monoMs(now - agoMs) : null);
    const subscriptions = this.#subscriptions();
    const minute = this.#windows['1m'].percentiles();
    const clocks = {
      bytesAt: seen(40),
      pongAt: spec.ping === 'none' ? null : seen(2100),
      heartbeatAt: spec.venue === 'Kraken' ? seen(800) : null,
      dataAt: spec.state === 'restoring' ? null : seen(spec.quietMs ?? 90),
    };
    return {
      name: spec.name,
      about: {
        url: spec.url,
        address: this.open ? '203.0.113.7:443' : null,
        venue: spec.venue,
        presetName: spec.venue.toLowerCase(),
        demo: spec.url.startsWith('demo://'),
        ping: spec.ping ?? 'protocol',
        pingIntervalMs: 15_000,
        pongTimeoutMs: 5000,
        dataTimeoutMs: 300_000,
        dataNoticeMs: 60_000,
        degradedP95Ms: 100,
        fitP99Ms: 100,
        reconnectAboveP99Ms: 1000,
        expectsData: true,
        generation: this.generation,
        timings: {
          dnsMs: 1.21,
          tcpMs: spec.rttMs,
          tlsMs: spec.url.startsWith('demo') ? null : spec.rttMs * 2.1,
          upgradeMs: spec.rttMs * 1.1,
          totalMs: spec.rttMs * 4.3,
        },
        restoredMs: 41.3,
        silenceLimitMs: 1000,
        pongLimitMs: 1000,
        probesMs: 1000,
        standby: spec.standby ?? 'off',
        routes: [{ url: spec.url, p50Ms: spec.rttMs, inUse: true, alive: true }],
        sampled: false,
        replacing: null,
        pendingSettings: this.pendingSettings,
        sockets: this.open
          ? [{ generation: this.generation, role: 'in use', url: spec.url, openedAt: this.#upSince }]
          : [],
        dials: [1, 2, 3].map((n) => ({
          ...dial(spec.rttMs, n, this.#madeAt - (4 - n) * 400_000),
          ...(n === 2 ? FAILED : {}),
        })),
        routing: null,
        rotation: { dueAt: this.#rotatesAt, proof: null },
        breakerFailures: 3,
        ...spec.about?.(now),
      },
      state: this.#state,
      health: this.#health(now, clocks.pongAt, clocks.dataAt, minute, subscriptions),
      clocks,
      verdicts: [],
      fit: this.#fit(),
      budget: spec.budget ?? null,
      subscribeBudget: null,
      lag: spec.lagMs === undefined ? null : { medianMs: spec.lagMs, maxMs: 4 + spec.lagMs, samples: 40 },
      skew: spec.skew ?? null,
      gate: this.#stepGate(now),
      rtt: {
        lastMs: spec.ping === 'none' ? null : this.#lastMs,
        windows: {
          '1m': spec.ping === 'none' ? null : minute,
          '5m': this.#windows['5m'].percentiles(),
          '1h': this.#windows['1h'].percentiles(),
          start: this.#windows.start.percentiles(),
        },
        stalledSamples: 3,
      },
      counters: {
        pings: this.#windows.start.count + 4,
        pongs: this.#windows.start.count,
        missed: 4,
        lost: 0,
        missedInARow: spec.state === 'suspect' ? 1 : 0,
        foreignPongs: 0,
        venuePings: 270,
        connects: this.connects,
        disconnects: this.connects - 1,
        failuresInARow: this.open ? 0 : 4,
        messages: 1_204_000 + this.#messages,
        dataMessages: 1_203_000 + this.#messages,
        bytesIn: 310_000_000 + this.#messages * 310,
        bytesOut: 84_000,
        messagesPerSec: this.open ? (spec.perSec ?? 0) * (0.9 + 0.2 * this.#random()) : 0,
      },
      uptime: {
        upSince: this.#upSince,
        upMs: this.#upMs,
        observedMs: this.#observedMs,
        freshMs: this.#upMs,
        day: { freshMs: this.#upMs, observedMs: this.#observedMs },
        sleptMs: 0,
      },
      subscriptions,
      ...spec.view?.(now),
    };
  }

  #sample(): void {
    const { rttMs } = this.spec;
    const tail = this.#random() < 0.02 ? 1 + 6 * this.#random() : 1;
    const ms = rttMs * (0.92 + 0.16 * this.#random() + 0.2 * this.#random() ** 6) * tail;
    this.#lastMs = Math.round(ms * 1000) / 1000;
    for (const window of Object.values(this.#windows)) window.add(ms * 1000);
    this.#recent.push(ms * 1000);
    if (this.#recent.length > (this.spec.name === 'demo-frankfurt' ? 8 : 42)) this.#recent.shift();
    this.#windows['1m'].clear();
    for (const us of this.#recent) this.#windows['1m'].add(us);
  }

  #fit(): Fitness {
    const reasons: UnfitReason[] = [];
    if (this.#state.kind === 'blocked') reasons.push({ kind: 'breaker-open' });
    else if (this.#state.kind !== 'up') reasons.push({ kind: 'not-up', state: this.#state.kind });
    if (this.spec.ping === 'none') reasons.push({ kind: 'no-pongs' });
    else if (this.#recent.length < 20) reasons.push({ kind: 'measuring', pings: this.#recent.length, of: 20 });
    return reasons.length === 0 ? { fit: true } : { fit: false, reasons };
  }

  #stepGate(now: MonoMs): GateView {
    const paused = this.#state.kind === 'paused';
    const { reopenAfterMs } = this;
    this.#gate = stepGate(this.#gate, { now, paused, fit: this.#fit(), stalling: false, reopenAfterMs });
    return this.#gate;
  }

  #subscriptions(): SubscriptionView[] {
    const names = this.spec.subscriptions ?? ['ticker:BTC-USD', 'ticker:ETH-USD', 'trades:BTC-USD', 'book:BTC-USD'];
    const acked = this.#state.kind === 'restoring' ? 3 : this.open ? names.length : 0;
    return names.map((name, i) => ({ name, status: i < acked ? 'acked' : this.open ? 'sent' : 'unsent', ...UNTOLD }));
  }

  #health(
    now: MonoMs,
    pongAt: MonoMs | null,
    dataAt: MonoMs | null,
    rtt: HealthFacts['rtt'],
    subscriptions: SubscriptionView[],
  ): Health {
    return healthOf({
      now,
      wasOpen: true,
      pendingSettings: null,
      subscriptionsSilent: [],
      notInForce: [],
      same: NOTHING_SAME,
      frozenMs: 0,
      sleptSince: false,
      lagGrowthMs: 0,
      degradedBy: null,
      state: this.#state,
      pingIntervalMs: 15_000,
      pongs: this.spec.ping !== 'none',
      upSince: this.#upSince,
      lastPongAt: pongAt,
      missedSinceLastPong: 0,
      rtt,
      expectsData: true,
      dataAgeMs: dataAt === null ? null : now - dataAt,
      dataNoticeMs: 60_000,
      wanted: subscriptions.length,
      acked: subscriptions.filter((entry) => entry.status === 'acked').length,
      failures: this.#state.kind === 'waiting' ? 2 : 0,
      limits: { p95Ms: 100, failures: 3 },
    });
  }
}

const FAILED = {
  tlsMs: null,
  upgradeMs: null,
  subscribeMs: null,
  firstDataMs: null,
  totalMs: 5000,
  failed: { phase: 'tls', why: 'no connection within 5.0 s (stuck at TLS)' },
} as const;

function dial(rttMs: number, generation: number, wall: number): DialView {
  return {
    generation,
    wall: wallMs(wall),
    tokenMs: null,
    dnsMs: 1.21,
    tcpMs: rttMs,
    tlsMs: rttMs * 2.1,
    upgradeMs: rttMs * 1.1,
    subscribeMs: rttMs * 1.2,
    firstDataMs: 0.4 * rttMs,
    totalMs: 1.21 + rttMs * 5.8,
    failed: null,
  };
}

const UNTOLD = { since: null, dataAt: null, told: false, retried: false, againAt: null, sequence: null } as const;

function stateOf(spec: FakeSpec, now: MonoMs): LinkState {
  const reason = spec.reason ?? REFUSED;
  switch (spec.state) {
    case 'paused':
      return { kind: 'paused' };
    case 'connecting':
      return { kind: 'connecting', attempt: 2, phase: 'tls', since: now };
    case 'restoring':
      return { kind: 'restoring', acked: 3, wanted: 4, since: now };
    case 'suspect':
      return { kind: 'suspect', since: now, upSince: now, probes: 2, why: 'late pong' };
    case 'waiting':
      return { kind: 'waiting', attempt: 5, delayMs: 12_800, until: monoMs(now + 12_800), reason };
    case 'blocked':
      return { kind: 'blocked', attempt: 4, until: monoMs(now + 10_000), reason };
    case 'failed':
      return { kind: 'failed', attempts: 10, reason, acknowledged: false };
    case 'closing':
      return { kind: 'closing', deadline: monoMs(now + 1000), next: 'paused' };
    case 'up':
      return { kind: 'up', since: now };
  }
}
