import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Entrance, LONGEST_MESSAGE, type Reception } from './entrance.ts';
import type { GuestWire } from './guest.ts';

/** A WebSocket server; refuses with 503. */
export class WebSocketEntrance implements Entrance {
  readonly #server = http.createServer((_request, response) => response.writeHead(426).end());
  readonly #wss = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: LONGEST_MESSAGE });

  constructor(reception: Reception) {
    this.#server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => undefined);
      if (reception.refuses) socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      else this.#wss.handleUpgrade(request, socket, head, (ws) => welcome(ws, reception));
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function welcome(ws: WebSocket, reception: Reception): void {
  ws.on('error', () => undefined);
  const guest = reception.welcome(wireOf(ws));
  ws.on('message', (data) => guest.message(data.toString()));
  ws.on('ping', (payload) => {
    guest.heard();
    guest.later(() => ws.pong(payload));
  });
  ws.on('pong', () => guest.heard());
}

function wireOf(ws: WebSocket): GuestWire {
  return {
    send: (text) => ws.send(text),
    end: (code, reason) => ws.close(code, reason),
    cut: () => ws.terminate(),
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    onClose: (listener) => void ws.once('close', listener),
  };
}
