import net from 'node:net';
import tls from 'node:tls';
import { buildConnector, Client } from 'undici';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { ATTEMPT_MS } from '../attempt.ts';
import type {
  Cancel,
  Clock,
  HttpRequest,
  HttpResult,
  HttpSocket,
  HttpSocketListener,
  HttpTarget,
  OpenHttp,
} from '../ports.ts';
import { tlsText } from '../tlsText.ts';
import { trusting } from '../trust.ts';
import { followRequests, traced } from './requestTrace.ts';
import { STREAMS_PER_SOCKET } from './streams.ts';

/** Longer than any socket lives: when an idle one is closed is decided by the pool, not by undici. */
const NEVER_MS = 2_000_000_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Opens real sockets, each with one undici `Client` on it.
 *
 * 1. The socket is opened before the client gets it, by undici's own connector: a request is given to a socket when that
 *    is open, not when it is asked for. TLS sessions are shared by all sockets of one target.
 * 2. A client never connects a second time: its one socket's end is its own.
 * 3. Times of connects are those of the socket's own events; a request's are undici's.
 */
export function createOpenHttp(clock: Clock, lookup?: net.LookupFunction): OpenHttp {
  followRequests(clock);
  const connectors = new Map<string, buildConnector.connector>();
  return (target, listener) => {
    try {
      const key = JSON.stringify(target);
      const connector = connectors.get(key) ?? connectorOf(target, lookup);
      connectors.set(key, connector);
      return new UndiciSocket(clock, target, connector, listener);
    } catch (error) {
      return stillborn(clock, listener, error);
    }
  };
}

function connectorOf(target: HttpTarget, lookup: net.LookupFunction | undefined): buildConnector.connector {
  return buildConnector({
    // The pool has its own deadline for a connect.
    timeout: 0,
    allowH2: target.http2,
    preferH2: target.http2,
    keepAlive: target.tcpKeepAliveMs > 0,
    keepAliveInitialDelay: target.tcpKeepAliveMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
    ...(lookup === undefined ? {} : { lookup }),
    ...(target.ca === null ? {} : { secureContext: trusting(target.ca) }),
  } as buildConnector.BuildOptions);
}

/** A socket that could not even be made: it ends like any other, once its owner holds it. */
function stillborn(clock: Clock, listener: HttpSocketListener, error: unknown): HttpSocket {
  const cancel = clock.afterInput(() =>
    listener.ended(tlsText(error instanceof Error ? error.message : String(error))),
  );
  return { send: () => () => undefined, cut: cancel };
}

class UndiciSocket implements HttpSocket {
  readonly #clock: Clock;
  readonly #listener: HttpSocketListener;
  readonly #startedAt: MonoMs;
  #socket: net.Socket | null = null;
  #client: Client | null = null;
  #handedOver = false;
  #over = false;
  #cut = false;

