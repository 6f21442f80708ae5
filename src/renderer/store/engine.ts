import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppClient, AppView } from '../../shared/contract.ts';
import type { LinkEvent } from '../../shared/events.ts';
import { type Incident, nextIncidents } from '../../shared/incident.ts';
import { nextEvents } from '../../shared/keptEvents.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { Problem } from '../../shared/outcome.ts';
import type { PoolView } from '../../shared/pool.ts';
import type { SettingsView } from '../../shared/settingsView.ts';
import { applyDelta, type MachineView, type Snapshot, type SnapshotFrame } from '../../shared/snapshot.ts';
import type { Loss } from '../wire.ts';
import { type NoticesState, nextNotices } from './notices.ts';
import { nextPools, type Pools } from './pools.ts';
import { SeriesStore } from './series.ts';
import { tickWithFrame } from './ticker.ts';

/** How the page stands to the engine. Only `live` means that what is shown is of now. */
export type Connection =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly sinceWall: number; readonly retryAt: number }
  | { readonly kind: 'refused' };

/** A problem that a command answered: it stays until it is dismissed. */
export interface HeldProblem {
  readonly id: number;
  readonly problem: Problem;
}

export interface EngineState {
  readonly connection: Connection;
  /** Of the wire in use; its identity changes with every reconnect, so that streams are opened anew. */
  readonly client: AppClient;
  readonly snapshot: Snapshot | null;
  readonly pools: Pools | null;
  /** The page's monotonic clock when the engine was last heard. */
  readonly heardAt: number;
  readonly app: AppView | null;
  readonly settings: SettingsView | null;
  /** Oldest first, as many as are kept. */
  readonly events: readonly LinkEvent[];
  /** In the order in which they opened; `null` before the engine has told any. */
  readonly incidents: readonly Incident[] | null;
  readonly problems: readonly HeldProblem[];
  readonly notices: NoticesState | null;
}

/** Opens a wire and answers its client; `onLost` is called once when the wire ends. */
export type Opener = (onLost: (loss: Loss) => void) => AppClient;

export interface Engine {
  readonly store: StoreApi<EngineState>;
  readonly series: SeriesStore;
  notify(problem: Problem): void;
  dismiss(id: number): void;
  /** The notice pops up no more; it stays as it is among the notices. */
  popDown(id: number): void;
  /** Dials again at once instead of waiting for the backoff. */
  retryNow(): void;
}

const PROBLEMS_KEPT = 4;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;

/** Whether anybody can see the page, and being told when that changes. */
export interface Sight {
  hidden(): boolean;
  onChange(listener: () => void): void;
}

const ALWAYS_SEEN: Sight = { hidden: () => false, onChange: () => undefined };

