import type { MonoMs } from '../../../shared/units.ts';
import type { HttpRequest, Ports } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { SocketLife } from './idleLimit.ts';
import { isSafe, type Job, type JobEnd } from './job.ts';
import type { PoolBook } from './poolBook.ts';
import type { PooledSocket } from './pooledSocket.ts';
import type { Sent, SocketSet } from './socketSet.ts';

export interface RequestQueueParts {
  readonly clock: Ports['clock'];
  readonly book: PoolBook;
  readonly sockets: SocketSet;
  /** The socket that a request may have now, `null` for none. */
  readonly pick: (job: Job) => PooledSocket | null;
  readonly answered: (sent: Sent) => void;
  /** The venue had closed a socket that was idle. */
  readonly idleClose: (life: SocketLife) => void;
  /** A request has left its socket, or the queue: there may be room for others. */
  readonly moveOn: () => void;
}

/**
 * The requests to one origin, those that wait and those on a socket: first come, first served.
 *
 * 1. A request ends within its limit, whether it has found a socket or not.
 * 2. A safe request whose used socket was closed under it before any answer is sent once more, on another socket.
 */
export class RequestQueue {
  readonly #parts: RequestQueueParts;
  readonly #timers: Timers<`request ${number}`>;
  readonly #flying = new Set<Job>();
  #waiting: Job[] = [];
  #jobs = 0;
  #closed = false;

  constructor(parts: RequestQueueParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get flying(): number {
    return this.#flying.size;
  }

  /** Answers when the request has ended, one way or the other; never rejects. To be served next. */
  add(request: HttpRequest, limitMs: number): Promise<JobEnd> {
    return new Promise((resolve) => {
      const id = ++this.#jobs;
      const job: Job = {
        id,
        request,
        askedAt: this.#now,
        settle: (end) => {
          this.#timers.disarm(`request ${id}`);
          resolve(end);
        },
        failedAt: null,
        socket: null,
        cancel: () => undefined,
      };
      this.#timers.arm(`request ${id}`, limitMs, () => this.#timeOut(job, limitMs));
      this.#waiting.push(job);
      this.#parts.book.changed();
    });
  }

  /** Gives ready sockets to the requests that wait. */
  serve(): void {
    let noneReady = false;
    this.#waiting = this.#waiting.filter((job) => {
      if (noneReady) return true;
      const socket = this.#parts.pick(job);
      // A second try wants a socket that others need not have.
      if (socket === null) noneReady = job.failedAt === null;
      else this.#send(job, socket);
      return socket === null;
    });
  }

  /** No request that waits will be served. */
  failAll(reason: 'connect' | 'stopped', why: string): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const job of waiting) {
      this.#parts.book.count('failures');
      job.settle({ kind: 'failed', reason, why, sent: false });
    }
  }

  /** No second tries any more; what waits fails. */
  close(why: string): void {
    this.#closed = true;
    this.failAll('stopped', why);
  }

  /** Ends everything at once; nothing is armed after it. */
  stop(): void {
    for (const job of [...this.#flying]) {
      this.#flying.delete(job);
      job.settle({ kind: 'failed', reason: 'stopped', why: 'the pool is closed', sent: true });
    }
    this.#timers.stop();
  }

  get #now(): MonoMs {
    return this.#parts.clock.now();
  }

  #send(job: Job, socket: PooledSocket): void {
    job.socket = socket;
    this.#flying.add(job);
    job.cancel = this.#parts.sockets.send(socket, job.request, { askedAt: job.askedAt, refreshing: false }, (sent) => {
      this.#flying.delete(job);
      this.#parts.answered(sent);
      this.#ended(job, sent);
      this.#parts.moveOn();
    });
  }

  #ended(job: Job, sent: Sent): void {
    const { result, timings, reused } = sent;
    if (result.kind === 'answer' && timings !== null) {
      return job.settle({ kind: 'answer', answer: result, timings, reused, retried: job.failedAt !== null });
    }
    if (result.kind === 'answer') return;
    if (reused && result.unanswered) this.#parts.idleClose(sent);
    if (reused && result.unanswered && job.failedAt === null && isSafe(job.request) && !this.#closed) {
      job.failedAt = this.#now;
      job.socket = null;
      this.#waiting.unshift(job);
      this.#parts.book.count('retries');
      return;
    }
    job.settle({ kind: 'failed', reason: 'broken', why: result.why, sent: true });
  }

  #timeOut(job: Job, limitMs: number): void {
    const sent = this.#flying.delete(job);
    if (sent) job.cancel();
    else {
      this.#waiting = this.#waiting.filter((other) => other !== job);
      this.#parts.book.count('failures');
    }
    const where = sent ? 'no whole answer' : 'no free socket';
    job.settle({ kind: 'failed', reason: 'timeout', why: `${where} within ${limitMs / 1000} s`, sent });
    this.#parts.moveOn();
  }
}
