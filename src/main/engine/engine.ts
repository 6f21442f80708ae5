import { textsOf } from '../../shared/clearKey.ts';
import type { EngineClient } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { LinkHappening } from '../../shared/events.ts';
import { failed, type Outcome, ok, unknownName } from '../../shared/outcome.ts';
import { RestartHabits } from '../../shared/restartHabit.ts';
import { ControlReaders } from './controlReaders.ts';
import { DialGate } from './dialGate.ts';
import { EventLog } from './eventLog.ts';
import { FigureReaders } from './figureReaders.ts';
import { Gates } from './gates.ts';
import { Incidents } from './incidents.ts';
import { Inquiry } from './inquiry.ts';
import type { Commons } from './link/commons.ts';
import { SecretMask } from './link/credentials.ts';
import type { Link } from './link/link.ts';
import { Revisions } from './link/revision.ts';
import { LinkViews } from './linkViews.ts';
import { MemoryGauge } from './memoryGauge.ts';
import { Pools } from './pool/pools.ts';
import type { Ports } from './ports.ts';
import { Roster } from './roster.ts';
import { SeriesLog } from './seriesLog.ts';
import { SharedBudgets } from './sharedBudgets.ts';
import { SkewMeter } from './skew.ts';
import { SliceMachine } from './sliceFeed.ts';
import { Slots } from './slots.ts';
import { SnapshotReaders } from './snapshotReaders.ts';
import { StallMeter } from './stall.ts';
import { Timers } from './timers.ts';
import { Trials } from './trials.ts';
import { type WakeReason, WakeWatch } from './wakeWatch.ts';
import { Witnesses } from './witnesses.ts';

const PUBLISH_MS = 250;
const SECOND_MS = 1000;

