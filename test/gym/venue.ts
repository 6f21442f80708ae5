import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { mustBeClosed } from '../support/leaks.ts';

export type Certificate = 'good' | 'other' | 'expired';

const pem = (name: string): string => readFileSync(new URL(`certs/${name}`, import.meta.url), 'utf8');

/** The authority that signed the gym's certificates. */
export const GYM_CA = pem('ca.pem');
export const GYM_CA_FILE = new URL('certs/ca.pem', import.meta.url).pathname;

/** One client of the gym. `id` is the server's own number for the socket: the proof of which socket is which. */
export interface Guest {
  readonly id: number;
  readonly ws: WebSocket;
  readonly socket: Socket;
  readonly received: string[];
}

/** What the next upgrades meet instead of a WebSocket. */
export type Door =
  | { readonly kind: 'open' }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-accept' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'raw'; readonly bytes: string | Buffer }
  /** The test talks to the TCP socket itself. */
  | { readonly kind: 'script'; readonly play: (socket: Socket) => void };

/** A real WebSocket venue on loopback whose every misbehaviour is a method. Port given by the system. */
export class GymVenue {
  readonly guests: Guest[] = [];
  door: Door = { kind: 'open' };
  /** Asked at each upgrade; outranks `door`. */
  doorFor: ((request: http.IncomingMessage) => Door) | null = null;
  /** Upgrades that were asked for, whatever they met. */
  upgrades = 0;
  answersPings = true;
  onText: (guest: Guest, text: string) => void = () => undefined;
  onGuest: (guest: Guest) => void = () => undefined;
  readonly #server: http.Server;
  readonly #wss: WebSocketServer;
  readonly #sockets = new Set<Socket>();
  readonly #secure: boolean;
  #nextId = 1;
  #port = 0;

  private constructor(certificate: Certificate | null, compression: boolean) {
    this.#secure = certificate !== null;
    const perMessageDeflate = compression ? { threshold: 0 } : false;
    this.#wss = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate });
    this.#server =
      certificate === null
        ? http.createServer()
        : https.createServer({ cert: pem(`${certificate}.pem`), key: pem(`${certificate}.key`) });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (request: http.IncomingMessage, socket: Socket, head: Buffer) => {
      socket.on('error', () => undefined);
      this.#admit(request, socket, head);
    });
    mustBeClosed(
      'a gym venue',
      () => this.#server.listening,
      () => void this.close(),
    );
  }

  /** `compression`: permessage-deflate for clients that offer it. */
  static async open(certificate: Certificate | null = null, compression = false): Promise<GymVenue> {
    const venue = new GymVenue(certificate, compression);
    venue.#server.listen(0, '127.0.0.1');
    await once(venue.#server, 'listening');
    venue.#port = (venue.#server.address() as AddressInfo).port;
    return venue;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.#secure ? 'wss' : 'ws'}://127.0.0.1:${this.port}/`;
  }

  get newest(): Guest {
    const guest = this.guests.at(-1);
    if (guest === undefined) throw new Error('the venue has no guest');
    return guest;
  }

  /** Guests whose socket is open right now. */
  get present(): Guest[] {
    return this.guests.filter(({ ws }) => ws.readyState === WebSocket.OPEN);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #admit(request: http.IncomingMessage, socket: Socket, head: Buffer): void {
    this.upgrades += 1;
    const door = this.doorFor?.(request) ?? this.door;
    // A client that hangs up before it is let in is let go.
    if (door.kind !== 'open') socket.resume().on('end', () => socket.destroy());
    switch (door.kind) {
      case 'open':
        this.#wss.handleUpgrade(request, socket, head, (ws) => this.#welcome(ws, socket));
        return;
      case 'status': {
        const headers = Object.entries({ connection: 'close', ...door.headers }).map(
          ([name, value]) => `${name}: ${value}\r\n`,
        );
        socket.end(`HTTP/1.1 ${door.status} No\r\n${headers.join('')}\r\n`);
        return;
      }
      case 'wrong-accept':
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
        );
        return;
      case 'hang':
        return;
      case 'raw':
        socket.write(door.bytes);
        return;
      case 'script':
        door.play(socket);
        return;
    }
  }

  #welcome(ws: WebSocket, socket: Socket): void {
    const guest: Guest = { id: this.#nextId++, ws, socket, received: [] };
    this.guests.push(guest);
    ws.on('error', () => undefined);
    ws.on('ping', (payload) => {
      if (this.answersPings) ws.pong(payload);
    });
    ws.on('message', (data) => {
      const text = data.toString();
      guest.received.push(text);
      this.onText(guest, text);
    });
    this.onGuest(guest);
  }
}
