import { Histogram, type Percentiles } from '../../src/shared/histogram.ts';
import type {
  IdleLimit,
  OriginState,
  OriginView,
  PoolAlert,
  PoolCounters,
  PoolView,
  RequestTimings,
} from '../../src/shared/pool.ts';
import { type MonoMs, monoMs } from '../../src/shared/units.ts';

/** What a made-up pool is like: its origins, its latencies, and whatever else is not as usual. */
export interface FakePoolSpec {
  readonly name: string;
  readonly origins: readonly FakeOriginSpec[];
  readonly coldMs?: number;
  readonly warmMs?: number;
  readonly reused?: number;
  readonly requests?: number;
  readonly alerts?: readonly PoolAlert[];
  readonly warnings?: readonly string[];
  readonly averageAgeMs?: number | null;
}

export interface FakeOriginSpec {
  readonly url: string;
  readonly state: OriginState['kind'];
  readonly limit?: IdleLimit;
  readonly pending?: number;
  readonly active?: number;
  readonly wanted?: number;
}

const LEARNED: IdleLimit = { ms: 60_000, source: 'learned', closes: 12 };
const ANNOUNCED: IdleLimit = { ms: 15_000, source: 'announced', closes: 0 };

export const SIX_POOLS: readonly FakePoolSpec[] = [
  {
    name: 'kraken',
    origins: [
      { url: 'https://api.kraken.com', state: 'warm', limit: LEARNED, active: 1 },
      { url: 'https://futures.kraken.com', state: 'warm', limit: ANNOUNCED },
    ],
    coldMs: 182,
    warmMs: 41,
    requests: 18_402,
    reused: 18_391,
  },
  {
    name: 'binance',
    origins: [
      { url: 'https://api.binance.com', state: 'warm', limit: LEARNED },
      { url: 'https://api1.binance.com', state: 'warm' },
      { url: 'https://fapi.binance.com', state: 'warming' },
    ],
    coldMs: 96,
    warmMs: 12.4,
    requests: 2210,
    reused: 2084,
  },
  {
    name: 'okx-orders',
    origins: [
      { url: 'https://www.okx.com', state: 'failing' },
      { url: 'https://aws.okx.com', state: 'warm' },
    ],
    coldMs: 240,
    warmMs: 88,
    requests: 412,
    reused: 251,
    averageAgeMs: 6200,
    alerts: [
      {
        kind: 'reuse',
        text: 'only 60.9 % of 412 requests found an open socket: they are closed before the next request comes',
        setting: 'idle_timeout_secs',
      },
      {
        kind: 'young',
        text: 'sockets live 6.2 s on average: they are replaced sooner than they are used',
        setting: 'max_socket_age_secs',
      },
    ],
    warnings: ['warm-up of https://www.okx.com was not complete within 5 s: it is tried again'],
  },
  {
    name: 'bybit-hot',
    origins: [{ url: 'https://api.bybit.com', state: 'warm', active: 50, pending: 4, wanted: 10 }],
    coldMs: 310,
    warmMs: 74,
    requests: 120_430,
    reused: 120_001,
    alerts: [
      {
        kind: 'full',
        text: 'all 50 connections have been in use for 1 m 12 s, and 4 requests wait',
        setting: 'max_connections',
      },
    ],
  },
  { name: 'demo-rest', origins: [{ url: 'demo://rest', state: 'cold', wanted: 0 }], requests: 0, reused: 0 },
  { name: 'coinbase', origins: [{ url: 'https://api.coinbase.com', state: 'off' }], requests: 0, reused: 0 },
];

