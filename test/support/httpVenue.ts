import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { mustBeClosed } from './leaks.ts';
import { Waiting } from './waiting.ts';

const certs = join(import.meta.dirname, '..', 'gym', 'certs');
const pem = (file: string): string => readFileSync(join(certs, file), 'utf8');

/** What the good certificate is signed by. */
export const VENUE_CA = pem('ca.pem');

export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** The number of the connection it came on, from 1. */
  readonly connection: number;
}

/** Answers one request, or does something worse to its socket. */
export type Behaviour = (answer: ServerResponse, heard: Heard, socket: Socket) => void;

export const answersOk: Behaviour = (answer) => void answer.end('{}');

/** A real HTTP server on loopback that does as it is told, and remembers. Never closes an idle socket by itself. */
export class HttpVenue {
  readonly heard: Heard[] = [];
  /** Open connections, oldest first. */
  readonly sockets = new Set<Socket>();
  connections = 0;
  handshakes = 0;
  behaviour: Behaviour = answersOk;
  readonly #server: http.Server | https.Server | http2.Http2SecureServer;
  readonly #scheme: string;
  readonly #waiting = new Waiting();
  readonly #numbers = new WeakMap<Socket, number>();

  private constructor(kind: 'http' | 'https' | 'h2') {
    const onRequest = (request: IncomingMessage, answer: ServerResponse): void => void this.#hear(request, answer);
    const tls = { key: pem('good.key'), cert: pem('good.pem') };
    if (kind === 'http') this.#server = http.createServer({ keepAlive: true }, onRequest);
    else if (kind === 'https') this.#server = https.createServer(tls, onRequest);
    else this.#server = http2.createSecureServer({ ...tls, allowHTTP1: true }, onRequest as never);
    if (!(this.#server instanceof http.Server)) this.#scheme = 'https';
    else this.#scheme = 'http';
    if ('keepAliveTimeout' in this.#server) this.#server.keepAliveTimeout = 0;
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#numbers.set(socket, this.connections);
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(socket);
        this.#waiting.look();
      });
      this.#waiting.look();
    });
    this.#server.on('secureConnection', () => {
      this.handshakes += 1;
    });
    mustBeClosed(
      'an HTTP venue',
      () => this.#server.listening,
      () => void this.close(),
    );
  }

  static async open(kind: 'http' | 'https' | 'h2' = 'http'): Promise<HttpVenue> {
    const venue = new HttpVenue(kind);
    venue.#server.listen(0, '127.0.0.1');
    await once(venue.#server, 'listening');
    return venue;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves as soon as it holds, looked at with every connection, request and close. */
  until(isSo: () => boolean): Promise<void> {
    return this.#waiting.until(isSo);
  }

  /** Cuts every open connection, as a restart would. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.cutAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #hear(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { socket } = request;
    const heard = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: Buffer.concat(chunks).toString('utf8'),
      connection: this.#numberOf(socket),
    };
    this.heard.push(heard);
    this.behaviour(answer, heard, socket);
    this.#waiting.look();
  }

  /** A TLS socket is another object than the TCP socket under it: both have the same ports. */
  #numberOf(socket: Socket): number {
    const same = [...this.sockets].find((one) => one.remotePort === socket.remotePort);
    return this.#numbers.get(same ?? socket) ?? 0;
  }
}
