import type { ApiSource } from '../../src/main/api/apiSource.ts';
import { EngineMirror } from '../../src/main/api/mirror.ts';
import type { Clock } from '../../src/main/engine/ports.ts';
import type { EngineClient } from '../../src/shared/contract.ts';
import type { GateView } from '../../src/shared/gate.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { failed, ok } from '../../src/shared/outcome.ts';
import type { PoolsFrame, PoolView } from '../../src/shared/pool.ts';
import type { ScrapeFrame } from '../../src/shared/rttView.ts';
import type { SnapshotFrame } from '../../src/shared/snapshot.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import { FakeLink, type FakeSpec } from '../renderer/fakeLinks.ts';

type Followed = Pick<EngineClient, 'snapshots' | 'gates' | 'pools'>;
type Changes = Readonly<Record<string, GateView | null>>;

/** What the engine says, said by the test. */
export class FakeEngine implements Followed {
  readonly asked: unknown[] = [];
  scraped: ScrapeFrame = { links: {} };
  /** It is held up: it answers nothing any more. */
  isStuck = false;
  /** How long what it says waits before it is heard, ms. */
  queuedMs = 0;
  readonly #clock: Clock;
  readonly #gates = new Map<string, GateView>();
  #links: readonly LinkView[] = [];
  #pools: readonly PoolView[] = [];
  #onGates: ((changes: Changes) => void) | null = null;
  #onFrame: ((frame: SnapshotFrame) => void) | null = null;
  #onPools: ((frame: PoolsFrame) => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly snapshots: Followed['snapshots'] = (_input, onValue) => {
    this.#onFrame = onValue;
    this.frame();
    return () => {
      this.#onFrame = null;
    };
  };

  readonly gates: Followed['gates'] = (_input, onValue) => {
    this.#onGates = onValue;
    onValue(Object.fromEntries(this.#gates));
    return () => {
      this.#onGates = null;
    };
  };

  readonly pools: Followed['pools'] = (_input, onValue) => {
    this.#onPools = onValue;
    this.setPools(this.#pools);
    return () => {
      this.#onPools = null;
    };
  };

  setPools(pools: readonly PoolView[]): void {
    this.#pools = pools;
    this.#onPools?.({ at: this.#clock.now(), pools });
  }

  setLinks(specs: readonly FakeSpec[]): void {
    this.#links = specs.map((spec) => new FakeLink(spec, () => 0.5, this.#clock.now()).view(this.#clock.now()));
    this.frame();
  }

  /** The engine is heard. */
  frame(): void {
    const links = Object.fromEntries(this.#links.map((link) => [link.name, link]));
    const snapshot = {
      at: this.#clock.now(),
      wall: wallMs(this.#clock.wall() - this.queuedMs),
      machine: {
        loopP99Ms: 1.5,
        loopMaxMs: 20,
        rssBytes: 1,
        heapBytes: 2_000_000,
        heapLimitBytes: 4_000_000,
        inflatedBytes: 3,
        stalls: 4,
      },
      order: this.#links.map(({ name }) => name),
      links,
    };
    this.#onFrame?.({ kind: 'whole', snapshot });
  }

  open(name: string): void {
    this.#set({ [name]: { kind: 'open', since: this.#clock.now() } });
  }

  close(name: string, ...reasons: UnfitReason[]): void {
    this.#set({ [name]: { kind: 'closed', since: this.#clock.now(), reasons, cleanSince: null, opensAt: null } });
  }

  forget(name: string): void {
    this.#set({ [name]: null });
  }

  #set(changes: Changes): void {
    for (const [name, gate] of Object.entries(changes)) {
      if (gate === null) this.#gates.delete(name);
      else this.#gates.set(name, gate);
    }
    this.#onGates?.(changes);
  }
}

/** A source whose engine is the fake one. */
export function fakeSource(engine: FakeEngine, clock: Clock): ApiSource & { readonly bugs: unknown[] } {
  const mirror = new EngineMirror(clock);
  const stuck = new Promise<never>(() => undefined);
  const bugs: unknown[] = [];
  return {
    version: '1.2.3',
    mirror,
    engine: {
      reconnectLink: async (input) => {
        engine.asked.push(input);
        if (engine.isStuck) return stuck;
        return input.link === 'resting' ? failed('paused', 'resting is paused', 'resting', 'press Resume') : ok(null);
      },
      destroyPool: async (input) => {
        engine.asked.push(input);
        return ok({ closed: 3 });
      },
      scrape: async () => (engine.isStuck ? stuck : ok(engine.scraped)),
    },
    gateReopenMs: () => 5_000,
    onBug: (where, error) => bugs.push(where, error),
    bugs,
  };
}

export const aPool = (change: Partial<PoolView> = {}): PoolView => ({
  name: 'kraken',
  demo: false,
  enabled: true,
  presetName: 'kraken_v2',
  origins: [
    {
      url: 'https://api.kraken.com',
      state: { kind: 'warm' },
      protocol: 'h2',
      address: '203.0.113.9:443',
      ready: 2,
      idleSince: [monoMs(999_000), monoMs(990_000)],
      wanted: 2,
      active: 1,
      connecting: 0,
      pending: 0,
      idleLimit: { ms: 30_000, source: 'learned', closes: 4 },
      nextRefreshAt: monoMs(1_010_000),
      lastWarmMs: 12.5,
      lastColdMs: 92,
      last: null,
    },
  ],
  counters: {
    requests: 40,
    reused: 38,
    failures: 1,
    retries: 1,
    connects: 2,
    connectFailures: 0,
    tlsHandshakes: 2,
    closedByPeer: 4,
    flushes: 1,
  },
  active: 1,
  idle: 2,
  pending: 0,
  maxConnections: 50,
  averageAgeMs: 45_000,
  cold: null,
  warm: null,
  saving: null,
  warnings: [],
  alerts: [],
  ...change,
});
