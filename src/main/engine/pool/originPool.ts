import type { OriginConfig, OriginView, PoolConfig } from '../../../shared/pool.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { HttpRequest, HttpTarget, Ports } from '../ports.ts';
import { ColdProbe } from './coldProbe.ts';
import type { Job, JobEnd } from './job.ts';
import { viewOrigin } from './originView.ts';
import type { PoolBook } from './poolBook.ts';
import { type PooledSocket, readiest } from './pooledSocket.ts';
import { RequestQueue } from './requestQueue.ts';
import { SocketSet } from './socketSet.ts';
import { STREAMS_PER_SOCKET } from './streams.ts';
import { Warmth } from './warmth.ts';

export interface OriginPoolParts {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'openHttp'>;
  readonly book: PoolBook;
  /** Nothing is open any more after `leave`. */
  readonly gone: () => void;
}

/**
 * The sockets of one origin and the requests that go over them.
 *
 * 1. A request goes to the ready socket that was most recently proven alive; else to a new one, while there may be more;
 *    else it waits in the queue.
 * 2. No change of settings, flush or age ends a request: its socket is closed after it.
 */
export class OriginPool {
  readonly #parts: OriginPoolParts;
  readonly #sockets: SocketSet;
  readonly #warmth: Warmth;
  readonly #queue: RequestQueue;
  readonly #probe: ColdProbe;
  #origin: OriginConfig;
  #pool: PoolConfig;
  #protocol: 'h1' | 'h2' | null = null;
  #address: string | null = null;
  #leaving = false;

