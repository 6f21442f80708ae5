import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { ConnectTimings } from '../../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock, Dial, DialTarget, Socket, SocketListener } from '../ports.ts';

/**
 * Dials real WebSockets with `ws`.
 *
 * 1. `ended` is told once: from the first of an error, a refused upgrade, or the close.
 * 2. A reason names the layer that failed: what the TCP socket said outranks `ws`'s own 1006.
 * 3. After `cut` nothing is told any more.
 */
export function createDial(clock: Clock, lookup?: net.LookupFunction): Dial {
  return (target, listener) => {
    try {
      return openSocket(clock, lookup, target, listener);
    } catch (error) {
      return stillborn(clock, listener, error);
    }
  };
}

/** A socket that could not even be made: it ends like any other, once its owner holds it. */
function stillborn(clock: Clock, listener: SocketListener, error: unknown): Socket {
  const message = error instanceof Error ? error.message : String(error);
  const cancel = clock.afterInput(() => listener.ended({ kind: 'handshake', message }));
  const nothing = (): void => undefined;
  const traffic = (): { bytesIn: number; bytesOut: number } => ({ bytesIn: 0, bytesOut: 0 });
  return { sendText: nothing, sendPing: nothing, close: nothing, cut: cancel, traffic };
}

function openSocket(
  clock: Clock,
  lookup: net.LookupFunction | undefined,
  target: DialTarget,
  listener: SocketListener,
): Socket {
  const stopwatch = new PhaseStopwatch(clock);
  const evidence: Evidence = { socket: null, socketError: null, url: new URL(target.url) };
  let over = false;
  const end = (reason: DownReason): void => {
    if (over) return;
    over = true;
    listener.ended(reason);
  };
  const phase = (next: ConnectPhase): void => {
    stopwatch.enter(next);
    if (!over) listener.phase(next);
  };

  const options: ClientOptions & { readonly closeTimeout: number } = {
    perMessageDeflate: target.compression,
    // One limit for both in `ws`: what a compressed message inflates to, or what a plain one weighs.
    maxPayload: target.compression ? target.maxInflatedBytes : target.maxFrameBytes,
    followRedirects: false,
    // A close frame of the venue's ends the socket by this time, whether or not the venue hangs up.
    closeTimeout: target.closeTimeoutMs,
    ...(target.ca === null ? {} : { ca: [...tls.rootCertificates, target.ca] }),
    createConnection: ((options: tls.ConnectionOptions & net.TcpNetConnectOpts) => {
      const socket = connectSocket(options, evidence.url, lookup);
      evidence.socket = socket;
      socket.once('lookup', (error: Error | null) => error === null && phase('tcp'));
      socket.once('connect', () => phase(evidence.url.protocol === 'wss:' ? 'tls' : 'upgrade'));
      socket.once('secureConnect', () => phase('upgrade'));
      socket.once('error', (error: NodeJS.ErrnoException) => {
        evidence.socketError = error;
      });
      return socket;
    }) as never,
  };
  const ws = new WebSocket(target.url, options);
  phase(net.isIP(hostOf(evidence.url)) === 0 ? 'resolving' : 'tcp');

  ws.on('open', () => {
    const address = `${evidence.socket?.remoteAddress ?? hostOf(evidence.url)}:${evidence.socket?.remotePort ?? ''}`;
    if (!over) listener.opened(address, stopwatch.stop());
  });
  ws.on('message', (data, binary) => {
    if (!over) listener.message(data as Buffer, binary);
  });
  ws.on('ping', () => {
    if (!over) listener.ping();
  });
  ws.on('pong', (payload) => {
    if (!over) listener.pong(payload);
  });
  ws.on('unexpected-response', (request, response) => {
    end({ kind: 'http', status: response.statusCode ?? 0, retryAfterMs: retryAfterMs(response, clock) });
    response.resume();
    request.destroy();
  });
  ws.on('error', (error: NodeJS.ErrnoException) => end(errorReason(error, evidence)));
  ws.on('close', (code, text) => end(closeReason(code, text.toString('utf8'), evidence)));

  return {
    sendText: (text) => {
      if (ws.readyState === WebSocket.OPEN) ws.send(text, () => undefined);
    },
    sendPing: (payload) => {
      if (ws.readyState === WebSocket.OPEN) ws.ping(payload, undefined, () => undefined);
    },
    close: (code, text) => {
      if (ws.readyState === WebSocket.OPEN) ws.close(code, text);
      else ws.terminate();
    },
    cut: () => {
      over = true;
      ws.terminate();
      evidence.socket?.destroy();
    },
    traffic: () => ({ bytesIn: evidence.socket?.bytesRead ?? 0, bytesOut: evidence.socket?.bytesWritten ?? 0 }),
  };
}

