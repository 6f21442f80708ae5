import type { ClientRequest, IncomingMessage } from 'node:http';
import net from 'node:net';
import type tls from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { Clock, Dial, DialTarget, PreparedDial, Socket, SocketListener } from '../ports.ts';
import { retryAfterMs } from '../retryAfter.ts';
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
  const orStillborn = (listener: SocketListener, open: () => Socket): Socket => {
    try {
      return open();
    } catch (error) {
      return stillborn(clock, listener, error);
    }
  };
  const dial = (target: DialTarget, listener: SocketListener): Socket =>
    orStillborn(listener, () =>
      isLines(target.url)
        ? openLineSocket(clock, lookup, target, listener)
        : new VenueSocket(clock, lookup, target).open(listener),
    );
  const prepare = (target: DialTarget): PreparedDial | null => {
    if (isLines(target.url)) return null;
    try {
      const socket = new VenueSocket(clock, lookup, target);
      return (listener) => orStillborn(listener, () => socket.open(listener));
    } catch {
      return null;
    }
  };
  return Object.assign(dial, { prepare });
}

/** A socket that could not even be made: it ends like any other, once its owner holds it. */
function stillborn(clock: Clock, listener: SocketListener, error: unknown): Socket {
  const message = error instanceof Error ? error.message : String(error);
  const cancel = clock.afterInput(() => listener.ended({ kind: 'handshake', message }));
  const nothing = (): void => undefined;
  const traffic = (): { bytesIn: number; bytesOut: number } => ({ bytesIn: 0, bytesOut: 0 });
  return { sendText: nothing, sendPing: nothing, close: nothing, cut: cancel, traffic };
}

/** What `ws` tells goes to the owner, by functions that all sockets share: an open one holds no closures of its own. */
class OwnedWebSocket extends WebSocket {
  owner: VenueSocket | null = null;
}
const ownerOf = (ws: WebSocket): VenueSocket | null => (ws instanceof OwnedWebSocket ? ws.owner : null);

const onOpen = function (this: WebSocket): void {
  ownerOf(this)?.opened();
};
const onMessage = function (this: WebSocket, data: unknown, binary: boolean): void {
  ownerOf(this)?.told?.message(data as Buffer, binary);
};
const onPing = function (this: WebSocket, payload: Buffer): void {
  ownerOf(this)?.told?.ping(payload);
};
const onPong = function (this: WebSocket, payload: Buffer): void {
  ownerOf(this)?.told?.pong(payload);
};
const onRefused = function (this: WebSocket, request: ClientRequest, response: IncomingMessage): void {
  ownerOf(this)?.refused(response);
  response.resume();
  request.destroy();
};
const onError = function (this: WebSocket, error: Error): void {
  ownerOf(this)?.failed(error);
};
const onClose = function (this: WebSocket, code: number, text: Buffer): void {
  ownerOf(this)?.closed(code, text.toString('utf8'));
};

/** One WebSocket by `ws`: all of it is made before it is dialled, and `open` dials. */
class VenueSocket implements Socket {
  readonly #clock: Clock;
  readonly #lookup: net.LookupFunction | undefined;
  readonly #evidence: Evidence;
  readonly #ws: OwnedWebSocket;
  /** Dials, and gives the request its socket. It holds the request: only until then. */
  #connect: ((url: URL) => net.Socket) | null = null;
  #stopwatch: PhaseStopwatch | null = null;
  /** Whom to tell, until the end is told or the socket was cut. */
  told: SocketListener | null = null;