/** The one writer: subscribes once per wire, keeps the last numbers when the wire is lost, and dials again. */
export function createEngine(open: Opener, sight: Sight = ALWAYS_SEEN): Engine {
  const series = new SeriesStore();
  let attempts = 0;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let nextProblem = 1;
  let store: StoreApi<EngineState> | null = null;

  const first = dial();
  const made = createStore<EngineState>(() => ({
    connection: { kind: 'opening' },
    client: first,
    snapshot: null,
    pools: null,
    heardAt: performance.now(),
    app: null,
    settings: null,
    events: [],
    incidents: null,
    problems: [],
    notices: null,
  }));
  store = made;
  let stopFrames = followFrames(first);
  subscribe(first);
  sight.onChange(() => {
    stopFrames();
    stopFrames = followFrames(made.getState().client);
  });

  return {
    store: made,
    series,
    notify,
    dismiss: (id) => made.setState({ problems: made.getState().problems.filter((held) => held.id !== id) }),
    popDown: (id) => {
      const { notices } = made.getState();
      if (notices === null) return;
      made.setState({ notices: { ...notices, popped: notices.popped.filter((one) => one !== id) } });
    },
    retryNow: () => {
      if (retry === null) return;
      clearTimeout(retry);
      redial();
    },
  };

  function notify(problem: Problem): void {
    const others = made.getState().problems.filter((held) => !sameProblem(held.problem, problem));
    made.setState({ problems: [...others, { id: nextProblem++, problem }].slice(-PROBLEMS_KEPT) });
  }

  function dial(): AppClient {
    let ended = false;
    return open((loss) => {
      if (ended) return;
      ended = true;
      onLost(loss);
    });
  }

  function redial(): void {
    retry = null;
    const client = dial();
    made.setState({ client });
    stopFrames = followFrames(client);
    subscribe(client);
  }

  function onLost(loss: Loss): void {
    if (loss === 'refused') return made.setState({ connection: { kind: 'refused' } });
    const { connection } = made.getState();
    const sinceWall = connection.kind === 'lost' ? connection.sinceWall : Date.now();
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempts);
    attempts += 1;
    made.setState({ connection: { kind: 'lost', sinceWall, retryAt: performance.now() + delayMs } });
    retry = setTimeout(redial, delayMs);
  }

  function isCurrent(client: AppClient): boolean {
    return store?.getState().client === client;
  }

  /** What comes many times a minute. A hidden page draws no sparkline: it has their last minutes again when it is seen. */
  function followFrames(client: AppClient): () => void {
    const stopSnapshots = followSnapshots(client);
    if (sight.hidden()) return stopSnapshots;
    const stopSeries = client.series(null, (frame) => isCurrent(client) && series.accept(frame));
    return () => {
      stopSnapshots();
      stopSeries();
    };
  }

  function followSnapshots(client: AppClient): () => void {
    return client.snapshots({ pace: sight.hidden() ? 'hidden' : 'seen' }, (frame) => {
      if (!isCurrent(client)) return;
      const snapshot = nextSnapshot(made.getState().snapshot, frame);
      if (snapshot === null) return;
      attempts = 0;
      const { connection } = made.getState();
      made.setState({
        snapshot,
        heardAt: performance.now(),
        connection: connection.kind === 'live' ? connection : { kind: 'live' },
      });
      tickWithFrame();
    });
  }

  function subscribe(client: AppClient): void {
    const current = (): boolean => isCurrent(client);
    // A hidden page, too: a drill of a pool goes on there.
    client.pools(null, (frame) => {
      if (!current()) return;
      const held = made.getState().pools;
      const pools = nextPools(held, frame);
      if (pools !== held) made.setState({ pools });
    });
    client.app(null, (app) => current() && made.setState({ app }));
    client.settings(null, (settings) => current() && made.setState({ settings }));
    client.incidents(null, (update) => {
      if (current()) made.setState({ incidents: nextIncidents(made.getState().incidents ?? [], update) });
    });
    client.notices(null, (frame) => {
      if (current()) made.setState({ notices: nextNotices(made.getState().notices, frame) });
    });
    client.events(null, (news) => {
      if (current()) made.setState({ events: nextEvents(made.getState().events, news) });
    });
  }
}

/** A delta before the first whole snapshot says nothing; link names may be any text, `__proto__` too. */
export function nextSnapshot(held: Snapshot | null, frame: SnapshotFrame): Snapshot | null {
  if (frame.kind === 'delta') return held === null ? null : applyDelta(held, frame.delta);
  const links: Record<string, LinkView> = Object.create(null);
  for (const name of frame.snapshot.order) {
    const link = Object.hasOwn(frame.snapshot.links, name) ? frame.snapshot.links[name] : undefined;
    if (link !== undefined) links[name] = link;
  }
  return { ...frame.snapshot, links };
}

const sameProblem = (a: Problem, b: Problem): boolean =>
  a.kind === b.kind && a.where === b.where && a.message === b.message;

const NO_NAMES: readonly string[] = [];
const NO_MACHINE: MachineView | null = null;

export const selectNames = (state: EngineState): readonly string[] => state.snapshot?.order ?? NO_NAMES;
export const selectLinks = (state: EngineState): Readonly<Record<string, LinkView>> | null =>
  state.snapshot?.links ?? null;
export const selectPoolNames = (state: EngineState): readonly string[] | null => state.pools?.order ?? null;
export const selectPools = (state: EngineState): Readonly<Record<string, PoolView>> | null =>
  state.pools?.byName ?? null;
export const selectMachine = (state: EngineState): MachineView | null => state.snapshot?.machine ?? NO_MACHINE;
export const selectConnection = (state: EngineState): Connection => state.connection;
export const selectClient = (state: EngineState): AppClient => state.client;
export const selectApp = (state: EngineState): AppView | null => state.app;
export const selectSettings = (state: EngineState): SettingsView | null => state.settings;
export const selectEvents = (state: EngineState): readonly LinkEvent[] => state.events;
export const selectIncidents = (state: EngineState): readonly Incident[] | null => state.incidents;
export const selectProblems = (state: EngineState): readonly HeldProblem[] => state.problems;
export const selectNotices = (state: EngineState): NoticesState | null => state.notices;
export const selectLoaded = (state: EngineState): boolean => state.snapshot !== null;