/** As many as row P1 must bear, three origins each. */
export const TWENTY_POOLS: readonly FakePoolSpec[] = Array.from({ length: 20 }, (_, i) => ({
  name: i === 7 ? '<b>pool</b> with a name that goes on and on and on' : `venue-${String(i + 1).padStart(2, '0')}`,
  origins: ['api', 'orders', 'backup'].map((host, k) => ({
    url: `https://${host}.venue-${i + 1}.example`,
    state: i % 6 === 5 && k === 2 ? 'failing' : 'warm',
    limit: LEARNED,
  })),
  coldMs: 60 + i * 9,
  warmMs: 10 + i * 2,
  requests: 1000 * (i + 1),
  reused: 996 * (i + 1),
}));

/** One made-up pool, moved on by `step` once a second. */
export class FakePool {
  readonly spec: FakePoolSpec;
  readonly #random: () => number;
  readonly #cold = new Histogram();
  readonly #warm = new Histogram();
  readonly #origins: FakeOrigin[];
  #counters: PoolCounters;

  constructor(spec: FakePoolSpec, random: () => number, now: MonoMs) {
    this.spec = spec;
    this.#random = random;
    this.#origins = spec.origins.map((origin) => new FakeOrigin(origin, spec, random, now));
    const { requests = 0, reused = 0 } = spec;
    const connects = requests - reused;
    const tls = spec.origins.some(({ url }) => url.startsWith('https'));
    this.#counters = {
      requests,
      reused,
      failures: Math.round(requests / 2000),
      retries: Math.round(requests / 4000),
      connects,
      connectFailures: spec.origins.some(({ state }) => state === 'failing') ? 7 : 0,
      tlsHandshakes: tls ? connects : 0,
      closedByPeer: Math.round(connects / 2),
      flushes: requests === 0 ? 0 : 1,
    };
    for (let i = 0; i < Math.min(connects, 90); i += 1) this.#cold.add((spec.coldMs ?? 0) * (900 + 300 * random()));
    for (let i = 0; i < Math.min(reused, 900); i += 1) this.#warm.add((spec.warmMs ?? 0) * (900 + 400 * random()));
  }

  step(now: MonoMs): void {
    for (const origin of this.#origins) origin.step(now);
    if (this.spec.warmMs === undefined || this.#origins.every(({ state }) => state.kind !== 'warm')) return;
    const { requests, reused } = this.#counters;
    this.#counters = { ...this.#counters, requests: requests + 1, reused: reused + 1 };
    this.#warm.add(this.spec.warmMs * (900 + 400 * this.#random()));
  }

  warm(now: MonoMs): void {
    for (const origin of this.#origins) origin.warm(now);
  }

  /** Its venue does not want to be asked from now on. */
  fail(why: string, now: MonoMs): void {
    for (const origin of this.#origins)
      origin.state = { kind: 'failing', why, attempts: 1, retryAt: monoMs(now + 8000) };
  }

  destroy(): number {
    return this.#origins.reduce((sum, origin) => sum + origin.destroy(), 0);
  }

  view(): PoolView {
    const origins = this.#origins.map((origin) => origin.view());
    const cold = figuresOf(this.#cold);
    const warm = figuresOf(this.#warm);
    const sum = (of: (origin: OriginView) => number): number => origins.reduce((all, origin) => all + of(origin), 0);
    const savedMs = cold === null || warm === null ? null : cold.p50Ms - warm.p50Ms;
    return {
      name: this.spec.name,
      demo: origins.every(({ url }) => url.startsWith('demo://')),
      enabled: origins.some(({ state }) => state.kind !== 'off'),
      presetName: null,
      origins,
      counters: this.#counters,
      active: sum(({ active }) => active),
      idle: sum(({ ready }) => ready),
      pending: sum(({ pending }) => pending),
      maxConnections: 50,
      averageAgeMs: sum(({ ready, active }) => ready + active) === 0 ? null : (this.spec.averageAgeMs ?? 184_000),
      cold,
      warm,
      saving: savedMs === null || cold === null ? null : { ms: savedMs, percent: (savedMs / cold.p50Ms) * 100 },
      warnings: this.spec.warnings ?? [],
      alerts: this.spec.alerts ?? [],
    };
  }
}

class FakeOrigin {
  readonly #spec: FakeOriginSpec;
  readonly #pool: FakePoolSpec;
  readonly #limit: IdleLimit;
  #idleSince: MonoMs[] = [];
  #active: number;
  #last: RequestTimings | null = null;
  state: OriginState;

  constructor(spec: FakeOriginSpec, pool: FakePoolSpec, random: () => number, now: MonoMs) {
    this.#spec = spec;
    this.#pool = pool;
    this.#limit = spec.limit ?? { ms: 90_000, source: 'setting', closes: 0 };
    this.state = stateOf(spec.state, now);
    this.#active = spec.active ?? 0;
    if (spec.state === 'warm') {
      this.#idleSince = Array.from({ length: spec.wanted ?? 2 }, () => monoMs(now - random() * this.#limit.ms * 0.8));
      this.#idleSince.sort((a, b) => b - a);
      this.#last = this.#timings();
    }
    if (spec.state === 'warming') this.#idleSince = [monoMs(now - 400)];
  }

  step(now: MonoMs): void {
    if (this.state.kind === 'failing' && this.state.retryAt <= now) {
      this.state = { ...this.state, attempts: this.state.attempts + 1, retryAt: monoMs(now + 8000) };
    }
    if (this.state.kind !== 'warm') return;
    const refreshed = this.#idleSince.map((since) => (now - since > this.#limit.ms * 0.8 ? now : since));
    this.#idleSince = refreshed.sort((a, b) => b - a);
  }

  warm(now: MonoMs): void {
    if (this.state.kind === 'off') return;
    this.state = { kind: 'warm' };
    this.#idleSince = Array.from({ length: this.#spec.wanted || 2 }, () => now);
    this.#last = { queueMs: 0.4, dnsMs: 3.1, tcpMs: 18, tlsMs: 41, firstByteMs: 22, totalMs: 86 };
  }

  destroy(): number {
    const closed = this.#idleSince.length + this.#active;
    this.#idleSince = [];
    this.#active = 0;
    if (this.state.kind !== 'off') this.state = { kind: 'cold' };
    return closed;
  }

  view(): OriginView {
    const { url, wanted = 2, pending = 0 } = this.#spec;
    const oldest = this.#idleSince.at(-1);
    const up = this.state.kind === 'warm' || this.state.kind === 'warming';
    const measured = this.#pool.warmMs !== undefined && up;
    return {
      url,
      state: this.state,
      protocol: up ? (url.includes('futures') ? 'h2' : 'h1') : null,
      address: up ? '104.17.186.205:443' : null,
      ready: this.#idleSince.length,
      idleSince: this.#idleSince,
      wanted: this.state.kind === 'off' ? 0 : wanted,
      active: this.#active,
      connecting: this.state.kind === 'warming' ? 1 : 0,
      pending: this.#active === 0 ? 0 : pending,
      idleLimit: this.#limit,
      nextRefreshAt: oldest === undefined || !up ? null : monoMs(oldest + this.#limit.ms * 0.8),
      lastWarmMs: measured ? (this.#pool.warmMs ?? null) : null,
      lastColdMs: measured ? (this.#pool.coldMs ?? null) : null,
      last: this.#last,
    };
  }

  #timings(): RequestTimings {
    const warmMs = this.#pool.warmMs ?? 10;
    return { queueMs: 0.12, dnsMs: null, tcpMs: null, tlsMs: null, firstByteMs: warmMs - 0.8, totalMs: warmMs };
  }
}

const figuresOf = (histogram: Histogram): Percentiles | null => histogram.percentiles();

function stateOf(kind: OriginState['kind'], now: MonoMs): OriginState {
  if (kind !== 'failing') return { kind };
  const why = 'www.okx.com:443 refuses connections (ECONNREFUSED)';
  return { kind, why, attempts: 3, retryAt: monoMs(now + 8000) };
}