  constructor(clock: Clock, lookup: net.LookupFunction | undefined, target: DialTarget) {
    this.#clock = clock;
    this.#lookup = lookup;
    const { compression, ca } = target;
    // One limit for both in `ws`: what a compressed message inflates to, or what a plain one weighs.
    const limitBytes = compression ? target.maxInflatedBytes : target.maxFrameBytes;
    this.#evidence = { socket: null, socketError: null, url: target.url, limitBytes };
    const options: ClientOptions & { readonly closeTimeout: number; readonly maxPendingAutoPongs: number } = {
      perMessageDeflate: compression,
      maxPayload: limitBytes,
      // Never to another place: the headers hold secrets.
      followRedirects: false,
      ...(target.headers === null ? {} : { headers: target.headers }),
      maxPendingAutoPongs: MAX_PENDING_PONGS,
      // A close frame of the venue's ends the socket by this time, whether or not the venue hangs up.
      closeTimeout: target.closeTimeoutMs,
      ...(ca === null ? {} : { secureContext: trusting(ca) }),
      createConnection: ((options: tls.ConnectionOptions & net.TcpNetConnectOpts, made: SocketMade) => {
        this.#connect = (url) => {
          const socket = connectSocket(options, url, this.#lookup);
          made(null, socket);
          return socket;
        };
      }) as never,
    };
    const ws = new OwnedWebSocket(target.url, options);
    this.#ws = ws;
    ws.owner = this;
    ws.on('open', onOpen);
    ws.on('message', onMessage);
    ws.on('ping', onPing);
    ws.on('pong', onPong);
    ws.on('unexpected-response', onRefused);
    ws.on('error', onError);
    ws.on('close', onClose);
  }

  open(listener: SocketListener): this {
    this.told = listener;
    this.#stopwatch = new PhaseStopwatch(this.#clock);
    const url = new URL(this.#evidence.url);
    const socket = this.#connect?.(url);
    this.#connect = null;
    if (socket === undefined) throw new Error('a socket is dialled once');
    this.#evidence.socket = socket;
    const secure = isSecure(url);
    const named = net.isIP(hostOf(url)) === 0;
    if (named) socket.once('lookup', (error: Error | null) => error === null && this.#enter('tcp'));
    socket.once('connect', () => this.#enter(secure ? 'tls' : 'upgrade'));
    if (secure) socket.once('secureConnect', () => this.#enter('upgrade'));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#broken(error));
    this.#enter(named ? 'resolving' : 'tcp');
    return this;
  }

  #enter(phase: ConnectPhase): void {
    this.#stopwatch?.enter(phase);
    this.told?.phase(phase);
  }

  /** The first sign of a cut: `ws` tells of it only when all that came before it has been handled. */
  #broken(error: NodeJS.ErrnoException): void {
    this.#evidence.socketError ??= error;
    const nothingWaits = this.#ws.readyState === WebSocket.OPEN && this.#ws.extensions === '';
    if (nothingWaits) this.#end(closeReason(1006, '', this.#evidence));
  }

  opened(): void {
    const { socket, url } = this.#evidence;
    const stopwatch = this.#stopwatch;
    this.#stopwatch = null;
    if (stopwatch === null) return;
    const address = `${socket?.remoteAddress ?? hostOf(new URL(url))}:${socket?.remotePort ?? ''}`;
    this.told?.opened(address, stopwatch.stop());
  }

  refused(response: IncomingMessage): void {
    this.#end({
      kind: 'http',
      status: response.statusCode ?? 0,
      retryAfterMs: retryAfterMs(response.headers['retry-after'], this.#clock.wall()),
    });
  }

  failed(error: NodeJS.ErrnoException): void {
    this.#end(errorReason(error, this.#evidence));
  }

  closed(code: number, text: string): void {
    this.#end(closeReason(code, text, this.#evidence));
  }

  #end(reason: DownReason): void {
    const { told } = this;
    this.told = null;
    told?.ended(reason);
  }

  sendText(text: string): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.send(text);
  }

  sendPing(payload: string): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.ping(payload);
  }

  together<T>(say: () => T): T {
    const { socket } = this.#evidence;
    socket?.cork();
    try {
      return say();
    } finally {
      socket?.uncork();
    }
  }

  close(code: number, text: string): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.close(code, text);
    else this.#ws.terminate();
  }

  cut(): void {
    this.told = null;
    this.#ws.terminate();
    this.#evidence.socket?.destroy();
  }

  traffic(): { readonly bytesIn: number; readonly bytesOut: number } {
    const { socket } = this.#evidence;
    return { bytesIn: socket?.bytesRead ?? 0, bytesOut: socket?.bytesWritten ?? 0 };
  }
}

type SocketMade = (error: Error | null, socket: net.Socket) => void;
