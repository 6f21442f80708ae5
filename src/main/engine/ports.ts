import type { ConnectPhase, DownReason } from '../../shared/linkState.ts';
import type { ConnectTimings } from '../../shared/snapshot.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';

export type Cancel = () => void;

/** The engine's only sources of time. */
export interface Clock {
  now(): MonoMs;
  wall(): WallMs;
  /** Calls `task` once, at `at` or as soon after as the thread is free. */
  at(at: MonoMs, task: () => void): Cancel;
  /** Calls `task` once, after the input that has already arrived at this process has been handled. */
  afterInput(task: () => void): Cancel;
}

/** Where and how to connect. */
export interface DialTarget {
  readonly url: string;
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
  ping(): void;
  pong(payload: Buffer): void;
  ended(reason: DownReason): void;
}

/** One socket of one generation. Nothing here throws, whatever state the socket is in. */
export interface Socket {
  sendText(text: string): void;
  sendPing(payload: string): void;
  /** Sends a close frame; the owner waits with its own deadline and then calls `cut`. */
  close(code: number, text: string): void;
  /** Destroys the socket at once; the listener hears nothing more. */
  cut(): void;
  /** Bytes on the wire so far, both directions, TLS excluded. */
  traffic(): { readonly bytesIn: number; readonly bytesOut: number };
}

export type Dial = (target: DialTarget, listener: SocketListener) => Socket;

export interface Ports {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly dial: Dial;
  /** A credential by its name, `null` if there is none. Asked anew for every login, never kept. */
  readonly secret: (name: string) => string | null;
  /** The body of a web page of at most 64 KiB, within 5 s; rejects otherwise. By GET unless told otherwise. */
  readonly fetchText: (url: string, method?: 'GET' | 'POST') => Promise<string>;
  /** Bytes of this whole process in memory, of this thread's heap, and the most that heap may have. */
  readonly memory: () => { readonly rssBytes: number; readonly heapBytes: number; readonly heapLimitBytes: number };
  /** This machine's network addresses as one text: another text means another network. */
  readonly networkAddresses: () => string;
}
