import { failed, type Outcome, ok, unknownName } from '../../../shared/outcome.ts';
import type { HttpProtocol, PoolConfig, PoolsFrame, RequestTimings } from '../../../shared/pool.ts';
import { poolAlerts } from '../../../shared/poolAlerts.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { HttpRequest, Ports } from '../ports.ts';
import type { JobEnd } from './job.ts';
import { NamedPool } from './namedPool.ts';

/** Ages grow without anything happening: a reader's are this old at most. */
const STILL_VIEW_MS = 5_000;

export interface PoolAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timings: RequestTimings;
  /** Its socket had carried a request before. */
  readonly reused: boolean;
  readonly retried: boolean;
}

/** All HTTP pools by name, and what is told about them. */
export class Pools {
  readonly #ports: Pick<Ports, 'clock' | 'random' | 'openHttp'>;
  readonly #pools = new Map<string, NamedPool>();
  readonly #leaving = new Set<NamedPool>();
  readonly #readers = new Set<(frame: PoolsFrame) => void>();
  #order = 0;
  #published: { readonly key: string; readonly at: MonoMs } | null = null;
  #onGone: (() => void) | null = null;

  constructor(ports: Pick<Ports, 'clock' | 'random' | 'openHttp'>) {
    this.#ports = ports;
  }

  configure(configs: readonly PoolConfig[]): void {
    const wanted = new Set(configs.map(({ name }) => name));
    for (const [name, pool] of this.#pools) if (!wanted.has(name)) this.#remove(name, pool);
    const before = new Map(this.#pools);
    this.#pools.clear();
    for (const config of configs) {
      const existing = before.get(config.name);
      existing?.configure(config);
      this.#pools.set(config.name, existing ?? this.#create(config));
    }
    this.#order += 1;
  }

  warm(name: string): Outcome<null> {
    const pool = this.#pools.get(name);
    if (pool === undefined) return unknownName('pool', name);
    pool.warm();
    return ok(null);
  }

  destroy(name: string, protocol: HttpProtocol | null): Outcome<{ readonly closed: number }> {
    const pool = this.#pools.get(name);
    if (pool === undefined) return unknownName('pool', name);
    return ok({ closed: pool.destroy(protocol) });
  }

  /** This machine woke up, or its network changed. */
  flush(): void {
    for (const pool of this.#pools.values()) pool.flush();
  }

  async request(name: string, request: HttpRequest): Promise<Outcome<PoolAnswer>> {
    const pool = this.#pools.get(name);
    if (pool === undefined) return unknownName('pool', name);
    return outcomeOf(name, await pool.request(request));
  }

  /** Hears the pools as they are now, then `publish` tells it what changed. */
  follow(reader: (frame: PoolsFrame) => void): () => void {
    const own = (frame: PoolsFrame): void => reader(frame);
    this.#readers.add(own);
    own(this.#look().frame());
    return () => void this.#readers.delete(own);
  }

  /** Tells the readers, if anything changed; to be called at the rate at which they may be told, readers or not. */
  publish(): void {
    const now = this.#ports.clock.now();
    const { key, frame } = this.#look();
    const known = this.#published;
    if (this.#readers.size === 0 || (known?.key === key && elapsedMs(known.at, now) < STILL_VIEW_MS)) return;
    this.#published = { key, at: now };
    const told = frame();
    for (const reader of this.#readers) reader(told);
  }

  get isGone(): boolean {
    return this.#pools.size === 0 && this.#leaving.size === 0;
  }

  /** Closes what is idle, lets requests end, then tells `onGone`, perhaps at once. */
  leave(onGone: () => void): void {
    this.#onGone = onGone;
    for (const [name, pool] of this.#pools) this.#remove(name, pool);
    this.#lookGone();
  }

  /** Ends everything at once; nothing is armed and nothing is open after it. */
  stop(): void {
    this.#onGone = null;
    for (const pool of [...this.#pools.values(), ...this.#leaving]) pool.stop();
    this.#pools.clear();
    this.#leaving.clear();
    this.#readers.clear();
  }

  #create(config: PoolConfig): NamedPool {
    const pool: NamedPool = new NamedPool(this.#ports, config, () => {
      this.#leaving.delete(pool);
      this.#lookGone();
    });
    return pool;
  }

  #remove(name: string, pool: NamedPool): void {
    this.#pools.delete(name);
    this.#leaving.add(pool);
    pool.leave();
  }

  #lookGone(): void {
    if (!this.isGone) return;
    const onGone = this.#onGone;
    this.#onGone = null;
    onGone?.();
  }

  /** `key` is the same as long as nothing but ages is different. */
  #look(): { readonly key: string; readonly frame: () => PoolsFrame } {
    const looked = [...this.#pools.values()].map((pool) => ({ pool, facts: pool.facts() }));
    const alerts = poolAlerts(looked.map(({ facts }) => facts));
    const kinds = alerts.map((own) => own.map(({ kind }) => kind));
    return {
      key: JSON.stringify([this.#order, looked.map(({ pool }) => pool.revision), kinds]),
      frame: () => ({
        at: this.#ports.clock.now(),
        pools: looked.map(({ pool, facts }, index) => pool.view(facts, alerts[index] ?? [])),
      }),
    };
  }
}

function outcomeOf(pool: string, end: JobEnd): Outcome<PoolAnswer> {
  if (end.kind === 'answer') {
    const { status, headers, body } = end.answer;
    return ok({ status, headers, body, timings: end.timings, reused: end.reused, retried: end.retried });
  }
  const hint = end.sent ? 'it may have reached the venue: ask before sending it again' : 'it was not sent; try again';
  return failed(`pool-${end.reason}`, end.why, pool, hint);
}
