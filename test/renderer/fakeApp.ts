import type { AppClient, DemoFault, EffectiveValue } from '../../src/shared/contract.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import { failed, ok } from '../../src/shared/outcome.ts';
import type { PoolsFrame } from '../../src/shared/pool.ts';
import type { PresetView } from '../../src/shared/settingsView.ts';
import type { SeriesFrame, SeriesPoint, Snapshot, SnapshotFrame } from '../../src/shared/snapshot.ts';
import { type MonoMs, monoMs, type WallMs, wallMs } from '../../src/shared/units.ts';
import { FakeLink, type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { FakePool, type FakePoolSpec, SIX_POOLS } from './fakePools.ts';
import { FakeSettings } from './fakeSettings.ts';

const HISTORY_S = 600;

/** An engine and host that are made up, with believable changing numbers. Stop it, or its timers go on. */
export class FakeApp {
  readonly #links: FakeLink[];
  readonly #pools: FakePool[];
  readonly #settings: FakeSettings;
  readonly #history = new Map<string, SeriesPoint[]>();
  readonly #events: LinkEvent[] = [];
  readonly #snapshotListeners = new Set<(frame: SnapshotFrame) => void>();
  readonly #seriesListeners = new Set<(frame: SeriesFrame) => void>();
  readonly #eventListeners = new Set<(events: readonly LinkEvent[]) => void>();
  readonly #appListeners = new Set<() => void>();
  readonly #poolListeners = new Set<(frame: PoolsFrame) => void>();
  readonly #timers: NodeJS.Timeout[];
  readonly #random = seeded(7);
  #fault: { readonly kind: 'none' | 'frozen' | 'refusing'; readonly until: number } = { kind: 'none', until: 0 };

  constructor(specs: readonly FakeSpec[] = TEN_LINKS, pools: readonly FakePoolSpec[] = SIX_POOLS) {
    this.#pools = pools.map((spec) => new FakePool(spec, this.#random, this.now()));
    this.#links = specs.map((spec) => new FakeLink(spec, this.#random, this.now()));
    this.#settings = new FakeSettings(specs.map((spec) => spec.name));
    for (const link of this.#links) this.#makePast(link);
    this.#events.sort((a, b) => a.wall - b.wall);
    for (const [i, event] of this.#events.entries()) Object.assign(event, { seq: i + 1 });
    this.#timers = [setInterval(() => this.#publish(), 250), setInterval(() => this.#second(), 1000)];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  get settings(): FakeSettings {
    return this.#settings;
  }

  readonly client: AppClient = {
    reconnectLink: async ({ link, manner }) => {
      const held = this.#find(link);
      if (held === undefined)
        return failed('unknown-link', `there is no link named ${link}`, 'reconnectLink', 'reload the page');
      if (held.spec.state === 'failed')
        return failed(
          'busy',
          'the venue cannot be reached right now',
          link,
          'wait a moment, then press Reconnect again',
        );
      this.#log(link, { kind: 'socket-ended', reason: { kind: 'asked', by: 'user' }, livedMs: 12_345 });
      const then = (): void => {
        held.setState({ kind: 'up', since: this.now() }, this.now());
        this.#log(link, {
          kind: 'opened',
          timings: { dnsMs: 1, tcpMs: 4, tlsMs: 9, upgradeMs: 5, totalMs: 19 },
          address: '203.0.113.7:443',
        });
      };
      if (manner === 'hard')
        held.setState({ kind: 'connecting', attempt: 1, phase: 'tcp', since: this.now() }, this.now());
      setTimeout(then, manner === 'hard' ? 1200 : 0);
      return ok(null);
    },
    setLinkPaused: async ({ link, paused }) => {
      const held = this.#find(link);
      held?.setState(paused ? { kind: 'paused' } : { kind: 'up', since: this.now() }, this.now());
      return ok(null);
    },
    setBreaker: async ({ link, open }) => {
      const held = this.#find(link);
      const reason = { kind: 'asked', by: 'breaker' } as const;
      const now = this.now();
      held?.setState(open ? { kind: 'blocked', attempt: 0, until: null, reason } : { kind: 'up', since: now }, now);
      return ok(null);
    },
    rotateLink: async () => ok(null),
    warmPool: async ({ pool }) => {
      this.#pools.find(({ spec }) => spec.name === pool)?.warm(this.now());
      this.#tellPools();
      return ok(null);
    },
    destroyPool: async ({ pool }) => {
      const held = this.#pools.find(({ spec }) => spec.name === pool);
      if (held === undefined)
        return failed('unknown-pool', `there is no pool named ${pool}`, 'destroyPool', 'reload the page');
      const closed = held.destroy();
      this.#tellPools();
      return ok({ closed });
    },
    pools: (_, onValue) => {
      onValue(this.#poolsFrame());
      return listen(this.#poolListeners, onValue);
    },
    gates: (_, onValue) => {
      onValue({});
      return () => undefined;
    },
    acknowledgeFailure: async ({ link }) => {
      const held = this.#find(link);
      const state = held?.state;
      if (state?.kind === 'failed') held?.setState({ ...state, acknowledged: true }, this.now());
      return ok(null);
    },
    snapshots: (_, onValue) => {
      onValue({ kind: 'whole', snapshot: this.#snapshot() });
      return listen(this.#snapshotListeners, onValue);
    },
    series: (_, onValue) => {
      onValue({ kind: 'history', until: this.#wall(), links: Object.fromEntries(this.#history) });
      return listen(this.#seriesListeners, onValue);
    },
    events: (_, onValue) => {
      onValue(this.#events.slice());
      return listen(this.#eventListeners, onValue);
    },
    histogram: ({ link, window }, onValue) => {
      const send = (): void => {
        const held = this.#find(link);
        if (held !== undefined) onValue({ link, window, histogram: held.histogram(window).encode() });
      };
      send();
      const timer = setInterval(send, 1000);
      return () => clearInterval(timer);
    },
    linkSettings: async () => ok(EFFECTIVE),
    poolSettings: async () => ok(EFFECTIVE),
    previewSettings: async ({ text }) => ok(this.#settings.preview(text)),
    applySettings: async ({ text, basedOn, watch }) => ok(this.#settings.apply(text, basedOn, watch)),
    undoSettings: async () => ok(this.#settings.undo()),
    keepSettings: async () => {
      this.#settings.setProbation({ kind: 'none' });
      return ok(null);
    },
    explainSettings: async ({ text, path }) => ok(this.#settings.explain(text, path)),
    presets: async () => ok(PRESETS),
    demoFault: async ({ fault, forSecs }) => {
      this.#inject(fault, forSecs);
      return ok(null);
    },
    settings: (_, onValue) => this.#settings.listen(onValue),
    probation: (_, onValue) => this.#settings.listenToProbation(onValue),
    app: (_, onValue) => {
      const send = (): void => onValue(this.#appView());
      send();
      return listen(this.#appListeners, send);
    },
  };

  /** Puts one link into a state, as the network would. */
  setState(name: string, state: (now: MonoMs) => LinkState): void {
    this.#find(name)?.setState(state(this.now()), this.now());
  }

  /** One link gives up, which every page is told of by a notice. */
  fail(name: string): void {
    const held = this.#find(name);
    if (held === undefined) return;
    const reason = { kind: 'refused', address: '127.0.0.1:9443', code: 'ECONNREFUSED' } as const;
    const to: LinkState = { kind: 'failed', attempts: 10, reason, acknowledged: false };
    this.#log(name, { kind: 'state', from: held.state, to, because: '' });
    held.setState(to, this.now());
  }

  #poolsFrame(): PoolsFrame {
    return { at: this.now(), pools: this.#pools.map((pool) => pool.view()) };
  }

  #tellPools(): void {
    for (const send of this.#poolListeners) send(this.#poolsFrame());
  }

  #appView() {
    const left = Math.max(0, Math.ceil((this.#fault.until - Date.now()) / 1000));
    return {
      version: '0.1.0',
      host: 'headless' as const,
      settingsFile: '/home/trader/.config/warmwire/warmwire.toml',
      dataFolder: '/home/trader/.local/share/warmwire',
      logFile: '/home/trader/.local/share/warmwire/log/warmwire.log',
      demo: ['tokyo', 'frankfurt', 'newyork'].map((name) => ({
        name,
        label: `Demo ${name}`,
        fault: name === 'tokyo' && left > 0 ? this.#fault.kind : ('none' as const),
        faultSecsLeft: name === 'tokyo' && left > 0 ? left : null,
        clients: 1,
      })),
      warnings: [],
    };
  }

  #inject(fault: DemoFault, forSecs: number): void {
    const kind = fault === 'freeze' ? 'frozen' : fault === 'refuse' ? 'refusing' : 'none';
    this.#fault = { kind, until: Date.now() + forSecs * 1000 };
    if (fault === 'drop')
      this.#log('demo-tokyo', { kind: 'socket-ended', reason: { kind: 'cut', code: 'ECONNRESET' }, livedMs: 60_000 });
    for (const send of this.#appListeners) send();
  }

  #find(name: string): FakeLink | undefined {
    return this.#links.find((link) => link.spec.name === name);
  }

  now = (): MonoMs => monoMs(performance.now() + 1_000_000);
  #wall = (): WallMs => wallMs(Date.now());

  #snapshot(): Snapshot {
    const now = this.now();
    const links = Object.fromEntries(this.#links.map((link) => [link.spec.name, link.view(now)]));
    const machine = {
      loopP99Ms: 0.8 + this.#random(),
      loopMaxMs: 7.4,
      stalls: 1,
      rssBytes: 0,
      heapBytes: 0,
      heapLimitBytes: 0,
      inflatedBytes: 0,
    };
    return { at: now, wall: this.#wall(), machine, order: this.#links.map((link) => link.spec.name), links };
  }

  #publish(): void {
    const { at, wall, machine, links } = this.#snapshot();
    for (const send of this.#snapshotListeners) send({ kind: 'delta', delta: { at, wall, machine, links } });
  }

  #second(): void {
    const now = this.now();
    const points: [string, SeriesPoint][] = this.#links.map((link) => {
      link.step(now);
      const point = pointOf(link);
      this.#history.get(link.spec.name)?.push(point);
      this.#history.get(link.spec.name)?.shift();
      return [link.spec.name, point];
    });
    for (const send of this.#seriesListeners)
      send({ kind: 'points', wall: this.#wall(), links: Object.fromEntries(points) });
    for (const send of this.#appListeners) send();
    for (const pool of this.#pools) pool.step(now);
    this.#tellPools();
  }

  #log(link: string, happening: LinkHappening, agoMs = 0): void {
    const event: LinkEvent = {
      seq: this.#events.length + 1,
      at: this.now(),
      wall: wallMs(Date.now() - agoMs),
      link,
      generation: this.#find(link)?.generation ?? 1,
      happening,
    };
    this.#events.push(event);
    for (const send of this.#eventListeners) send([event]);
  }

  /** Ten minutes of points with one outage, and the events that go with it. */
  #makePast(link: FakeLink): void {
    const { name, rttMs, ping, state } = link.spec;
    const lostAt = 80 + Math.floor(this.#random() * 400);
    const points: SeriesPoint[] = [];
    let hump = 1;
    for (let i = 0; i < HISTORY_S; i += 1) {
      if (this.#random() < 0.01) hump = 1.3 + this.#random();
      hump = 1 + (hump - 1) * 0.985;
      const down = (i >= lostAt && i < lostAt + 25) || (!link.open && i > 480) || ping === 'none' || state === 'paused';
      const p99 = rttMs * 1.25 * hump * (1 + 0.02 * this.#random());
      points.push(
        down
          ? { p50Ms: null, p99Ms: null, samples: 0 }
          : { p50Ms: rttMs * (1 + 0.03 * this.#random()), p99Ms: p99, samples: 30 },
      );
    }
    this.#history.set(name, points);
    const ago = (at: number): number => (HISTORY_S - at) * 1000;
    this.#log(
      name,
      {
        kind: 'opened',
        timings: { dnsMs: 1, tcpMs: 4, tlsMs: 9, upgradeMs: 5, totalMs: 19 },
        address: '203.0.113.7:443',
      },
      5_400_000,
    );
    for (let i = 0; i < 20; i += 1)
      this.#log(name, { kind: 'pong-late', rttMs: 1200 + 100 * i }, 5_000_000 - i * 100_000);
    this.#log(
      name,
      { kind: 'socket-ended', reason: { kind: 'closed', code: 1012, text: '' }, livedMs: 4_800_000 },
      ago(lostAt),
    );
    this.#log(
      name,
      { kind: 'health', from: 'healthy', to: 'degraded', reasons: ['waiting to reconnect'] },
      ago(lostAt) - 3,
    );
    this.#log(
      name,
      {
        kind: 'opened',
        timings: { dnsMs: 1, tcpMs: 4, tlsMs: 9, upgradeMs: 5, totalMs: 19 },
        address: '203.0.113.7:443',
      },
      ago(lostAt + 25),
    );
    this.#log(name, { kind: 'subscription', name: 'ticker:BTC-USD', what: 'acked' }, ago(lostAt + 26));
    this.#log(name, { kind: 'restored', tookMs: 412, subscriptions: 4 }, ago(lostAt + 27));
    link.connects += 1;
    link.generation += 1;
  }
}

const PRESETS: readonly PresetView[] = [
  {
    name: 'kraken_v2',
    venue: 'Kraken',
    addresses: ['wss://ws.kraken.com/v2'],
    channels: [{ name: 'ticker' }, { name: 'trade' }, { name: 'book' }],
  },
  { name: 'okx_v5', venue: 'OKX', addresses: ['wss://ws.okx.com:8443/ws/v5/public'], channels: [{ name: 'tickers' }] },
];

const EFFECTIVE: readonly EffectiveValue[] = [
  {
    key: 'ping_interval_secs',
    value: '15',
    unit: 's',
    source: 'limit of the venue',
    note: 'held at 15 s: [connection] asks for 60 s, the venue cuts after 30 s',
  },
  { key: 'pong_timeout_secs', value: '3', unit: 's', source: 'link', note: null },
  { key: 'missed_pongs', value: '3', unit: 'pings', source: 'built in', note: null },
  { key: 'warmup_pings', value: '20', unit: 'pings', source: 'built in', note: null },
  { key: 'initial_reconnect_delay_ms', value: '100', unit: 'ms', source: 'connection', note: null },
  { key: 'max_reconnect_delay_secs', value: '10', unit: 's', source: 'profile', note: null },
  { key: 'backoff_multiplier', value: '2', unit: '', source: 'built in', note: null },
  { key: 'jitter', value: 'proportional', unit: '', source: 'built in', note: null },
  { key: 'jitter_factor', value: '0.1', unit: '', source: 'connection', note: null },
  { key: 'max_attempts', value: '0', unit: 'attempts', source: 'built in', note: null },
  { key: 'stable_after_secs', value: '30', unit: 's', source: 'built in', note: null },
  { key: 'breaker_failures', value: '3', unit: 'failures', source: 'built in', note: null },
  { key: 'breaker_open_secs', value: '2', unit: 's', source: 'profile', note: null },
  { key: 'data_timeout_secs', value: '60', unit: 's', source: 'profile', note: null },
  { key: 'data_notice_secs', value: '60', unit: 's', source: 'built in', note: null },
  { key: 'connect_timeout_secs', value: '5', unit: 's', source: 'built in', note: null },
  { key: 'ack_timeout_secs', value: '5', unit: 's', source: 'preset', note: null },
  { key: 'first_data_secs', value: '10', unit: 's', source: 'built in', note: null },
  { key: 'close_timeout_secs', value: '1', unit: 's', source: 'built in', note: null },
  { key: 'max_frame_mib', value: '16', unit: 'MiB', source: 'built in', note: null },
  { key: 'compression', value: 'false', unit: '', source: 'built in', note: null },
];

function pointOf(link: FakeLink): SeriesPoint {
  const figures = link.spec.ping === 'none' || !link.open ? null : link.histogram('1m').percentiles();
  return { p50Ms: figures?.p50Ms ?? null, p99Ms: figures?.p99Ms ?? null, samples: figures?.count ?? 0 };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
