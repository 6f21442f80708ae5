import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppView } from '../../shared/contract.ts';
import type { DemoExchange, DemoFault, DemoInjection } from '../../shared/demoFault.ts';
import type { LinkEvent } from '../../shared/events.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { PoolView } from '../../shared/pool.ts';
import { everyPoolRow } from '../../shared/poolPromise.ts';
import { promisesOf } from '../../shared/promise.ts';
import { everywhere, nothing } from '../../shared/promised.ts';
import { termsOf } from '../../shared/promiseTerms.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { after } from '../../shared/units.ts';
import { closedAs, closedIfOver, type Drill, drillId, fed, fedPools, newDrill, withStalls } from './drill.ts';
import { withBesides } from './drillBeside.ts';
import type { Engine, EngineState } from './engine.ts';
import { askNow } from './offline.ts';
import { promisesOfPool } from './poolDrill.ts';
import type { Pools } from './pools.ts';

type Seen = Pick<EngineState, 'app' | 'events' | 'snapshot' | 'pools'>;

export interface DrillNotes {
  /** Oldest first, the last 20. */
  readonly drills: readonly Drill[];
}

const DRILLS_KEPT = 20;
/** Snapshots come four times a second: the one from before a fault is among them when the fault is told. */
const SNAPSHOTS_KEPT = 8;

/**
 * The drills of this session. It follows what the demo says of its faults, so a fault is a drill whichever window or
 * button it came from, and is timed by the exchange and the engine, never by the page.
 */
export class DrillBook {
  readonly store: StoreApi<DrillNotes> = createStore<DrillNotes>(() => ({ drills: [] }));
  readonly #engine: Engine;
  readonly #snapshots: Snapshot[] = [];
  readonly #pools: Pools[] = [];
  #seen: Seen = { app: null, events: [], snapshot: null, pools: null };

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.store.subscribe((state) => this.#look(state));
    this.#look(engine.store.getState());
  }

  /** `null` ends the fault in force. True if it was done; else the user has been told why not. */
  async inject(exchange: string, fault: DemoFault | null): Promise<boolean> {
    const outcome = await askNow(this.#engine, (client) => client.demoFault({ exchange, fault }));
    if (!outcome.ok) this.#engine.notify(outcome.problem);
    return outcome.ok;
  }

  #look(state: EngineState): void {
    const seen = this.#seen;
    const { app, events, snapshot, pools } = state;
    this.#seen = { app, events, snapshot, pools };
    if (snapshot !== null && snapshot !== seen.snapshot) {
      this.#snapshots.push(snapshot);
      if (this.#snapshots.length > SNAPSHOTS_KEPT) this.#snapshots.shift();
    }
    if (pools !== null && pools !== seen.pools) {
      this.#pools.push(pools);
      if (this.#pools.length > SNAPSHOTS_KEPT) this.#pools.shift();
      this.#changeOpen((drill) => fedPools(drill, pools));
    }
    if (events !== seen.events) this.#feed(seen.events, events);
    if (app !== null && (app !== seen.app || seen.snapshot === null)) this.#lookAtDemo(app);
    if (snapshot === null || snapshot === seen.snapshot) return;
    this.#changeOpen((drill) => closedIfOver(withStalls(drill, snapshot.machine.stalls), snapshot.at));
  }

  #lookAtDemo(app: AppView): void {
    for (const exchange of app.demo) {
      const { injection } = exchange;
      if (injection === null) continue;
      const id = drillId(exchange.name, injection);
      if (this.#drills.some((drill) => drill.id === id)) this.#change(id, (drill) => ({ ...drill, injection }));
      else this.#begin(exchange, injection, app.gateReopenMs);
    }
  }

  #begin(exchange: DemoExchange, injection: DemoInjection, gateReopenMs: number): void {
    const before = this.#snapshots.findLast(({ wall }) => wall <= injection.at) ?? this.#snapshots[0];
    const latest = this.#snapshots.at(-1);
    if (before === undefined || latest === undefined) return;
    // One that was over before this page looked cannot be told any more.
    if (injection.endedAt !== null && before.wall > injection.at) return;
    this.#changeOpen((drill) =>
      drill.exchange.name === exchange.name ? closedAs(drill, latest.at, 'cut short') : drill,
    );
    const startAt = after(before.at, injection.at - before.wall);
    const pools = this.#pools.findLast(({ at }) => at <= startAt) ?? this.#pools[0] ?? null;
    const drill = newDrill(exchange, injection, startAt, { snapshot: before, pools });
    const news = this.#pools.filter(({ at }) => at > startAt);
    this.#write([...this.#drills, news.reduce(fedPools, fed(drill, this.#seen.events))].slice(-DRILLS_KEPT));
    for (const { before: view } of drill.links) void this.#promise(drill, view, gateReopenMs);
    for (const { before: view } of drill.pools) void this.#promiseOfPool(drill, view);
  }

  async #promise(drill: Drill, view: LinkView, gateReopenMs: number): Promise<void> {
    const answer = await this.#engine.store.getState().client.linkSettings({ link: view.name });
    const terms = answer.ok ? termsOf(answer.value) : null;
    const { name: exchange, wire } = drill.exchange;
    const promises =
      terms === null
        ? everywhere(nothing('its settings could not be read'))
        : promisesOf(drill.injection.fault, { link: view, terms, exchange, wire, gateReopenMs });
    this.#change(drill.id, (held) => ({
      ...held,
      links: held.links.map((link) => (link.before === view ? { ...link, promises } : link)),
    }));
  }

  async #promiseOfPool({ id, exchange, injection, startAt }: Drill, view: PoolView): Promise<void> {
    const answer = await this.#engine.store.getState().client.poolSettings({ pool: view.name });
    const settings = answer.ok ? answer.value : [];
    const promises =
      promisesOfPool(exchange.name, injection.fault, view, startAt, settings) ??
      everyPoolRow(nothing('its settings could not be asked for'));
    this.#change(id, (held) => ({
      ...held,
      pools: held.pools.map((pool) => (pool.before === view ? { ...pool, promises } : pool)),
    }));
  }

  #feed(seen: readonly LinkEvent[], events: readonly LinkEvent[]): void {
    const [last, newest] = [seen.at(-1), events.at(-1)];
    if (last !== undefined && newest !== undefined && newest.seq < last.seq) {
      return this.#changeOpen((drill) => closedAs(drill, drill.startAt, 'engine restarted'));
    }
    const news = last === undefined ? events : events.filter(({ seq }) => seq > last.seq);
    if (news.length > 0) this.#changeOpen((drill) => fed(drill, news));
  }

  get #drills(): readonly Drill[] {
    return this.store.getState().drills;
  }

  #changeOpen(change: (drill: Drill) => Drill): void {
    this.#write(this.#drills.map((drill) => (drill.closed === null ? change(drill) : drill)));
  }

  #change(id: string, change: (drill: Drill) => Drill): void {
    this.#write(this.#drills.map((drill) => (drill.id === id ? change(drill) : drill)));
  }

  #write(changed: readonly Drill[]): void {
    const before = this.#drills;
    const drills = withBesides(changed);
    const same = drills.length === before.length && drills.every((drill, index) => drill === before[index]);
    if (!same) this.store.setState({ drills });
  }
}
