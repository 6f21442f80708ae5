import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DemoExchange, DemoFault } from '../../shared/contract.ts';
import { assertNever } from '../../shared/outcome.ts';
import { after, type MonoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import { DemoGuest } from './guest.ts';
import type { DemoVenue } from './venue.ts';

/** A demo exchange: a real WebSocket server on a loopback port of the system's choice, with faults on command. */
export class Exchange {
  readonly #venue: DemoVenue;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #server = http.createServer((_request, response) => response.writeHead(426).end());
  readonly #wss = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: 64 * 1024 });
  readonly #guests = new Map<WebSocket, DemoGuest>();
  #connections = 0;
  #fault: { readonly kind: 'frozen' | 'refusing'; readonly until: MonoMs } | null = null;
  #recovery: Cancel = () => undefined;

  private constructor(venue: DemoVenue, clock: Clock, random: () => number) {
    this.#venue = venue;
    this.#clock = clock;
    this.#random = random;
    this.#server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => undefined);
      if (this.#fault?.kind === 'refusing') {
        socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      } else {
        this.#wss.handleUpgrade(request, socket, head, (ws) => this.#welcome(ws));
      }
    });
  }

  /** Rejects if no loopback port can be had. */
  static async open(venue: DemoVenue, clock: Clock, random: () => number): Promise<Exchange> {
    const exchange = new Exchange(venue, clock, random);
    exchange.#server.listen(0, '127.0.0.1');
    await once(exchange.#server, 'listening');
    return exchange;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  view(): DemoExchange {
    const fault = this.#fault;
    return {
      name: this.#venue.name,
      label: this.#venue.label,
      fault: fault?.kind ?? 'none',
      faultSecsLeft: fault === null ? null : Math.max(0, Math.ceil((fault.until - this.#clock.now()) / 1000)),
      clients: this.#guests.size,
    };
  }

  /** `drop` cuts every client once; `freeze` and `refuse` last `forMs`; `recover` ends either at once. */
  inject(fault: DemoFault, forMs: number): void {
    this.#recover();
    switch (fault) {
      case 'recover':
        return;
      case 'drop':
        return this.#dropAll();
      case 'freeze':
        for (const guest of this.#guests.values()) guest.freeze();
        return this.#begin('frozen', forMs);
      case 'refuse':
        this.#dropAll();
        return this.#begin('refusing', forMs);
      default:
        return assertNever(fault);
    }
  }

  async close(): Promise<void> {
    this.#recovery();
    this.#dropAll();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #begin(kind: 'frozen' | 'refusing', forMs: number): void {
    const until = after(this.#clock.now(), forMs);
    this.#fault = { kind, until };
    this.#recovery = this.#clock.at(until, () => this.#recover());
  }

  #recover(): void {
    this.#recovery();
    if (this.#fault?.kind === 'frozen') for (const guest of this.#guests.values()) guest.thaw();
    this.#fault = null;
  }

  #dropAll(): void {
    for (const guest of this.#guests.values()) guest.drop();
  }

  #welcome(ws: WebSocket): void {
    this.#connections += 1;
    const guest = new DemoGuest(ws, this.#venue, this.#clock, this.#random, this.#connections);
    this.#guests.set(ws, guest);
    ws.on('close', () => this.#guests.delete(ws));
    if (this.#fault?.kind === 'frozen') guest.freeze();
  }
}
