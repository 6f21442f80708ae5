import type { EngineClient } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { LinkEvent, LinkHappening } from '../../shared/events.ts';
import { isOpen } from '../../shared/health.ts';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import { RestartHabits } from '../../shared/restartHabit.ts';
import type {
  HistogramFrame,
  LinkView,
  ScrapeFrame,
  SeriesFrame,
  SeriesPoint,
  SnapshotFrame,
} from '../../shared/snapshot.ts';
import { elapsedMs, type MonoMs, type WallMs } from '../../shared/units.ts';
import { ControlReaders } from './controlReaders.ts';
import { DialGate } from './dialGate.ts';
import { type GateChanges, Gates } from './gates.ts';
import { Incidents } from './incidents.ts';
import { Inquiry } from './inquiry.ts';
import { Interned } from './interned.ts';
import type { Commons } from './link/commons.ts';
import { SecretMask } from './link/credentials.ts';
import { Link } from './link/link.ts';
import { MemoryGauge } from './memoryGauge.ts';
import { Pools } from './pool/pools.ts';
import type { Ports } from './ports.ts';
import { SnapshotFeed } from './publisher.ts';
import { SeriesLog } from './seriesLog.ts';
import { SkewMeter } from './skew.ts';
import { SliceFeed, SliceMachine } from './sliceFeed.ts';
import { Slots } from './slots.ts';
import { StallMeter } from './stall.ts';
import { Timers } from './timers.ts';
import { Trials } from './trials.ts';
import { type WakeReason, WakeWatch } from './wakeWatch.ts';

const PUBLISH_MS = 250;
/** A page that nobody sees is told so often. */
const HIDDEN_MS = 2000;
const SECOND_MS = 1000;
const KEPT_EVENTS = 500;
/** Percentages and totals of an idle link are this old at most. */
const IDLE_VIEW_MS = 5_000;

/**
 * All links by name, and what is told about them.
 *
 * 1. A link belongs to exactly one entry of the configuration; a removed one stays only until its last socket ended.
 * 2. Snapshots go out at a fixed rate to each reader; their size does not depend on how many messages arrive.
 * 3. After `shutdown` has answered, nothing is armed and nothing is open.
 */
export class Engine implements EngineClient {
  readonly #ports: Ports;
  readonly #meter: StallMeter;
  readonly #commons: Commons;
  readonly #mask: SecretMask;
  readonly #wakeWatch: WakeWatch;
  readonly #inquiry: Inquiry;
  readonly #gates: Gates;
  readonly #skew: SkewMeter;
  readonly #pools: Pools;
  readonly #trials: Trials;
  readonly #timers: Timers<'publish' | 'second' | 'grace'>;
  readonly #links = new Map<string, Link>();
  readonly #leaving = new Set<Link>();
  readonly #views = new WeakMap<Link, { view: LinkView; revision: number; at: MonoMs }>();
  readonly #shared = new Interned();
  readonly #feeds = new Map<(frame: SnapshotFrame) => void, PacedFeed>();
  readonly #seriesReaders = new Set<(frame: SeriesFrame) => void>();
  readonly #eventReaders = new Set<(events: readonly LinkEvent[]) => void>();
  readonly #histogramReaders = new Set<() => void>();
  readonly #sliceReaders = new Set<() => void>();
  readonly #slices: SliceMachine;
  readonly #series = new SeriesLog();
  readonly #control = new ControlReaders((name) => this.#links.get(name)?.control ?? null);
  readonly #incidents = new Incidents();
  readonly #restarts = new RestartHabits();
  readonly #memory = new MemoryGauge();
  #events: LinkEvent[] = [];
  #eventSeq = 0;
  #shutdownGraceMs = 3000;
  #onAllGone: (() => void) | null = null;

