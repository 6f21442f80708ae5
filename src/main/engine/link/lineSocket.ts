import net from 'node:net';
import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { Clock, DialTarget, Socket, SocketListener } from '../ports.ts';
import { trusting } from '../trust.ts';
import { PhaseStopwatch } from './phaseStopwatch.ts';
import { type Evidence, errorReason } from './socketEnd.ts';
import { connectSocket, hostOf, isSecure } from './tcpSocket.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** A connection of lines over TCP or TLS (row L2): what is sent gets a line feed, what comes is told line by line. */
export function openLineSocket(
  clock: Clock,
  lookup: net.LookupFunction | undefined,
  target: DialTarget,
  listener: SocketListener,
): Socket {
  const url = new URL(target.url);
  const stopwatch = new PhaseStopwatch(clock);
  const evidence: Evidence = { socket: null, socketError: null, url: target.url, limitBytes: target.maxFrameBytes };
  let over = false;
  const end = (reason: DownReason): void => {
    if (over) return;
    over = true;
    socket.destroy();
    listener.ended(reason);
  };
  const phase = (next: ConnectPhase): void => {
    stopwatch.enter(next);
    if (!over) listener.phase(next);
  };
  const opened = (): void => {
    if (!over) listener.opened(`${socket.remoteAddress ?? hostOf(url)}:${socket.remotePort ?? ''}`, stopwatch.stop());
  };
  const socket = connectSocket(
    {
      host: hostOf(url),
      port: Number(url.port),
      ...(target.ca === null ? {} : { secureContext: trusting(target.ca) }),
    },
    url,
    lookup,
  );
  evidence.socket = socket;
  const lines = new LineSplitter(target.maxFrameBytes);
  socket.once('lookup', (error: Error | null) => error === null && phase('tcp'));
  socket.once('connect', () => (isSecure(url) ? phase('tls') : opened()));
  socket.once('secureConnect', opened);
  socket.on('data', (chunk: Buffer) => {
    for (const line of lines.add(chunk)) if (!over) listener.message(line, false);
    if (lines.tooLong) {
      end({ kind: 'protocol', code: 1009, message: `a line of more than ${target.maxFrameBytes} bytes` });
    }
  });
  socket.once('error', (error: NodeJS.ErrnoException) => end(errorReason(error, evidence)));
  socket.once('end', () => end({ kind: 'cut', code: 'the venue ended the TCP connection' }));
  socket.once('close', () => end({ kind: 'cut', code: 'the venue ended the TCP connection' }));
  phase(net.isIP(hostOf(url)) === 0 ? 'resolving' : 'tcp');

  return {
    sendText: (text) => {
      if (!over) socket.write(text.endsWith('\n') ? text : `${text}\n`);
    },
    // Lines know no ping frames; a preset for them cannot ask for one.
    sendPing: () => undefined,
    close: () => {
      if (!over) socket.end();
    },
    cut: () => {
      over = true;
      socket.destroy();
    },
    traffic: () => ({ bytesIn: socket.bytesRead, bytesOut: socket.bytesWritten }),
  };
}

/** Cuts a stream of bytes into lines, without their line ends; empty lines are nothing. */
export class LineSplitter {
  readonly #limitBytes: number;
  #rest: Buffer[] = [];
  #restBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** A line has grown over the limit and has not ended. */
  get tooLong(): boolean {
    return this.#restBytes > this.#limitBytes;
  }

  add(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      const line = this.#line(chunk.subarray(from, at));
      from = at + 1;
      if (line.length > this.#limitBytes) {
        this.#restBytes = line.length;
        return lines;
      }
      if (line.length > 0) lines.push(line);
    }
    if (from < chunk.length) {
      this.#rest.push(chunk.subarray(from));
      this.#restBytes += chunk.length - from;
    }
    return lines;
  }

  #line(last: Buffer): Buffer {
    const whole = this.#rest.length === 0 ? last : Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    this.#restBytes = 0;
    return whole.at(-1) === CARRIAGE_RETURN ? whole.subarray(0, -1) : whole;
  }
}
