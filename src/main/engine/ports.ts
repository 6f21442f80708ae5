import type { ConnectPhase, DownReason } from '../../shared/linkState.ts';
import type { ConnectTimings } from '../../shared/socketView.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';

export type Cancel = () => void;

/** The engine's only sources of time. */
export interface Clock {
  now(): MonoMs;
  wall(): WallMs;
  /** Calls `task` once, at `at` or as soon after as the thread is free. */
  at(at: MonoMs, task: () => void): Cancel;
  /** The same, but as soon half a millisecond before `at` as after it: for a dial that is awaited. */
  sharp(at: MonoMs, task: () => void): Cancel;
  /** The same, up to 20 ms after `at`, together with whatever else is due then: for waits that idle links have. */
  about(at: MonoMs, task: () => void): Cancel;
  /** Calls `task` once, after the input that has already arrived at this process has been handled. */
  afterInput(task: () => void): Cancel;
}

/** Where and how to connect. */
export interface DialTarget {
  readonly url: string;
  /** Of the upgrade, besides those of every WebSocket; `null`: none. They hold secrets. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly ca: string | null;
  readonly compression: boolean;
  readonly maxFrameBytes: number;
  /** The same after permessage-deflate. */
  readonly maxInflatedBytes: number;
  /** How long a socket on which a close frame was received may linger, ms. */
  readonly closeTimeoutMs: number;
}

/** What a socket tells its one owner. `ended` comes exactly once and last, unless the owner cut the socket itself. */
export interface SocketListener {
  phase(phase: ConnectPhase): void;
  opened(address: string, timings: ConnectTimings): void;
  message(frame: Buffer, binary: boolean): void;
  /** The venue's ping; its pong with the same payload goes out by itself. */
  ping(payload: Buffer): void;
  pong(payload: Buffer): void;
  ended(reason: DownReason): void;
}

/** One socket of one generation. Nothing here throws, whatever state the socket is in. */
export interface Socket {
  sendText(text: string): void;
  sendPing(payload: string): void;
  /** What is sent within `say` leaves in one piece, where the socket can do that. */
  together?<T>(say: () => T): T;
  /** Sends a close frame; the owner waits with its own deadline and then calls `cut`. */
  close(code: number, text: string): void;
  /** Destroys the socket at once; the listener hears nothing more. */
  cut(): void;
  /** Bytes on the wire so far, both directions, TLS excluded. */
  traffic(): { readonly bytesIn: number; readonly bytesOut: number };
}

/** A socket that is made and not dialled: nothing of it is open, and it may be forgotten. */
export type PreparedDial = (listener: SocketListener) => Socket;

export interface Dial {
  (target: DialTarget, listener: SocketListener): Socket;
  /** Makes now what a dial a moment later need not wait for; `null` where there is nothing to be made before. */
  readonly prepare?: (target: DialTarget) => PreparedDial | null;
}

/** Where a pool's socket goes, and how it is set up. */
export interface HttpTarget {
  /** Scheme, host and port. */
  readonly url: string;
  readonly ca: string | null;
  readonly http2: boolean;
  readonly noDelay: boolean;
  /** 0: off. */
  readonly tcpKeepAliveMs: number;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

/** What opening took, milliseconds; `null` where the phase did not take place. */
export interface HttpOpened {
  readonly protocol: 'h1' | 'h2';
  /** The peer's own address: `192.0.2.7:443`. */
  readonly address: string;
  readonly dnsMs: number | null;
  readonly tcpMs: number;
  readonly tlsMs: number | null;
}

/** How one request on one socket ended. */
export type HttpResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
      /** The request's last byte was written, the answer's first byte was read, and its last one. */
      readonly sentAt: MonoMs;
      readonly firstByteAt: MonoMs;
      readonly endedAt: MonoMs;
      /** The socket takes another request. */
      readonly reusable: boolean;
    }
  /** `unanswered`: not one byte of an answer came. */
  | { readonly kind: 'failed'; readonly why: string; readonly unanswered: boolean };

export interface HttpSocketListener {
  opened(opened: HttpOpened): void;
  /** It will never open, or takes no more requests; those under way still end by themselves. Once, and not after `cut`. */
  ended(why: string): void;
}

/** One HTTP socket: one connection, never another one in its place. Nothing here throws. */
export interface HttpSocket {
  /** Only when open, and one request at a time on `h1`. `done` is called once, unless the socket or the request was cut. */
  send(request: HttpRequest, done: (result: HttpResult) => void): Cancel;
  /** Destroys the socket at once; nothing is told any more. */
  cut(): void;
}

export type OpenHttp = (target: HttpTarget, listener: HttpSocketListener) => HttpSocket;

export interface Ports {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly dial: Dial;
  readonly openHttp: OpenHttp;
  /** A credential by its name, `null` if there is none. Asked anew for every login, never kept. */
  readonly secret: (name: string) => string | null;
  /** The body of a web page of at most 64 KiB, within 5 s; rejects otherwise. By GET unless told otherwise. */
  readonly fetchText: (url: string, method?: 'GET' | 'POST') => Promise<string>;
  /** Bytes of this whole process in memory, of this thread's heap, and the most that heap may have. */
  readonly memory: () => { readonly rssBytes: number; readonly heapBytes: number; readonly heapLimitBytes: number };
  /** This machine's network addresses as one text, `null` before they are known: another text means another network. */
  readonly networkAddresses: () => string | null;
}