/**
 * All links and pools, what may be asked of them, and what is told about them.
 *
 * 1. Snapshots go out at a fixed rate to each reader; their size does not depend on how many messages arrive.
 * 2. After `shutdown` has answered, nothing is armed and nothing is open.
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
  readonly #links: Roster;
  readonly #snapshots: SnapshotReaders;
  readonly #figures: FigureReaders;
  readonly #slices: SliceMachine;
  readonly #events: EventLog;
  readonly #series = new SeriesLog();
  readonly #control = new ControlReaders((name) => this.#links.get(name)?.control ?? null);
  readonly #incidents = new Incidents();
  readonly #restarts = new RestartHabits();
  readonly #memory = new MemoryGauge();
  #shutdownGraceMs = 3000;

  constructor(ports: Ports) {
    this.#events = new EventLog(ports.clock);
    this.#mask = new SecretMask(ports.secret);
    this.#ports = { ...ports, secret: this.#mask.read };
    this.#slices = new SliceMachine(ports.clock.now(), ports.clock.wall());
    this.#meter = new StallMeter(ports.clock, this.#slices.lateness);
    const clean = (text: string): string => this.#mask.clean(text);
    const revisions = new Revisions();
    const witnesses = new Witnesses(ports.clock, revisions, () => this.#links.lineup);
    const changed = (name: string): void => this.#links.get(name)?.revision.changed();
    this.#commons = {
      stall: this.#meter,
      gate: new DialGate(ports.clock),
      slots: new Slots(),
      budgets: new SharedBudgets(ports.clock),
      revisions,
      clean,
    };
    this.#inquiry = new Inquiry({
      clock: ports.clock,
      stalledMs: (withinMs) => this.#meter.stalledMs(withinMs),
      memoryPressure: () => this.#memory.pressure,
      witnesses: () => witnesses.all(),
      isHabit: (name, at) => this.#restarts.has(name, at),
      changed,
      tell: (name, verdict) => this.#record(name, { kind: 'verdict', verdict }, this.#links.generationOf(name)),
    });
    this.#gates = new Gates({
      clock: ports.clock,
      revisions,
      stalledMs: (withinMs) => this.#meter.stalledMs(withinMs),
      changed,
      turned: (name, gate) => this.#record(name, { kind: 'gate', gate }, this.#links.generationOf(name)),
    });
    this.#skew = new SkewMeter(ports);
    const own = { ports: this.#ports, commons: this.#commons };
    this.#links = new Roster({
      ...own,
      happened: (name, happening, generation) => this.#record(name, happening, generation),
      lost: (name, clues) => this.#inquiry.lost(name, clues),
      disabled: (name) => this.#inquiry.forget(name),
      removed: (name, by) => this.#forget(name, by),
    });
    const facts = { revisions, inquiry: this.#inquiry, gates: this.#gates, skew: this.#skew };
    const views = new LinkViews({ ...facts, clean: (view) => this.#mask.clean(view) });
    this.#snapshots = new SnapshotReaders({
      clock: ports.clock,
      machine: () => ({ ...this.#meter.view(), ...this.#memory.last }),
      links: this.#links,
      views,
    });
    this.#figures = new FigureReaders(ports.clock, this.#slices, (name) => this.#links.get(name)?.figures);
    this.#pools = new Pools(ports);
    this.#trials = new Trials({
      ...own,
      explain: (config, clues) => this.#inquiry.explain(config, clues),
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
    this.#mask.hide(config.links.flatMap(textsOf));
    this.#links.configure(config.links);
    this.#skew.measure(config.links.flatMap(({ enabled, preset }) => (enabled && preset.clock ? [preset.clock] : [])));
    this.#pools.configure(config.pools);
    this.#snapshots.publishNow();
    return ok(null);
  };

  readonly reconnectLink: EngineClient['reconnectLink'] = async ({ link: name, manner }) =>
    this.#onLink(name, (link) => {
      if (link.isPaused) return failed('paused', `${name} is paused`, name, 'press Resume to dial it');
      if (link.isHeld)
        return failed('breaker-held', `you hold the breaker of ${name} open`, name, 'press Close breaker');
      link.reconnect(manner);
      this.#snapshots.publishNow();
      return ok(null);
    });

  /** Row L8: opened by hand it stays open until it is closed by hand. */
  readonly setBreaker: EngineClient['setBreaker'] = async ({ link: name, open }) =>
    this.#onLink(name, (link) => {
      link.setBreaker(open);
      this.#snapshots.publishNow();
      return ok(null);
    });

  /** Row L12: a planned change of sockets, now instead of at its time. */
  readonly rotateLink: EngineClient['rotateLink'] = async ({ link: name }) =>
    this.#onLink(name, (link) => {
      const refusal = link.rotate();
      if (refusal !== null) return failed('not-rotated', `${name}: ${refusal}`, name, 'try again when it is up');
      return ok(null);
    });

  readonly acknowledgeFailure: EngineClient['acknowledgeFailure'] = async ({ link: name }) =>
    this.#onLink(name, (link) => {
      link.acknowledge();
      return ok(null);
    });

  readonly warmPool: EngineClient['warmPool'] = async ({ pool }) => this.#pools.warm(pool);

  readonly destroyPool: EngineClient['destroyPool'] = async ({ pool, protocol }) => this.#pools.destroy(pool, protocol);

  readonly pools: EngineClient['pools'] = (_input, onValue) => this.#pools.follow(onValue);

  readonly trial: EngineClient['trial'] = (config, onValue) => {
    this.#mask.hide(textsOf(config));
    return this.#trials.start(config, (view) => onValue(this.#mask.clean(view)));
  };

  /** Row L16: the host was told by the system that the machine woke up, or that its network changed. */
  readonly wake = async ({ kind }: { kind: WakeReason }): Promise<Outcome<null>> => {
    this.#woke(kind);
    return ok(null);
  };

  readonly shutdown = (_input: null): Promise<Outcome<null>> =>
    new Promise((resolve) => {
      const finish = (): void => {
        this.#links.destroy();
        this.#timers.stop();
        this.#snapshots.stop();
        this.#events.stop();
        this.#meter.stop();
        this.#commons.gate.stop();
        this.#inquiry.stop();
        this.#skew.stop();
        this.#trials.stop();
        this.#pools.stop();
        resolve(ok(null));
      };
      const lookGone = (): void => {
        if (this.#links.isGone && this.#pools.isGone && this.#trials.areGone) finish();
      };
      this.#links.leave(lookGone);
      this.#timers.arm('grace', this.#shutdownGraceMs, finish);
      this.#trials.leave(lookGone);
      this.#pools.leave(lookGone);
    });

  readonly snapshots: EngineClient['snapshots'] = (input, onValue) => this.#snapshots.follow(input, onValue);

  readonly gates: EngineClient['gates'] = (_input, onValue) => this.#gates.follow(onValue);

  readonly scrape: EngineClient['scrape'] = async () =>
    ok({ links: Object.fromEntries(this.#links.all.map((link) => [link.name, link.figures.scrape()])) });

  readonly series: EngineClient['series'] = (_input, onValue) => this.#series.follow(onValue);

  readonly events: EngineClient['events'] = (_input, onValue) => this.#events.follow(onValue);

  readonly control: EngineClient['control'] = ({ link }, onValue) => this.#control.follow(link, onValue);

  readonly incidents: EngineClient['incidents'] = (_input, onValue) => this.#incidents.follow(onValue);

  readonly clocks: EngineClient['clocks'] = (input, onValue) => this.#figures.clocks(input, onValue);

  readonly histogram: EngineClient['histogram'] = (input, onValue) => this.#figures.histogram(input, onValue);

  readonly slices: EngineClient['slices'] = (input, onValue) => this.#figures.slices(input, onValue);

  #onLink(name: string, act: (link: Link) => Outcome<null>): Outcome<null> {
    const link = this.#links.get(name);
    return link === undefined ? unknownName('link', name) : act(link);
  }

  #woke(kind: WakeReason): void {
    this.#inquiry.woke(kind);
    for (const link of this.#links.all) kind === 'sleep' ? link.wake() : link.networkChanged();
    this.#pools.flush();
  }

  #forget(name: string, by: 'settings' | 'shutdown'): void {
    this.#inquiry.forget(name);
    this.#gates.forget(name);
    this.#incidents.forget(name, by, this.#ports.clock.now());
  }

  #record(link: string, happening: LinkHappening, generation: number): void {
    const { clock } = this.#ports;
    const event = this.#events.add({
      at: clock.now(),
      wall: clock.wall(),
      link,
      generation,
      happening: this.#mask.clean(happening),
    });
    this.#restarts.note(event);
    const known = this.#links.get(link);
    if (known === undefined) return;
    this.#incidents.note(event);
    this.#gates.look(link, known.figures.fit, known.isPaused);
  }

  #armPublish(): void {
    this.#timers.arm('publish', PUBLISH_MS, () => {
      this.#gates.tick(this.#links.lineup);
      this.#snapshots.gather(() => {
        this.#figures.publish();
        this.#control.tick();
        this.#pools.publish();
        this.#armPublish();
      });
    });
  }

  #armSecond(): void {
    this.#timers.arm('second', SECOND_MS, () => {
      const { clock } = this.#ports;
      this.#slices.clock.note(clock.now(), clock.wall());
      this.#meter.noteLateness();
      const woke = this.#wakeWatch.look(clock.now(), clock.wall());
      if (woke !== null) this.#woke(woke);
      this.#memory.note({ ...this.#ports.memory(), inflatedBytes: this.#links.inflatedBytes });
      this.#skew.look();
      this.#inquiry.tick();
      this.#links.tick((points) => {
        this.#series.add(clock.wall(), points);
        this.#figures.tick();
        this.#armSecond();
      });
    });
  }
}
