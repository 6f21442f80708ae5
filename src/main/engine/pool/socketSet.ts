import type { RequestTimings } from '../../../shared/pool.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Cancel, HttpOpened, HttpRequest, HttpResult, HttpTarget, Ports } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { SocketLife } from './idleLimit.ts';
import { timingsOf } from './job.ts';
import type { PoolBook } from './poolBook.ts';
import { lifeOf, PooledSocket } from './pooledSocket.ts';

export interface SocketSetListener {
  opened(socket: PooledSocket): void;
  /** It is not in the set any more. */
  notOpened(socket: PooledSocket, why: string): void;
  /** The venue closed it. `idle`: its life, `null` if it carried requests. */
  lost(socket: PooledSocket, idle: SocketLife | null): void;
}

/** How a request on a socket ended, measured; and the life of the socket before it. */
export interface Sent extends SocketLife {
  readonly result: HttpResult;
  /** `null` without an answer. */
  readonly timings: RequestTimings | null;
  readonly reused: boolean;
}

export interface SocketLimits {
  readonly connectTimeoutMs: number;
  readonly maxSocketAgeMs: number;
}

/** Connects to one origin that are under way at a time: a burst of requests is no burst of handshakes. */
const MOST_CONNECTING = 8;

type HttpPorts = Pick<Ports, 'clock' | 'random' | 'openHttp'>;

/**
 * The sockets of one origin: opens them, counts and measures what goes over them, and ends each one exactly once.
 *
 * A socket that carries a request is never cut by any rule of the pool: it retires, and is closed after its last answer.
 */
export class SocketSet {
  readonly #ports: HttpPorts;
  readonly #book: PoolBook;
  readonly #listener: SocketSetListener;
  readonly #timers: Timers<`connect ${number}`>;
  readonly #sockets = new Set<PooledSocket>();
  /** Ended by the venue with requests on them that may still be answered (HTTP/2, GOAWAY). */
  readonly #ending = new Set<PooledSocket>();
  #target: HttpTarget;
  #limits: SocketLimits;
  #ids = 0;
  lastWarmMs: number | null = null;
  lastColdMs: number | null = null;
  last: RequestTimings | null = null;

  constructor(ports: HttpPorts, book: PoolBook, target: HttpTarget, limits: SocketLimits, listener: SocketSetListener) {
    this.#ports = ports;
    this.#book = book;
    this.#target = target;
    this.#limits = limits;
    this.#listener = listener;
    this.#timers = new Timers(ports.clock);
  }

  get all(): ReadonlySet<PooledSocket> {
    return this.#sockets;
  }