  constructor(ports: Ports) {
    this.#mask = new SecretMask(ports.secret);
    this.#ports = { ...ports, secret: this.#mask.read };
    this.#slices = new SliceMachine(ports.clock.now(), ports.clock.wall());
    this.#meter = new StallMeter(ports.clock, this.#slices.lateness);
    const clean = (text: string): string => this.#mask.clean(text);
    this.#commons = { stall: this.#meter, gate: new DialGate(ports.clock), slots: new Slots(), clean };
    this.#inquiry = new Inquiry({
      clock: ports.clock,
      stalledMs: (withinMs) => this.#meter.stalledMs(withinMs),
      memoryPressure: () => this.#memory.pressure,
      witnesses: () => [...this.#links.values()].map((link) => link.witness()),
      isHabit: (name, at) => this.#restarts.has(name, at),
      tell: (name, verdict) => this.#record(name, { kind: 'verdict', verdict }, this.#links.get(name)?.generation ?? 0),
    });
    this.#gates = new Gates({
      clock: ports.clock,
      stalledMs: (withinMs) => this.#meter.stalledMs(withinMs),
      turned: (name, gate) => this.#record(name, { kind: 'gate', gate }, this.#links.get(name)?.generation ?? 0),
    });
    this.#skew = new SkewMeter(ports);
    this.#pools = new Pools(ports);
    this.#trials = new Trials({
      ports: this.#ports,
      commons: this.#commons,
      explain: ({ preset, demo }, clues) => this.#inquiry.explain({ venue: preset.venue, demo }, clues),
    });
    this.#wakeWatch = new WakeWatch(ports.clock.now(), ports.clock.wall(), ports.networkAddresses);
    this.#timers = new Timers(ports.clock);
    this.#armPublish();
    this.#armSecond();
  }

  readonly configure = async (config: EngineConfig): Promise<Outcome<null>> => {
    this.#shutdownGraceMs = config.shutdownGraceMs;
    this.#restarts.know(config.restarts ?? {});
    this.#gates.reopenAfterMs = config.gateReopenMs;
    const wanted = new Set(config.links.map((link) => link.name));
    for (const [name, link] of this.#links) if (!wanted.has(name)) this.#remove(name, link, 'settings');
    const before = new Map(this.#links);
    this.#links.clear();
    for (const linkConfig of this.#shared.links(config.links)) {
      const existing = before.get(linkConfig.name);
      const link: Link = existing ?? this.#create(linkConfig.name, linkConfig);
      this.#links.set(linkConfig.name, link);
      if (existing === undefined) link.start();
      else existing.configure(linkConfig);
      if (!linkConfig.enabled) this.#inquiry.forget(linkConfig.name);
    }
    this.#skew.measure(config.links.flatMap(({ enabled, preset }) => (enabled && preset.clock ? [preset.clock] : [])));
    this.#pools.configure(config.pools);
    this.#publish();
    return ok(null);
  };

  readonly reconnectLink = async ({
    link: name,
    manner,
  }: {
    link: string;
    manner: 'graceful' | 'hard';
  }): Promise<Outcome<null>> => {
    const link = this.#links.get(name);
    if (link === undefined) return unknownLink(name);
    if (link.isPaused) return failed('paused', `${name} is paused`, name, 'press Resume to dial it');
    link.reconnect(manner);
    this.#publish();
    return ok(null);
  };

  /** Row L8: opened by hand it stays open until it is closed by hand. */
  readonly setBreaker = async ({ link: name, open }: { link: string; open: boolean }): Promise<Outcome<null>> => {
    const link = this.#links.get(name);
    if (link === undefined) return unknownLink(name);
    link.setBreaker(open);
    this.#publish();
    return ok(null);
  };

  /** Row L12: a planned change of sockets, now instead of at its time. */
  readonly rotateLink = async ({ link: name }: { link: string }): Promise<Outcome<null>> => {
    const link = this.#links.get(name);
    if (link === undefined) return unknownLink(name);
    link.rotate();
    return ok(null);
  };

  readonly warmPool: EngineClient['warmPool'] = async ({ pool }) => this.#pools.warm(pool);

  readonly destroyPool: EngineClient['destroyPool'] = async ({ pool, protocol }) => this.#pools.destroy(pool, protocol);

  readonly pools: EngineClient['pools'] = (_input, onValue) => this.#pools.follow(onValue);

  readonly trial: EngineClient['trial'] = (config, onValue) =>
    this.#trials.start(config, (view) => onValue(this.#mask.clean(view)));

  /** Row L16: the host was told by the system that the machine woke up, or that its network changed. */
  readonly wake = async ({ kind }: { kind: WakeReason }): Promise<Outcome<null>> => {
    this.#woke(kind);
    return ok(null);
  };

  readonly acknowledgeFailure = async ({ link: name }: { link: string }): Promise<Outcome<null>> => {
    const link = this.#links.get(name);
    if (link === undefined) return unknownLink(name);
    link.acknowledge();
    return ok(null);
  };

  readonly shutdown = (_input: null): Promise<Outcome<null>> => {
    for (const [name, link] of this.#links) this.#remove(name, link, 'shutdown');
    this.#links.clear();
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#onAllGone = null;
        for (const link of this.#leaving) link.destroy();
        this.#leaving.clear();
        this.#timers.stop();
        this.#meter.stop();
        this.#commons.gate.stop();
        this.#inquiry.stop();
        this.#skew.stop();
        this.#trials.stop();
        this.#pools.stop();
        resolve(ok(null));
      };
      const lookGone = (): void => {
        if (this.#leaving.size === 0 && this.#pools.isGone && this.#trials.areGone) finish();
      };
      this.#timers.arm('grace', this.#shutdownGraceMs, finish);
      this.#onAllGone = lookGone;
      this.#trials.leave(lookGone);
      this.#pools.leave(lookGone);
    });
  };

  readonly snapshots: EngineClient['snapshots'] = (input, onValue) => {
    const feed = new SnapshotFeed(input?.pace === 'seen');
    const reader = (frame: SnapshotFrame): void => onValue(frame);
    const everyMs = input?.pace === 'hidden' ? HIDDEN_MS : 0;
    this.#feeds.set(reader, { feed, everyMs, toldAt: this.#ports.clock.now() });
    reader(this.#frameFor(feed));
    return () => void this.#feeds.delete(reader);
  };

  readonly gates = (_input: null, onValue: (changes: GateChanges) => void): (() => void) => this.#gates.follow(onValue);

  readonly scrape = async (_input: null): Promise<Outcome<ScrapeFrame>> =>
    ok({ links: Object.fromEntries([...this.#links].map(([name, link]) => [name, link.figures.scrape()])) });

  readonly series = (_input: null, onValue: (frame: SeriesFrame) => void): (() => void) => {
    const reader = (frame: SeriesFrame): void => onValue(frame);
    this.#seriesReaders.add(reader);
    reader(this.#series.history());
    return () => void this.#seriesReaders.delete(reader);
  };

  readonly events = (_input: null, onValue: (events: readonly LinkEvent[]) => void): (() => void) => {
    const reader = (events: readonly LinkEvent[]): void => onValue(events);
    this.#eventReaders.add(reader);
    reader(this.#events.slice(-KEPT_EVENTS));
    return () => void this.#eventReaders.delete(reader);
  };

  readonly control: EngineClient['control'] = ({ link }, onValue) => this.#control.follow(link, onValue);

  readonly incidents: EngineClient['incidents'] = (_input, onValue) => this.#incidents.follow(onValue);

  readonly histogram = (
    input: Pick<HistogramFrame, 'link' | 'window'>,
    onValue: (frame: HistogramFrame) => void,
  ): (() => void) => {
    const reader = (): void => {
      const link = this.#links.get(input.link);
      if (link !== undefined) onValue({ ...input, histogram: link.figures.histogram(input.window) });
    };
    this.#histogramReaders.add(reader);
    reader();
    return () => void this.#histogramReaders.delete(reader);
  };

  readonly slices: EngineClient['slices'] = ({ link, range }, onValue) => {
    const { clock } = this.#ports;
    const feed = new SliceFeed(range, this.#slices);
    const reader = (): void => {
      const log = this.#links.get(link)?.figures.slices;
      if (log !== undefined) onValue(feed.frame(log, clock.now(), clock.wall()));
    };
    this.#sliceReaders.add(reader);
    reader();
    return () => void this.#sliceReaders.delete(reader);
  };

  #measureMemory(): void {
    let inflatedBytes = 0;
    for (const link of this.#links.values()) inflatedBytes += link.inflatedBytes;
    this.#memory.note({ ...this.#ports.memory(), inflatedBytes });
  }

  #woke(kind: WakeReason): void {
    this.#inquiry.woke(kind);
    for (const link of this.#links.values()) link.wake();
    this.#pools.flush();
  }

  #create(name: string, config: EngineConfig['links'][number]): Link {
    const link: Link = new Link(config, this.#ports, this.#commons, {
      happened: (happening, generation) => this.#record(name, happening, generation),
      lost: (clues) => this.#inquiry.lost(name, clues),
      gone: () => {
        this.#leaving.delete(link);
        if (this.#leaving.size === 0) this.#onAllGone?.();
      },
    });
    return link;
  }

  #remove(name: string, link: Link, by: 'settings' | 'shutdown'): void {
    this.#links.delete(name);
    this.#inquiry.forget(name);
    this.#gates.forget(name);
    this.#incidents.forget(name, by, this.#ports.clock.now());
    this.#leaving.add(link);
    link.remove(by);
  }

  #record(link: string, happening: LinkHappening, generation: number): void {
    const { clock } = this.#ports;
    const event: LinkEvent = {
      seq: ++this.#eventSeq,
      at: clock.now(),
      wall: clock.wall(),
      link,
      generation,
      happening: this.#mask.clean(happening),
    };
    this.#events.push(event);
    this.#restarts.note(event);
    if (this.#events.length > 2 * KEPT_EVENTS) this.#events = this.#events.slice(-KEPT_EVENTS);
    for (const reader of this.#eventReaders) reader([event]);
    const known = this.#links.get(link);
    if (known === undefined) return;
    this.#incidents.note(event);
    this.#gates.look(link, known.figures.fit, known.isPaused);
  }

  #armPublish(): void {
    this.#timers.arm('publish', PUBLISH_MS, () => {
      this.#gates.tick(this.#links.values());
      this.#publish();
      this.#control.tick();
      this.#pools.publish();
      this.#armPublish();
    });
  }

  #publish(): void {
    if (this.#feeds.size === 0) return;
    const now = this.#ports.clock.now();
    const due = [...this.#feeds].filter(([, { everyMs, toldAt }]) => elapsedMs(toldAt, now) >= everyMs);
    if (due.length === 0) return;
    const views = this.#currentViews();
    for (const [reader, paced] of due) {
      paced.toldAt = now;
      reader(this.#frameFor(paced.feed, views));
    }
  }

  /** A link of which nothing but time has changed is looked at anew only now and then: its view stays the same object. */
  #currentViews(): readonly LinkView[] {
    const now = this.#ports.clock.now();
    return [...this.#links.values()].map((link) => {
      const known = this.#views.get(link);
      const verdicts = this.#inquiry.of(link.name, known === undefined || isOpen(known.view.state));
      const gate = this.#gates.of(link.name);
      const same =
        known?.revision === link.figures.revision && known.view.verdicts === verdicts && known.view.gate === gate;
      if (known !== undefined && same && elapsedMs(known.at, now) < IDLE_VIEW_MS) return known.view;
      const bare = link.figures.view();
      const skew = link.clockUrl === null ? null : this.#skew.of(link.clockUrl);
      const view = this.#mask.clean({ ...bare, skew, gate, verdicts: this.#inquiry.of(link.name, isOpen(bare.state)) });
      this.#views.set(link, { view, revision: link.figures.revision, at: now });
      return view;
    });
  }

  #frameFor(feed: SnapshotFeed, views = this.#currentViews()): SnapshotFrame {
    const { clock } = this.#ports;
    return feed.next(clock.now(), clock.wall(), { ...this.#meter.view(), ...this.#memory.last }, views);
  }

  #tickLinks(wall: WallMs): void {
    const points = new Map<string, SeriesPoint>();
    for (const link of this.#links.values()) points.set(link.name, link.tick());
    this.#series.add(wall, points);
    if (this.#seriesReaders.size === 0) return;
    const frame: SeriesFrame = { kind: 'points', wall, links: Object.fromEntries(points) };
    for (const reader of this.#seriesReaders) reader(frame);
  }

  #armSecond(): void {
    this.#timers.arm('second', SECOND_MS, () => {
      const { clock } = this.#ports;
      this.#slices.clock.note(clock.now(), clock.wall());
      this.#meter.noteLateness();
      const woke = this.#wakeWatch.look(clock.now(), clock.wall());
      if (woke !== null) this.#woke(woke);
      this.#measureMemory();
      this.#inquiry.tick();
      this.#tickLinks(clock.wall());
      for (const reader of this.#histogramReaders) reader();
      for (const reader of this.#sliceReaders) reader();
      this.#armSecond();
    });
  }
}

/** One reader of snapshots, and how often it wants them. */
interface PacedFeed {
  readonly feed: SnapshotFeed;
  readonly everyMs: number;
  toldAt: MonoMs;
}

function unknownLink(name: string): Outcome<never> {
  return failed(
    'unknown-link',
    `there is no link named ${name}`,
    name,
    'reload the page: the settings may have changed',
  );
}