  constructor(parts: OriginPoolParts, pool: PoolConfig, origin: OriginConfig) {
    this.#parts = parts;
    this.#pool = pool;
    this.#origin = origin;
    const { ports, book } = parts;
    this.#sockets = new SocketSet(ports, book, targetOf(pool, origin), pool.policy, {
      opened: (socket) => this.#opened(socket),
      notOpened: (socket, why) => this.#notOpened(socket, why),
      lost: (_socket, idle) => {
        if (idle !== null) this.#warmth.idleClose(idle);
        this.#moveOn();
      },
    });
    this.#warmth = new Warmth({ ports, sockets: this.#sockets, freed: () => this.#serve() }, origin, pool.policy);
    this.#queue = new RequestQueue({
      clock: ports.clock,
      book,
      sockets: this.#sockets,
      pick: (job) => this.#pick(job),
      answered: (sent) => this.#warmth.answered(sent),
      idleClose: (life) => this.#warmth.idleClose(life),
      moveOn: () => this.#moveOn(),
    });
    this.#probe = new ColdProbe({
      ports,
      book,
      next: () => this.#probeTarget(),
      measured: (coldMs) => {
        this.#sockets.lastColdMs = coldMs;
      },
      idleClose: (life) => this.#warmth.idleClose(life),
      idleSurvival: (life) => this.#warmth.idleSurvival(life),
    });
    this.#probe.configure(pool.enabled ? pool.policy.coldProbeMs : 0, pool.policy.idleTimeoutMs);
    if (pool.enabled) this.#warmth.start();
  }

  get url(): string {
    return this.#origin.url;
  }

  get isFailing(): boolean {
    return this.#warmth.rest !== null;
  }

  get isFull(): boolean {
    return this.#sockets.size >= this.#pool.policy.maxConnections;
  }

  get hasIdle(): boolean {
    return [...this.#sockets.all].some(({ isIdle }) => isIdle);
  }

  get sockets(): ReadonlySet<PooledSocket> {
    return this.#sockets.all;
  }

  get warnings(): readonly string[] {
    return this.#warmth.warnings;
  }

  /** Takes effect at once. What changes how sockets are opened lets the old ones end after their requests. */
  configure(pool: PoolConfig, origin: OriginConfig): void {
    const before = this.#pool;
    const target = targetOf(pool, origin);
    const moved = JSON.stringify(targetOf(before, this.#origin)) !== JSON.stringify(target);
    this.#pool = pool;
    this.#origin = origin;
    this.#sockets.configure(target, pool.policy);
    this.#probe.configure(pool.enabled ? pool.policy.coldProbeMs : 0, pool.policy.idleTimeoutMs);
    if (!pool.enabled) {
      this.#warmth.cool();
      this.#probe.flush();
      this.#sockets.closeAll();
      this.#queue.failAll('stopped', `the pool ${pool.name} is turned off`);
    } else if (moved) {
      this.#warmth.forget();
      this.#probe.flush();
      this.#sockets.closeAll();
    }
    this.#warmth.configure(origin, pool.policy);
    if (pool.enabled && (moved || !before.enabled)) this.#warmth.start();
    this.#serve();
  }

  /** Opens and asks what is missing, now. */
  warm(): void {
    if (this.#pool.enabled && !this.#leaving) this.#warmth.start();
  }

  /** Closes everything; the next request or `warm` keeps sockets ready again. Returns how many are closed or will be. */
  destroy(): number {
    this.#warmth.cool();
    this.#probe.flush();
    const closed = this.#sockets.closeAll();
    this.#moveOn();
    return closed;
  }

  /** The network may be another one: no socket of before is trusted, and the wanted ones are opened anew. */
  flush(): void {
    const keeps = this.#warmth.keeps;
    this.#probe.flush();
    this.#sockets.closeAll();
    if (keeps) this.#warmth.start();
    this.#serve();
  }

  /** Answers when the request has ended, one way or the other; never rejects. */
  request(request: HttpRequest): Promise<JobEnd> {
    if (!this.#pool.enabled || this.#leaving) {
      const why = `the pool ${this.#pool.name} is turned off`;
      return Promise.resolve({ kind: 'failed', reason: 'stopped', why, sent: false });
    }
    const ended = this.#queue.add(request, this.#pool.policy.requestTimeoutMs);
    this.#serve();
    if (!this.#warmth.keeps && this.#pool.policy.warmSockets > 0) this.#warmth.start();
    return ended;
  }

  /** No new requests; those under way end, then `gone` is told, perhaps at once. */
  leave(): void {
    this.#leaving = true;
    this.#warmth.stop();
    this.#probe.stop();
    this.#queue.close(`the pool ${this.#pool.name} is being closed`);
    this.#sockets.closeAll();
    this.#moveOn();
  }

  /** Ends everything at once; nothing is armed and nothing is open after it. */
  stop(): void {
    this.#leaving = true;
    this.#warmth.stop();
    this.#probe.stop();
    this.#queue.close(`the pool ${this.#pool.name} is being closed`);
    this.#queue.stop();
    this.#sockets.cutAll();
  }

  view(): OriginView {
    return viewOrigin({
      now: this.#now,
      origin: this.#origin,
      pool: this.#pool,
      sockets: this.#sockets,
      warmth: this.#warmth,
      protocol: this.#protocol,
      address: this.#address,
      waiting: this.#queue.waiting,
    });
  }

  get #now(): MonoMs {
    return this.#parts.ports.clock.now();
  }

  #moveOn(): void {
    if (this.#leaving) {
      if (this.#sockets.size === 0 && this.#queue.flying === 0) this.#parts.gone();
      return;
    }
    this.#serve();
    this.#warmth.tend();
  }

  /** Gives ready sockets to the requests that wait, and opens sockets for those that find none. */
  #serve(): void {
    this.#queue.serve();
    if (this.#queue.waiting === 0 || this.#leaving) return;
    const { maxConnections } = this.#pool.policy;
    const { connecting, freeDials, size } = this.#sockets;
    const perSocket = this.#protocol === 'h2' ? STREAMS_PER_SOCKET : 1;
    // While nothing can be opened, one connect at a time finds out whether that is still so.
    const most = this.#warmth.rest?.about === 'connect' ? 1 - connecting : freeDials;
    const missing = Math.min(Math.ceil(this.#queue.waiting / perSocket) - connecting, most);
    this.#makeRoom(size + missing - maxConnections);
    const room = maxConnections - this.#sockets.size;
    for (let opened = 0; opened < Math.min(missing, room); opened += 1) this.#sockets.dial();
  }

  /** Idle sockets that no request may have any more are in the way of new ones: the oldest go first. */
  #makeRoom(count: number): void {
    if (count <= 0) return;
    const idle = [...this.#sockets.all].filter((socket) => socket.isIdle).sort((a, b) => a.provenAt - b.provenAt);
    for (const socket of idle.slice(0, count)) this.#sockets.close(socket);
  }

  #pick(job: Job): PooledSocket | null {
    return readiest(this.#sockets.all, this.#now, {
      maxAgeMs: this.#pool.policy.maxSocketAgeMs,
      trustedMs: this.#warmth.trustedMs,
      provenSince: job.failedAt,
    });
  }

  #opened(socket: PooledSocket): void {
    this.#protocol = socket.opened?.protocol ?? this.#protocol;
    this.#address = socket.opened?.address ?? this.#address;
    this.#serve();
    this.#warmth.opened(socket);
    this.#warmth.tend();
  }

  /** With nothing open and nothing under way, nobody is left to serve the requests that wait. */
  #notOpened(socket: PooledSocket, why: string): void {
    this.#warmth.notOpened(socket, why);
    if (this.#sockets.size === 0) this.#queue.failAll('connect', why);
    this.#moveOn();
  }

  #probeTarget(): { target: HttpTarget; request: HttpRequest; limitMs: number } | null {
    if (this.#leaving || this.isFull || this.#warmth.rest !== null || this.#queue.waiting > 0) return null;
    const { connectTimeoutMs, requestTimeoutMs } = this.#pool.policy;
    const limitMs = connectTimeoutMs + requestTimeoutMs;
    return { target: targetOf(this.#pool, this.#origin), request: this.#warmth.warmRequest, limitMs };
  }
}

function targetOf({ ca, policy }: PoolConfig, { dialUrl }: OriginConfig): HttpTarget {
  const { http2, noDelay, tcpKeepAliveMs } = policy;
  return { url: dialUrl, ca, http2, noDelay, tcpKeepAliveMs };
}
