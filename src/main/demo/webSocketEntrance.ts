import http, { type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../engine/ports.ts';
import { Door } from './door.ts';
import type { Entrance, Reception } from './entrance.ts';
import type { GuestWire } from './guest.ts';
import { LONGEST_MESSAGE } from './limits.ts';

/** A WebSocket server. Whoever is held waits for the answer to its upgrade. */
export class WebSocketEntrance implements Entrance {
  readonly #wss = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: LONGEST_MESSAGE });
  readonly #server = http.createServer((_request, response) => response.writeHead(426).end());
  readonly #reception: Reception;
  readonly #door: Door;
  /** By its socket: what lets a held client in. */
  readonly #held = new Map<Socket, () => void>();

  constructor(reception: Reception, clock: Clock) {
    this.#reception = reception;
    this.#door = new Door(this.#server, clock);
    this.#server.on('upgrade', (request, stream, head) => {
      // What an HTTP server upgrades is the TCP socket itself.
      const socket = stream as Socket;
      socket.on('error', () => undefined);
      this.#receive(request, socket, head);
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#door.port}/`;
  }

  open(): Promise<void> {
    return this.#door.open();
  }

  shut(): void {
    this.#door.shut();
  }

  admit(): void {
    const letIn = [...this.#held.values()];
    this.#held.clear();
    for (const one of letIn) one();
  }

  async close(): Promise<void> {
    for (const socket of this.#held.keys()) socket.destroy();
    this.#server.closeAllConnections();
    await this.#door.close();
  }

  #receive(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const comeIn = (): void =>
      this.#wss.handleUpgrade(request, socket, head, (ws) => welcome(ws, socket, this.#reception));
    const answer = this.#reception.receive();
    if (answer === 'in') return comeIn();
    if (answer === 'reset') return void socket.resetAndDestroy();
    if (answer === 'hold') {
      this.#held.set(socket, comeIn);
      return void socket.once('close', () => this.#held.delete(socket));
    }
    const lines = ['HTTP/1.1 429 Too Many Requests', `Retry-After: ${answer.retryAfterSecs}`, 'Connection: close'];
    socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  }
}

function welcome(ws: WebSocket, socket: Socket, reception: Reception): void {
  ws.on('error', () => undefined);
  const guest = reception.welcome(wireOf(ws, socket));
  ws.on('message', (data) => guest.message(data.toString()));
  ws.on('ping', (payload) => guest.pinged(payload));
  ws.on('pong', () => guest.heard());
}

function wireOf(ws: WebSocket, socket: Socket): GuestWire {
  return {
    send: (text) => ws.send(text),
    pong: (payload) => ws.pong(payload),
    end: (code, reason) => ws.close(code, reason),
    // A reset: `terminate` would end it with a polite FIN.
    cut: () => socket.resetAndDestroy(),
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    unread: () => ws.bufferedAmount,
    onClose: (listener) => void ws.once('close', listener),
  };
}
