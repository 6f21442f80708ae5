import type { HttpProtocol, PoolConfig, PoolView } from '../../../shared/pool.ts';
import type { PoolFacts } from '../../../shared/poolAlerts.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { HttpRequest, Ports } from '../ports.ts';
import type { JobEnd } from './job.ts';
import { OriginPool } from './originPool.ts';
import { PoolBook } from './poolBook.ts';
import { ageMs } from './pooledSocket.ts';

/** One pool of the settings: its origins, and one book for all of them. */
export class NamedPool {
  readonly #ports: Pick<Ports, 'clock' | 'random' | 'openHttp'>;
  readonly #book: PoolBook;
  readonly #origins = new Map<string, OriginPool>();
  readonly #leaving = new Set<OriginPool>();
  readonly #gone: () => void;
  #config: PoolConfig;
  #fullSince: MonoMs | null = null;
  #youngSince: MonoMs | null = null;

  /** `gone` is told when nothing of it is open any more after `leave`. */
  constructor(ports: Pick<Ports, 'clock' | 'random' | 'openHttp'>, config: PoolConfig, gone: () => void) {
    this.#ports = ports;
    this.#book = new PoolBook(ports.clock.now());
    this.#gone = gone;
    this.#config = config;
    this.configure(config);
  }

  get revision(): number {
    return this.#book.revision;
  }

  /** No key closes a socket that is in use. */
  configure(config: PoolConfig): void {
    this.#config = config;
    const wanted = new Set(config.origins.map(({ url }) => url));
    for (const [url, origin] of this.#origins) if (!wanted.has(url)) this.#remove(url, origin);
    for (const one of config.origins) {
      const existing = this.#origins.get(one.url);
      if (existing !== undefined) existing.configure(config, one);
      else this.#origins.set(one.url, this.#create(config, one));
    }
    this.#book.changed();
  }

  warm(): void {
    for (const origin of this.#origins.values()) origin.warm();
  }

  /** Of all its origins or those of one protocol; returns how many sockets. */
  destroy(protocol: HttpProtocol | null): number {
    let closed = 0;
    for (const [url, origin] of this.#origins) {
      if (protocol === null || this.#protocolOf(url) === protocol) closed += origin.destroy();
    }
    return closed;
  }

  flush(): void {
    this.#book.flushed(this.#ports.clock.now());
    for (const origin of this.#origins.values()) origin.flush();
  }

  /** To its first origin that is not failing; to the first if all are. */
  request(request: HttpRequest): Promise<JobEnd> {
    const origins = this.#config.origins.flatMap(({ url }) => this.#origins.get(url) ?? []);
    const chosen = origins.find((origin) => !origin.isFailing) ?? origins[0];
    if (chosen === undefined) throw new Error(`the pool ${this.#config.name} has no origin`);
    return chosen.request(request);
  }

  leave(): void {
    for (const [url, origin] of this.#origins) this.#remove(url, origin);
    if (this.#leaving.size === 0) this.#gone();
  }

  stop(): void {
    for (const origin of [...this.#origins.values(), ...this.#leaving]) origin.stop();
    this.#origins.clear();
    this.#leaving.clear();
  }

  /** What its alerts are judged by; to be asked a few times a second. */
  facts(): PoolFacts {
    const now = this.#ports.clock.now();
    const full = [...this.#origins.values()].some((origin) => origin.isFull && !origin.hasIdle);
    this.#fullSince = full ? (this.#fullSince ?? now) : null;
    const open = this.#sockets().filter((socket) => socket.isOpen);
    const averageAgeMs = open.length === 0 ? null : open.reduce((sum, one) => sum + ageMs(one, now), 0) / open.length;
    // In the moment between two sockets there is none to be old.
    if (averageAgeMs !== null) {
      this.#youngSince = averageAgeMs < this.#config.policy.alertAgeMs ? (this.#youngSince ?? now) : null;
    }
    return {
      now,
      counters: this.#book.counters,
      idle: open.filter((socket) => socket.isIdle).length,
      open: open.length,
      used: open.filter(({ used }) => used).length,
      averageAgeMs,
      youngSince: this.#youngSince,
      startedAt: this.#book.startedAt,
      flushedAt: this.#book.flushedAt,
      fullSince: this.#fullSince,
      policy: this.#config.policy,
    };
  }

  view(facts: PoolFacts, alerts: PoolView['alerts']): PoolView {
    const { name, demo, enabled, presetName, policy } = this.#config;
    const origins = this.#config.origins.flatMap(({ url }) => this.#origins.get(url) ?? []);
    const views = origins.map((origin) => origin.view());
    return {
      name,
      demo,
      enabled,
      presetName,
      origins: views,
      ...this.#book.view(),
      active: views.reduce((sum, { active }) => sum + active, 0),
      idle: facts.idle,
      pending: views.reduce((sum, { pending }) => sum + pending, 0),
      maxConnections: policy.maxConnections * origins.length,
      averageAgeMs: facts.averageAgeMs,
      warnings: origins.flatMap((origin) => origin.warnings),
      alerts,
    };
  }

  #sockets() {
    return [...this.#origins.values()].flatMap((origin) => [...origin.sockets]);
  }

  #create(config: PoolConfig, one: PoolConfig['origins'][number]): OriginPool {
    const origin: OriginPool = new OriginPool(
      {
        ports: this.#ports,
        book: this.#book,
        gone: () => {
          origin.stop();
          this.#leaving.delete(origin);
          if (this.#origins.size === 0 && this.#leaving.size === 0) this.#gone();
        },
      },
      config,
      one,
    );
    return origin;
  }

  #remove(url: string, origin: OriginPool): void {
    this.#origins.delete(url);
    this.#leaving.add(origin);
    origin.leave();
  }

  #protocolOf(url: string): HttpProtocol {
    const dialUrl = this.#config.origins.find((one) => one.url === url)?.dialUrl ?? url;
    return dialUrl.startsWith('http:') ? 'http' : 'https';
  }
}