  get limits(): SocketLimits {
    return this.#limits;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** How many more connects may be under way. */
  get freeDials(): number {
    return MOST_CONNECTING - this.connecting;
  }

  get connecting(): number {
    return this.#count((socket) => !socket.isOpen);
  }

  /** What sockets are opened to from now on. */
  configure(target: HttpTarget, limits: SocketLimits): void {
    this.#target = target;
    this.#limits = limits;
  }

  dial(): PooledSocket {
    const socket = new PooledSocket(++this.#ids, this.#ports.clock.now(), this.#ports.random());
    this.#sockets.add(socket);
    this.#book.changed();
    const timer = `connect ${socket.id}` as const;
    const { connectTimeoutMs } = this.#limits;
    socket.socket = this.#ports.openHttp(this.#target, {
      opened: (opened) => {
        this.#timers.disarm(timer);
        this.#opened(socket, opened);
      },
      ended: (why) => {
        this.#timers.disarm(timer);
        this.#ended(socket, why);
      },
    });
    this.#timers.arm(timer, connectTimeoutMs, () => {
      socket.socket?.cut();
      this.#ended(socket, `no connection within ${connectTimeoutMs / 1000} s`);
    });
    return socket;
  }

  /** Sends on an open socket that is not retiring. After `done`, or instead of it the returned function, it is over. */
  send(
    socket: PooledSocket,
    request: HttpRequest,
    about: { readonly askedAt: MonoMs; readonly refreshing: boolean },
    done: (sent: Sent) => void,
  ): Cancel {
    const givenAt = this.#ports.clock.now();
    const life = lifeOf(socket, givenAt);
    const reused = socket.used;
    socket.used = true;
    socket.flying += 1;
    socket.refreshing = about.refreshing;
    this.#book.count('requests');
    if (reused) this.#book.count('reused');
    let over = false;
    const cancel = socket.socket?.send(request, (result) => {
      if (over) return;
      over = true;
      let timings: RequestTimings | null = null;
      if (result.kind === 'answer') {
        socket.provenAt = result.endedAt;
        socket.answered = true;
        const { dialledAt, openedAt } = socket;
        const moments = { askedAt: about.askedAt, givenAt, dialledAt, openedAt };
        timings = timingsOf(moments, reused ? null : socket.opened, result);
        this.#measured(socket, timings, reused, elapsedMs(givenAt, result.endedAt));
      } else {
        this.#book.count('failures');
      }
      // A socket on which anything failed is trusted no more, also where HTTP/2 would let it live.
      this.#freed(socket, result.kind === 'answer' && result.reusable);
      done({ result, timings, reused, ...life });
    });
    return () => {
      if (over) return;
      over = true;
      cancel?.();
      this.#book.count('failures');
      this.#freed(socket, false);
    };
  }

  /** Closes it now or, if it carries a request that somebody waits for, after that. */
  close(socket: PooledSocket): void {
    socket.retiring = true;
    this.#book.changed();
    const keptWarmOnly = socket.refreshing && socket.flying === 1;
    if (socket.flying === 0 || keptWarmOnly) this.#cut(socket);
  }

  /** Closes all, those in use after their requests. Returns how many. */
  closeAll(): number {
    const closing = [...this.#sockets].filter((socket) => !socket.retiring);
    for (const socket of closing) this.close(socket);
    return closing.length;
  }

  /** The end of the program: also what carries a request. */
  cutAll(): void {
    for (const socket of [...this.#sockets, ...this.#ending]) this.#cut(socket);
    this.#timers.stop();
  }

  #opened(socket: PooledSocket, opened: HttpOpened): void {
    socket.opened = opened;
    socket.openedAt = this.#ports.clock.now();
    socket.provenAt = socket.openedAt;
    this.#book.count('connects');
    if (opened.tlsMs !== null) this.#book.count('tlsHandshakes');
    this.#listener.opened(socket);
  }

  #ended(socket: PooledSocket, why: string): void {
    if (!this.#sockets.delete(socket)) return;
    if (!socket.isOpen) {
      this.#book.count('connectFailures');
      return this.#listener.notOpened(socket, why);
    }
    this.#book.count('closedByPeer');
    const idle = socket.flying > 0 ? null : lifeOf(socket, this.#ports.clock.now());
    if (socket.flying > 0) this.#ending.add(socket);
    else socket.socket?.cut();
    this.#listener.lost(socket, idle);
  }

  #freed(socket: PooledSocket, reusable: boolean): void {
    socket.flying -= 1;
    socket.refreshing = false;
    this.#book.changed();
    if (!reusable) socket.retiring = true;
    if (socket.flying > 0) return;
    const now = this.#ports.clock.now();
    const over = socket.retiring || this.#ending.has(socket) || now >= socket.endsAt(this.#limits.maxSocketAgeMs);
    if (over) this.#cut(socket);
  }

  /** A fresh socket's connect belongs to its first request; the time in the queue to neither. */
  #measured(socket: PooledSocket, timings: RequestTimings, reused: boolean, requestMs: number): void {
    this.last = timings;
    if (reused) {
      this.lastWarmMs = requestMs;
      this.#book.warm(requestMs);
      return;
    }
    this.lastColdMs = elapsedMs(socket.dialledAt, socket.openedAt ?? socket.dialledAt) + requestMs;
    this.#book.cold(this.lastColdMs);
  }

  #cut(socket: PooledSocket): void {
    this.#timers.disarm(`connect ${socket.id}`);
    this.#sockets.delete(socket);
    this.#ending.delete(socket);
    socket.socket?.cut();
    this.#book.changed();
  }

  #count(has: (socket: PooledSocket) => boolean): number {
    let count = 0;
    for (const socket of this.#sockets) if (has(socket)) count += 1;
    return count;
  }
}
