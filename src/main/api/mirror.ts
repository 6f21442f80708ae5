import type { EngineClient } from '../../shared/contract.ts';
import type { GateView } from '../../shared/gate.ts';
import { isHeldOpen } from '../../shared/linkState.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { PoolView } from '../../shared/pool.ts';
import { RecentHistogram } from '../../shared/recentHistogram.ts';
import type { Unsubscribe } from '../../shared/rpc.ts';
import { applyDelta, type Snapshot } from '../../shared/snapshot.ts';
import { after, elapsedMs, type MonoMs, monoMs, type WallMs, wallMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';

/** The engine sends a snapshot four times a second: nothing for so long means that it is held up, or its host is. */
const SILENT_AFTER_MS = 1_000;
const WATCH_EVERY_MS = 250;
/** Below it the wall clock and ours only run a little differently. */
const WALL_SET_MS = 100;

/** Whether what the mirror shows is what the engine thinks now. */
export type Standing = 'starting' | 'heard' | 'silent' | 'restarting';

/** What changed: the names of some gates (gone ones among them), or everything (first value, standing, restart). */
export type GateNews = readonly string[] | 'all';

/**
 * What the engine last said, kept on the host's side: a request costs the engine nothing, and an engine that says nothing
 * any more is found out here.
 */
export class EngineMirror {
  readonly #clock: Clock;
  readonly #listeners = new Set<(news: GateNews) => void>();
  readonly #frameListeners = new Set<() => void>();
  #snapshot: Snapshot | null = null;
  #gates = new Map<string, GateView>();
  #pools: readonly PoolView[] = [];
  #heardAt: MonoMs | null = null;
  /** Wall time less the engine's clock, ms. */
  #wallOffset: number | null = null;
  #phase: 'starting' | 'running' | 'restarting' = 'starting';
  #isKnown = false;
  #told: Standing = 'starting';
  readonly #queueLag: RecentHistogram;
  #watch: Cancel;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#queueLag = new RecentHistogram(clock.now());
    this.#watch = this.#armWatch();
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  get gates(): ReadonlyMap<string, GateView> {
    return this.#gates;
  }

  get pools(): readonly PoolView[] {
    return this.#pools;
  }

  /** Whether an engine has told of all links, gates and pools at least once: before that there is no list of them. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Judged at the moment of asking, not at the last tick of a timer. */
  get standing(): Standing {
    if (this.#phase !== 'running') return this.#phase;
    const heardAt = this.#heardAt;
    return heardAt !== null && elapsedMs(heardAt, this.#clock.now()) <= SILENT_AFTER_MS ? 'heard' : 'silent';
  }

  /** How long a snapshot waited between the engine and this thread, over the last minute, ms (row H8); whole ms. */
  get queueLag(): { readonly p99Ms: number; readonly maxMs: number } {
    const figures = this.#queueLag.percentiles();
    return { p99Ms: figures?.p99Ms ?? 0, maxMs: figures?.maxMs ?? 0 };
  }

  /** How each link does, by name; `null` while the engine says nothing. */
  standings(): ReadonlyMap<string, LinkView> | null {
    if (this.#snapshot === null || this.standing !== 'heard') return null;
    return new Map(Object.entries(this.#snapshot.links));
  }

  /** The links whose breaker a person held open when the engine was last heard, paused or not. */
  heldOpen(): readonly string[] {
    return Object.entries(this.#snapshot?.links ?? {})
      .filter(([, { state }]) => isHeldOpen(state))
      .map(([name]) => name);
  }

  /** The engine's clock now, as far as its last snapshot tells. */
  engineNow(): MonoMs {
    if (this.#snapshot === null || this.#heardAt === null) return monoMs(0);
    return after(this.#snapshot.at, elapsedMs(this.#heardAt, this.#clock.now()));
  }

  /** A moment of the engine's clock as wall time. The same moment has the same time until the wall clock is set. */
  wallOf(at: MonoMs): WallMs {
    return this.#wallOffset === null ? this.#clock.wall() : wallMs(Math.round(at + this.#wallOffset));
  }

  /** Follows this engine until the returned function is called: the first engine, or the one after a restart. */
  follow(engine: Pick<EngineClient, 'snapshots' | 'gates' | 'pools'>): Unsubscribe {
    const awaited = new Set(['snapshots', 'gates', 'pools']);
    const came = (stream: string): boolean => {
      const isFirst = awaited.delete(stream);
      if (isFirst && awaited.size === 0) {
        this.#phase = 'running';
        this.#isKnown = true;
      }
      return isFirst;
    };
    const stops = [
      engine.snapshots(null, (frame) => {
        came('snapshots');
        if (frame.kind === 'whole') this.#snapshot = frame.snapshot;
        else if (this.#snapshot !== null) this.#snapshot = applyDelta(this.#snapshot, frame.delta);
        this.#heardAt = this.#clock.now();
        this.#noteLag(this.#heardAt);
        this.#setWall();
        this.#lookAtStanding();
        for (const listener of this.#frameListeners) listener();
      }),
      engine.gates(null, (changes) => {
        const first = came('gates');
        if (first) this.#gates = new Map();
        for (const [name, gate] of Object.entries(changes)) {
          if (gate === null) this.#gates.delete(name);
          else this.#gates.set(name, gate);
        }
        this.#tell(first ? 'all' : Object.keys(changes));
      }),
      engine.pools(null, ({ pools }) => {
        this.#pools = pools;
        if (came('pools')) this.#lookAtStanding();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** The engine's thread has died: whatever it said last holds no more. */
  lost(): void {
    this.#phase = 'restarting';
    this.#lookAtStanding();
  }

  /** Called at every change of a gate, and whenever the standing changes. */
  onGates(listener: (news: GateNews) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Called after every snapshot, four times a second. */
  onFrame(listener: () => void): Unsubscribe {
    this.#frameListeners.add(listener);
    return () => void this.#frameListeners.delete(listener);
  }

  stop(): void {
    this.#watch();
    this.#listeners.clear();
    this.#frameListeners.clear();
  }

  #noteLag(now: MonoMs): void {
    if (this.#snapshot !== null) this.#queueLag.add(Math.max(0, this.#clock.wall() - this.#snapshot.wall), now);
  }

  #setWall(): void {
    if (this.#snapshot === null) return;
    const offset = this.#snapshot.wall - this.#snapshot.at;
    if (this.#wallOffset === null || Math.abs(offset - this.#wallOffset) > WALL_SET_MS) this.#wallOffset = offset;
  }

  #tell(news: GateNews): void {
    if (news === 'all') this.#told = this.standing;
    for (const listener of this.#listeners) listener(news);
  }

  #lookAtStanding(): void {
    if (this.standing !== this.#told) this.#tell('all');
  }

  #armWatch(): Cancel {
    return this.#clock.at(after(this.#clock.now(), WATCH_EVERY_MS), () => {
      this.#lookAtStanding();
      this.#watch = this.#armWatch();
    });
  }
}
