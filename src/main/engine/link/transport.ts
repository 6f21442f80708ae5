import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type tls from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { Clock, Dial, DialTarget, Socket, SocketListener } from '../ports.ts';
import { trusting } from '../trust.ts';
import { openLineSocket } from './lineSocket.ts';
import { PhaseStopwatch } from './phaseStopwatch.ts';
import { closeReason, type Evidence, errorReason, MAX_PENDING_PONGS } from './socketEnd.ts';
import { connectSocket, hostOf, isLines, isSecure } from './tcpSocket.ts';

/**
 * Dials real sockets: WebSockets with `ws`, and lines over TCP or TLS.
 *
 * 1. `ended` is told once: from the first of an error, a refused upgrade, or the close.
 * 2. A reason names the layer that failed: what the TCP socket said outranks `ws`'s own 1006.
 * 3. After `cut` nothing is told any more.
 */
export function createDial(clock: Clock, lookup?: net.LookupFunction): Dial {
  return (target, listener) => {
    try {
      const open = isLines(target.url) ? openLineSocket : openWebSocket;
      return open(clock, lookup, target, listener);
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

function openWebSocket(
  clock: Clock,
  lookup: net.LookupFunction | undefined,
  target: DialTarget,
  listener: SocketListener,
): Socket {
  const stopwatch = new PhaseStopwatch(clock);
  const evidence: Evidence = {
    socket: null,
    socketError: null,
    url: new URL(target.url),
    limitBytes: target.compression ? target.maxInflatedBytes : target.maxFrameBytes,
  };
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

  const options: ClientOptions & { readonly closeTimeout: number; readonly maxPendingAutoPongs: number } = {
    perMessageDeflate: target.compression,
    // One limit for both in `ws`: what a compressed message inflates to, or what a plain one weighs.
    maxPayload: target.compression ? target.maxInflatedBytes : target.maxFrameBytes,
    // Never to another place: the headers hold secrets.
    followRedirects: false,
    ...(target.headers === null ? {} : { headers: target.headers }),
    maxPendingAutoPongs: MAX_PENDING_PONGS,
    // A close frame of the venue's ends the socket by this time, whether or not the venue hangs up.
    closeTimeout: target.closeTimeoutMs,
    ...(target.ca === null ? {} : { secureContext: trusting(target.ca) }),
    createConnection: ((options: tls.ConnectionOptions & net.TcpNetConnectOpts) => {
      const socket = connectSocket(options, evidence.url, lookup);
      evidence.socket = socket;
      socket.once('lookup', (error: Error | null) => error === null && phase('tcp'));
      socket.once('connect', () => phase(isSecure(evidence.url) ? 'tls' : 'upgrade'));
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
    const { socket } = evidence;
    const address = `${socket?.remoteAddress ?? hostOf(evidence.url)}:${socket?.remotePort ?? ''}`;
    // All that is asked for at once goes out in one piece.
    socket?.cork();
    if (!over) listener.opened(address, stopwatch.stop());
    socket?.uncork();
  });
  ws.on('message', (data, binary) => {
    if (!over) listener.message(data as Buffer, binary);
  });
  ws.on('ping', (payload) => {
    if (!over) listener.ping(payload);
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
      if (ws.readyState === WebSocket.OPEN) ws.send(text);
    },
    sendPing: (payload) => {
      if (ws.readyState === WebSocket.OPEN) ws.ping(payload);
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

function retryAfterMs(response: IncomingMessage, clock: Clock): number | null {
  const header = response.headers['retry-after'];
  if (header === undefined) return null;
  const delayMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - clock.wall();
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : null;
}