  constructor(clock: Clock, target: HttpTarget, connector: buildConnector.connector, listener: HttpSocketListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#startedAt = clock.now();
    const url = new URL(target.url);
    const secure = url.protocol === 'https:';
    let resolvedAt: MonoMs | null = null;
    let connectedAt: MonoMs | null = null;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const options = { host: url.host, hostname: host, protocol: url.protocol, port: url.port };
    // The connector returns the socket as it is made, which its type does not say and its documentation does.
    const made = connector(options, (error, socket) => {
      if (error !== null) return this.#end(whyOf(error));
      if (this.#over) return void socket.destroy();
      const now = clock.now();
      const tcpFrom = resolvedAt ?? this.#startedAt;
      if (!target.noDelay) socket.setNoDelay(false);
      this.#adopt(target, socket);
      listener.opened({
        protocol: protocolOf(socket),
        address: `${socket.remoteAddress ?? host}:${socket.remotePort ?? url.port}`,
        dnsMs: resolvedAt === null ? null : elapsedMs(this.#startedAt, resolvedAt),
        tcpMs: elapsedMs(tcpFrom, connectedAt ?? now),
        tlsMs: secure ? elapsedMs(connectedAt ?? now, now) : null,
      });
    }) as unknown as net.Socket;
    this.#socket = made;
    if (net.isIP(host) === 0) {
      made.once('lookup', () => {
        resolvedAt = clock.now();
      });
    }
    made.once('connect', () => {
      connectedAt = clock.now();
    });
    made.once('close', () => this.#end('closed by the other side'));
  }

  send(request: HttpRequest, done: (result: HttpResult) => void): Cancel {
    const client = this.#client;
    const chunks: Uint8Array[] = [];
    let status = 0;
    let headers: Readonly<Record<string, string>> = {};
    let firstByteAt: MonoMs | null = null;
    let abort: (() => void) | null = null;
    let over = false;
    // Told when undici has done with it: only then it is known whether the socket lives on.
    const finish = (result: () => HttpResult): void =>
      queueMicrotask(() => {
        if (over || this.#cut) return;
        over = true;
        done(result());
      });
    const trace = traced(() =>
      client?.dispatch(
        {
          method: request.method,
          path: request.path,
          headers: request.headers,
          body: request.body === null ? null : Buffer.from(request.body),
          // Without this undici closes the socket after every HEAD.
          reset: false,
        },
        {
          onRequestStart: (controller) => {
            abort = () => controller.abort(new Error('given up'));
            if (over) abort();
          },
          onResponseStarted: () => {
            firstByteAt ??= this.#clock.now();
          },
          onResponseStart: (_controller, code, fields) => {
            status = code;
            headers = singleValues(fields);
          },
          onResponseData: (_controller, chunk) => void chunks.push(chunk),
          onResponseEnd: () => {
            const endedAt = this.#clock.now();
            const startedAt = firstByteAt ?? endedAt;
            const sentAt = trace.sentAt ?? startedAt;
            const body = chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
            finish(() => {
              const reusable = !this.#over && this.#socket?.destroyed === false;
              return { kind: 'answer', status, headers, body, sentAt, firstByteAt: startedAt, endedAt, reusable };
            });
          },
          onResponseError: (_controller, error) =>
            finish(() => ({ kind: 'failed', why: whyOf(error), unanswered: firstByteAt === null })),
        },
      ),
    );
    return () => {
      over = true;
      abort?.();
    };
  }

  cut(): void {
    this.#over = true;
    this.#cut = true;
    if (this.#client !== null) void this.#client.destroy();
    this.#socket?.destroy();
  }

  #adopt(target: HttpTarget, socket: net.Socket): void {
    this.#socket = socket;
    const client = new Client(target.url, {
      pipelining: 1,
      allowH2: target.http2,
      h2Options: { pingInterval: 0, maxConcurrentStreams: STREAMS_PER_SOCKET },
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_ANSWER_BYTES,
      keepAliveTimeout: NEVER_MS,
      keepAliveMaxTimeout: NEVER_MS,
      // undici shortens its own timeout to the venue's `Keep-Alive: timeout=n` less this: so it stays where it is.
      keepAliveTimeoutThreshold: -NEVER_MS,
      connect: (_options, callback) => {
        const taken = this.#handedOver;
        this.#handedOver = true;
        // Not at once: undici does not send what asked for the connect while it is still asking.
        queueMicrotask(() => {
          if (taken || socket.destroyed) callback(new Error('the socket is closed'), null);
          else callback(null, socket);
        });
      },
    });
    client.on('disconnect', (_origin, _targets, error) => this.#end(whyOf(error)));
    this.#client = client;
  }

  #end(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.ended(why);
  }
}

const protocolOf = (socket: net.Socket): 'h1' | 'h2' =>
  socket instanceof tls.TLSSocket && socket.alpnProtocol === 'h2' ? 'h2' : 'h1';

function singleValues(fields: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]],
    ),
  );
}

/** The error in words, the first of several addresses' where all failed. */
function whyOf(error: Error & { readonly code?: string }): string {
  const first = error instanceof AggregateError ? (error.errors[0] as Error & { readonly code?: string }) : error;
  return first.message === '' ? (first.code ?? 'unknown error') : tlsText(first.message);
}