interface Evidence {
  socket: net.Socket | null;
  socketError: NodeJS.ErrnoException | null;
  readonly url: URL;
}

function connectSocket(
  options: tls.ConnectionOptions & net.TcpNetConnectOpts,
  url: URL,
  lookup: net.LookupFunction | undefined,
): net.Socket {
  const withLookup = lookup === undefined ? options : { ...options, lookup };
  const socket =
    url.protocol === 'wss:'
      ? tls.connect({
          ...withLookup,
          path: undefined,
          servername: net.isIP(hostOf(url)) === 0 ? hostOf(url) : '',
        } as tls.ConnectionOptions)
      : net.connect({ ...withLookup, path: undefined } as unknown as net.TcpNetConnectOpts);
  socket.setNoDelay(true);
  return socket;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

const RESOLVE_CODES = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_NONAME',
  'EAI_NODATA',
  'EAI_FAIL',
  'ENODATA',
  'ESERVFAIL',
]);
const REFUSED_CODES = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'EACCES',
  'ENETDOWN',
  'EHOSTDOWN',
]);
const CUT_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

function errorReason(error: NodeJS.ErrnoException, { url, socket }: Evidence): DownReason {
  const code = codeOf(error);
  if (RESOLVE_CODES.has(code)) return { kind: 'resolve', host: hostOf(url), code };
  if (REFUSED_CODES.has(code)) return { kind: 'refused', address: url.host, code };
  if (code.startsWith('WS_ERR_')) return { kind: 'protocol', code: protocolCode(error), message: error.message };
  if (CUT_CODES.has(code)) return { kind: 'cut', code };
  const secured = url.protocol === 'wss:' && !(socket instanceof tls.TLSSocket && socket.authorized);
  if (secured && isTlsCode(code)) return { kind: 'tls', code, message: error.message };
  if (error.message === 'socket hang up') return { kind: 'cut', code: 'closed during the handshake' };
  return { kind: 'handshake', message: code === '' ? error.message : `${error.message} (${code})` };
}

function isTlsCode(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code.startsWith('CERT_') ||
    /CERT|SIGNATURE|ISSUER|EPROTO/.test(code)
  );
}

/** Happy-eyeballs failures come as one error around one per address; the first one speaks for all. */
function codeOf(error: NodeJS.ErrnoException): string {
  if (error.code !== undefined) return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0] as NodeJS.ErrnoException) : '';
}

/** `ws` carries the close code that a protocol error deserves under a symbol of its own. */
function protocolCode(error: NodeJS.ErrnoException): number {
  if (error.code === 'WS_ERR_INVALID_UTF8') return 1007;
  return error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 1009 : 1002;
}

function closeReason(code: number, text: string, { socketError }: Evidence): DownReason {
  if (code !== 1006) return { kind: 'closed', code, text };
  return { kind: 'cut', code: socketError === null ? 'the venue ended the TCP connection' : codeOf(socketError) };
}

function retryAfterMs(response: IncomingMessage, clock: Clock): number | null {
  const header = response.headers['retry-after'];
  if (header === undefined) return null;
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - clock.wall();
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : null;
}

/** Times the phases of one dial (row L14). */
class PhaseStopwatch {
  readonly #clock: Clock;
  readonly #startedAt: MonoMs;
  readonly #entered: { readonly phase: ConnectPhase; readonly at: MonoMs }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  enter(phase: ConnectPhase): void {
    this.#entered.push({ phase, at: this.#clock.now() });
  }

  stop(): ConnectTimings {
    const now = this.#clock.now();
    const lasted = (phase: ConnectPhase): number | null => {
      const index = this.#entered.findIndex((entry) => entry.phase === phase);
      const from = this.#entered[index];
      return from === undefined ? null : elapsedMs(from.at, this.#entered[index + 1]?.at ?? now);
    };
    return {
      dnsMs: lasted('resolving'),
      tcpMs: lasted('tcp'),
      tlsMs: lasted('tls'),
      upgradeMs: lasted('upgrade'),
      totalMs: elapsedMs(this.#startedAt, now),
    };
  }
}
