import { SnapshotFeed } from '../../src/main/engine/publisher.ts';
import type { AppClient } from '../../src/shared/contract.ts';
import type { DemoFault } from '../../src/shared/demoFault.ts';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import { failed, ok } from '../../src/shared/outcome.ts';
import type { PoolsFrame } from '../../src/shared/pool.ts';
import type { SeriesFrame, SeriesPoint } from '../../src/shared/rttView.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';
import { type MonoMs, monoMs, type WallMs, wallMs } from '../../src/shared/units.ts';
import { FakeControl } from './fakeControl.ts';
import { FakeDemo } from './fakeDemo.ts';
import { EFFECTIVE, POOL_EFFECTIVE } from './fakeEffective.ts';
import { FakeIncidents } from './fakeIncidents.ts';
import { FakeLink, type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { FakeNotices } from './fakeNotices.ts';
import { pastOf } from './fakePast.ts';
import { FakePool, type FakePoolSpec, SIX_POOLS } from './fakePools.ts';
import { FakeSettings } from './fakeSettings.ts';
import { FakeSlices } from './fakeSlices.ts';
import { type FakeWall, realWall } from './fakeTime.ts';
import { FakeVenues } from './fakeVenues.ts';
import { seeded } from './seeded.ts';

/** An engine and host that are made up, with believable changing numbers. Stop it, or its timers go on. */
export class FakeApp {
  #links: FakeLink[];
  readonly #pools: FakePool[];
  readonly #settings: FakeSettings;
  readonly control: FakeControl;
  readonly incidents: FakeIncidents;
  readonly venues = new FakeVenues();
  readonly notices: FakeNotices;
  readonly #history = new Map<string, SeriesPoint[]>();
  readonly #events: LinkEvent[] = [];
  readonly #snapshotListeners = new Set<() => void>();
  readonly #seriesListeners = new Set<(frame: SeriesFrame) => void>();
  readonly #eventListeners = new Set<(events: readonly LinkEvent[]) => void>();
  readonly #appListeners = new Set<() => void>();
  readonly #poolListeners = new Set<(frame: PoolsFrame) => void>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #wall: FakeWall;
  readonly #frozen: boolean;
  #still: Snapshot | null = null;
  /** By so much its thread is late. */
  lateMs = 0;
  /** Pages that look at the clocks of one link. */
  clockReaders = 0;
  readonly #random = seeded(7);
  #jumpedMs = 0;
  #heldAt: MonoMs | null = null;
  #spoiled: Readonly<Record<string, unknown>> = {};
  readonly #slices: FakeSlices;
  readonly #demo: FakeDemo;

  /** `frozenAt`: its clocks stand there, and whatever is asked is answered the same each time: for pictures. */
  constructor(
    specs: readonly FakeSpec[] = TEN_LINKS,
    pools: readonly FakePoolSpec[] = SIX_POOLS,
    frozenAt: WallMs | null = null,
  ) {
    this.#frozen = frozenAt !== null;
    this.#wall = frozenAt === null ? realWall : () => frozenAt;
    this.#demo = new FakeDemo(this.#wall);
    this.control = new FakeControl(this.#wall);
    this.notices = new FakeNotices(this.#wall);
    this.#pools = pools.map((spec) => new FakePool(spec, this.#random, this.now()));
    this.#links = specs.map((spec) => new FakeLink(spec, this.#random, this.now(), this.#wall));
    this.incidents = new FakeIncidents(this.now(), this.#wall);
    this.#settings = new FakeSettings(specs.map((spec) => spec.name));
    this.#slices = new FakeSlices(this.now, this.#wall, seeded(11));
    for (const link of this.#links) this.#makePast(link);
    this.#events.sort((a, b) => a.wall - b.wall);
    for (const [i, event] of this.#events.entries()) Object.assign(event, { seq: i + 1 });
    if (this.#frozen) return;
    this.#timers.push(
      setInterval(() => this.publish(), 250),
      setInterval(() => this.#second(), 1000),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  get settings(): FakeSettings {
    return this.#settings;
  }

  /** `hard demo-tokyo`: what was asked of links, in order. */
  readonly reconnects: string[] = [];

  readonly client: AppClient = {
    reconnectLink: async ({ link, manner }) => {
      this.reconnects.push(`${manner} ${link}`);
      const held = this.#find(link);
      if (held === undefined)
        return failed('unknown-link', `there is no link named ${link}`, 'reconnectLink', 'reload the page');
      if (held.state.kind === 'paused') return failed('paused', `${link} is paused`, link, 'press Resume to dial it');
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
      this.#settings.press(link, !paused);
      return ok(null);
    },
    setBreaker: async ({ link, open }) => {
      const held = this.#find(link);
      const reason = { kind: 'asked', by: 'breaker' } as const;
      const now = this.now();
      if (held?.state.kind === 'paused') {
        held.setState(open ? { kind: 'paused', held: true } : { kind: 'paused' }, now);
        return ok(null);
      }
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
    snapshots: (input, onValue) => {
      const feed = new SnapshotFeed(input?.pace);
      let frames = 0;
      const send = (): void => {
        const { at, wall, machine, order, links } = this.#snapshot();
        if (input?.pace === 'hidden' && frames++ % 8 !== 0) return;
        onValue(
          feed.next(
            at,
            wall,
            machine,
            order.flatMap((name) => links[name] ?? []),
          ),
        );
      };
      send();
      return listen(this.#snapshotListeners, send);
    },
    series: (_, onValue) => {
      onValue({ kind: 'history', until: this.#wall(), links: Object.fromEntries(this.#history) });
      return listen(this.#seriesListeners, onValue);
    },
    events: (_, onValue) => {
      onValue(this.#events.slice());
      return listen(this.#eventListeners, onValue);
    },
    control: ({ link }, onValue) => this.control.follow(link, onValue),
    incidents: (_, onValue) => this.incidents.follow(onValue),
    clocks: ({ link }, onValue) => {
      const send = (): void => {
        const held = this.#snapshot().links[link];
        if (held !== undefined) onValue(held.clocks);
      };
      send();
      this.clockReaders += 1;
      const stop = listen(this.#snapshotListeners, send);
      return () => {
        this.clockReaders -= 1;
        stop();
      };
    },
    histogram: ({ link, window }, onValue) => {
      const send = (): void => {
        const held = this.#find(link);
        if (held !== undefined) onValue({ link, window, histogram: held.histogram(window).encode() });
      };
      send();
      if (this.#frozen) return () => undefined;
      const timer = setInterval(send, 1000);
      return () => clearInterval(timer);
    },
    slices: (input, onValue) => this.#slices.follow(input, onValue),
    linkSettings: async () => ok(EFFECTIVE),
    poolSettings: async () => ok([...EFFECTIVE, ...POOL_EFFECTIVE]),
    previewSettings: async ({ text }) => {
      await this.#settings.thinking;
      return ok(this.#settings.preview(text));
    },
    applySettings: async ({ text, basedOn, watch }) => {
      await this.#settings.busy;
      return ok(this.#settings.apply(text, basedOn, watch));
    },
    undoSettings: async () => ok(this.#settings.undo()),
    keepSettings: async () => {
      this.#settings.setProbation({ kind: 'none' });
      return ok(null);
    },
    explainSettings: async ({ text, path }) => ok(this.#settings.explain(text, path)),
    presets: async () => ok(this.venues.cards()),
    draftLink: async (draft) => this.venues.draft(draft, this.#settings.view()),
    trial: (input, onValue) => this.venues.trial(input, onValue),
    demoFault: async ({ exchange, fault }) => {
      this.inject(exchange, fault);
      return ok(null);
    },
    acknowledgeNotice: (input) => this.notices.acknowledge(input),
    acknowledgeAll: () => this.notices.acknowledgeAll(),
    muteNotices: (input) => this.notices.mute(input),
    notices: (_, onValue) => this.notices.listen(onValue),
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

  /** Its settings wait for a new socket. */
  setPending(name: string): void {
    const link = this.#find(name);
    if (link !== undefined) link.pendingSettings = true;
  }

  /** It is no longer in the settings. */
  removeLink(name: string): void {
    this.#links = this.#links.filter((link) => link.spec.name !== name);
  }

  /** Every gate opens when its link has been fit for so long. */
  setGateReopen(afterMs: number): void {
    for (const link of this.#links) link.reopenAfterMs = afterMs;
  }

  /** Something happens to a link that every page is told of. */
  happens(name: string, happening: LinkHappening, agoMs = 0): void {
    this.#log(name, happening, agoMs);
  }

  /** One link gives up, which every page is told of by a notice. */
  fail(name: string): void {
    const held = this.#find(name);
    if (held === undefined) return;
    const reason = { kind: 'refused', address: '127.0.0.1:9443', code: 'ECONNREFUSED' } as const;
    const to: LinkState = { kind: 'failed', attempts: 10, reason, acknowledged: false };
    this.#log(name, { kind: 'state', from: held.state, to, because: '' });
    held.setState(to, this.now());
    this.notices.gaveUp(name, 'gave up after 10 attempts: 127.0.0.1:9443 cannot be reached (ECONNREFUSED)');
  }

  /** The engine's clock is suddenly another, as after a restart of it. */
  jumpClock(byMs: number): void {
    this.#jumpedMs += byMs;
    this.#slices.restart();
  }

  /** The engine's clock stands until it is let go, while its numbers go on coming: no promise runs out. */
  holdClock(hold = true): void {
    this.#heldAt = hold ? this.now() : null;
  }

  #poolsFrame(): PoolsFrame {
    return { at: this.now(), pools: this.#pools.map((pool) => pool.view()) };
  }

  #tellPools(): void {
    for (const send of this.#poolListeners) send(this.#poolsFrame());
  }

  #appView() {
    return {
      version: '0.1.0',
      host: 'headless' as const,
      settingsFile: '/home/trader/.config/warmwire/warmwire.toml',
      dataFolder: '/home/trader/.local/share/warmwire',
      logFile: '/home/trader/.local/share/warmwire/log/warmwire.log',
      gateReopenMs: 5000,
      queueLagP99Ms: 1,
      demo: this.#demo.view(),
      warnings: [],
      ...this.#spoiled,
    };
  }

  /** What a host of another version might send: the page has to do without. */
  spoilApp(spoiled: Readonly<Record<string, unknown>>): void {
    this.#spoiled = spoiled;
    for (const send of this.#appListeners) send();
  }

  /** A fault of a demo exchange, as any window or the demo itself could have it; `null` ends it. */
  inject(exchange: string, fault: DemoFault | null): void {
    this.#demo.inject(exchange, fault);
    if (fault?.kind === 'kill')
      this.#log('demo-tokyo', { kind: 'socket-ended', reason: { kind: 'cut', code: 'ECONNRESET' }, livedMs: 60_000 });
    for (const send of this.#appListeners) send();
  }

  failPool(name: string, why: string): void {
    this.#pools.find(({ spec }) => spec.name === name)?.fail(why, this.now());
    for (const send of this.#poolListeners) send(this.#poolsFrame());
  }

  /** Something happens to a link now, as the engine would tell it. */
  happen(link: string, happening: LinkHappening, generation?: number): void {
    this.#log(link, happening, 0, generation);
  }

  /** Only the last event of each link is kept, as where very many came. */
  forgetEvents(): void {
    const last = new Map(this.#events.map((event) => [event.link, { ...event, skipped: 7 }]));
    this.#events.splice(0, this.#events.length, ...last.values());
    this.#events.sort((a, b) => a.seq - b.seq);
  }

  #find(name: string): FakeLink | undefined {
    return this.#links.find((link) => link.spec.name === name);
  }

  now = (): MonoMs => this.#heldAt ?? monoMs((this.#frozen ? 0 : performance.now()) + 100_000_000 + this.#jumpedMs);

  #snapshot(): Snapshot {
    if (!this.#frozen) return this.#newSnapshot();
    this.#still ??= this.#newSnapshot();
    return this.#still;
  }

  #newSnapshot(): Snapshot {
    const now = this.now();
    const links = Object.fromEntries(this.#links.map((link) => [link.spec.name, link.view(now)]));
    const machine = {
      loopP99Ms: this.lateMs + 0.8 + this.#random(),
      loopMaxMs: 7.4,
      stalls: 1,
      rssBytes: 0,
      heapBytes: 0,
      heapLimitBytes: 0,
      inflatedBytes: 0,
    };
    return { at: now, wall: this.#wall(), machine, order: this.#links.map((link) => link.spec.name), links };
  }

  /** Every page gets a frame; a frozen engine sends none by itself. */
  publish(): void {
    for (const send of this.#snapshotListeners) send();
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
    this.#slices.second(this.#links);
    for (const send of this.#appListeners) send();
    for (const pool of this.#pools) pool.step(now);
    this.#tellPools();
  }

  #log(link: string, happening: LinkHappening, agoMs = 0, generation = this.#find(link)?.generation ?? 1): void {
    const event: LinkEvent = {
      seq: (this.#events.at(-1)?.seq ?? 0) + 1,
      at: this.now(),
      wall: wallMs(this.#wall() - agoMs),
      link,
      generation,
      happening,
    };
    this.#events.push(event);
    for (const send of this.#eventListeners) send([event]);
  }

  #makePast(link: FakeLink): void {
    const { name } = link.spec;
    const { points, events, outage } = pastOf(link, this.#random, this.now());
    this.#history.set(name, points);
    this.#slices.makePast(link, outage.fromMs, outage.untilMs);
    for (const { happening, agoMs } of events) this.#log(name, happening, agoMs);
    link.connects += 1;
    link.generation += 1;
  }
}

function pointOf(link: FakeLink): SeriesPoint {
  const figures = link.spec.ping === 'none' || !link.open ? null : link.histogram('1m').percentiles();
  return { p50Ms: figures?.p50Ms ?? null, p99Ms: figures?.p99Ms ?? null, samples: figures?.count ?? 0 };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
