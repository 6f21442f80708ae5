import type { Dial, DialTarget, Socket, SocketListener } from '../../src/main/engine/ports.ts';
import type { DownReason } from '../../src/shared/linkState.ts';
import { mustBeClosed } from './leaks.ts';

/** One dialled socket in the test's hands: the test plays the network and the venue. */
export class FakeSocket implements Socket {
  readonly sent: string[] = [];
  readonly pings: string[] = [];
  closedWith: number | null = null;
  isCut = false;
  readonly target: DialTarget;
  readonly #listener: SocketListener;

  constructor(target: DialTarget, listener: SocketListener) {
    this.target = target;
    this.#listener = listener;
  }

  open(): void {
    this.#listener.opened('127.0.0.1:1', { dnsMs: null, tcpMs: 1, tlsMs: null, upgradeMs: 1, totalMs: 2 });
  }

  text(frame: string): void {
    this.#listener.message(Buffer.from(frame), false);
  }

  pong(payload: string): void {
    this.#listener.pong(Buffer.from(payload));
  }

  /** Pings sent so far, in control frames or as JSON. */
  get pingCount(): number {
    return this.pings.length + this.sent.filter(isJsonPing).length;
  }

  /** Answers the newest ping, in its own dialect. */
  answer(): void {
    const payload = this.pings.at(-1);
    if (payload !== undefined) this.pong(payload);
    const json = this.sent.findLast(isJsonPing);
    if (json !== undefined) this.text(json.replace('"ping"', '"pong"'));
  }

  venuePing(payload = ''): void {
    this.#listener.ping(Buffer.from(payload));
  }

  end(reason: DownReason): void {
    this.#listener.ended(reason);
  }

  sendText(text: string): void {
    this.sent.push(text);
  }

  sendPing(payload: string): void {
    this.pings.push(payload);
  }

  close(code: number): void {
    this.closedWith = code;
  }

  cut(): void {
    this.isCut = true;
  }

  traffic(): { bytesIn: number; bytesOut: number } {
    return { bytesIn: 0, bytesOut: 0 };
  }
}

function isJsonPing(text: string): boolean {
  return text.includes('"op":"ping"');
}

/** Every socket ever dialled, oldest first. */
export class FakeNet {
  readonly sockets: FakeSocket[] = [];

  constructor() {
    mustBeClosed(
      'fake sockets',
      () => this.open.length > 0,
      () => undefined,
    );
  }

  /** Sockets that were made before their dial. */
  prepared = 0;

  readonly dial: Dial = Object.assign((target: DialTarget, listener: SocketListener) => this.#dial(target, listener), {
    prepare: (target: DialTarget) => {
      this.prepared += 1;
      return (listener: SocketListener) => this.#dial(target, listener);
    },
  });

  #dial(target: DialTarget, listener: SocketListener): FakeSocket {
    const socket = new FakeSocket(target, listener);
    this.sockets.push(socket);
    return socket;
  }

  get newest(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nothing was dialled');
    return socket;
  }

  get open(): FakeSocket[] {
    return this.sockets.filter((socket) => !socket.isCut);
  }
}
