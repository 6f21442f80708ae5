import type { RequestTimings } from '../../../shared/pool.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { Cancel, HttpOpened, HttpRequest, HttpResult } from '../ports.ts';
import type { PooledSocket } from './pooledSocket.ts';

/** What became of a request: the answer, whole, or why there is none. */
export type JobEnd =
  | {
      readonly kind: 'answer';
      readonly answer: Extract<HttpResult, { kind: 'answer' }>;
      readonly timings: RequestTimings;
      readonly reused: boolean;
      readonly retried: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly reason: 'timeout' | 'connect' | 'broken' | 'stopped';
      readonly why: string;
      /** The venue may have got it. */
      readonly sent: boolean;
    };

/** One request of the application on its way: in the queue, on a socket, perhaps once more in the queue. */
export interface Job {
  readonly id: number;
  readonly request: HttpRequest;
  readonly askedAt: MonoMs;
  readonly settle: (end: JobEnd) => void;
  /** Its socket was closed under it at this moment: it is on its second try. */
  failedAt: MonoMs | null;
  socket: PooledSocket | null;
  cancel: Cancel;
}

/** No harm is done if the venue gets it twice (RFC 9110, 9.2.2). */
export function isSafe({ method, body }: HttpRequest): boolean {
  return body === null && /^(GET|HEAD|OPTIONS)$/.test(method);
}

/**
 * Row P6. `connect`: the socket's own, if this is the first request on it: its phases are part of what the request cost, also
 * where the connect had begun, or ended, before the request was asked for. What is left of the wait is the queue's, so that
 * the phases never exceed the whole.
 */
export function timingsOf(
  moments: {
    readonly askedAt: MonoMs;
    readonly givenAt: MonoMs;
    readonly dialledAt: MonoMs;
    readonly openedAt: MonoMs | null;
  },
  connect: HttpOpened | null,
  answer: Extract<HttpResult, { kind: 'answer' }>,
): RequestTimings {
  const { askedAt, givenAt, dialledAt } = moments;
  const openedAt = connect === null ? null : (moments.openedAt ?? givenAt);
  const connectMs = openedAt === null ? 0 : openedAt - dialledAt;
  const queueMs =
    openedAt === null
      ? givenAt - askedAt
      : Math.max(0, dialledAt - askedAt) + Math.max(0, givenAt - Math.max(openedAt, askedAt));
  return {
    queueMs,
    dnsMs: connect?.dnsMs ?? null,
    tcpMs: connect?.tcpMs ?? null,
    tlsMs: connect?.tlsMs ?? null,
    firstByteMs: Math.max(0, answer.firstByteAt - answer.sentAt),
    totalMs: queueMs + connectMs + (answer.endedAt - givenAt),
  };
}
