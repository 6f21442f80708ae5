import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { DemoExchange, DemoFault } from '../../shared/demoFault.ts';
import type { Clock } from '../engine/ports.ts';
import { type DemoCertificate, demoCertificate } from './certificate.ts';
import { DelayRelay } from './delayRelay.ts';
import { FaultSlot } from './faultSlot.ts';
import { drawLatencyMs, type LatencyModel } from './latency.ts';
import { MAX_CONNECTIONS } from './limits.ts';

/** A connection without a request for so long is closed, as real venues do: the learned idle limit shows it. */
export const REST_IDLE_MS = 20_000;

/** One way to it and back. */
const ONE_WAY: LatencyModel = { medianMs: 4, spread: 0.15, tailShare: 0.02, tailFactor: 4 };

/**
 * Row D5: the demo's HTTPS exchange, HTTP/1.1 and HTTP/2, behind a few milliseconds of distance, so that a cold request
 * and a warm one differ as they do on a network. Answers `/time` and `/ping`, by GET and HEAD.
 */
export class RestExchange {
  readonly #clock: Clock;
  readonly #certificate: DemoCertificate;
  readonly #server: http2.Http2SecureServer;
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  readonly #random: () => number;
  readonly #slot: FaultSlot;
  #relay: DelayRelay | null = null;

  private constructor(clock: Clock, random: () => number, certificate: DemoCertificate) {
    this.#clock = clock;
    this.#random = random;
    this.#slot = new FaultSlot(clock, () => void this.recover());
    this.#certificate = certificate;
    this.#server = http2.createSecureServer(
      { key: certificate.key, cert: certificate.cert, allowHTTP1: true },
      // HTTP/1.1 and HTTP/2 requests are alike in all that is used here.
      (request, response) => this.#answer(request as never, response as never),
    );
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('error', () => undefined);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  /** Rejects if no loopback port can be had. */
  static async open(clock: Clock, random: () => number): Promise<RestExchange> {
    const exchange = new RestExchange(clock, random, await demoCertificate(new Date(clock.wall())));
    await exchange.#listen();
    return exchange;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#relay?.port ?? 0}`;
  }

  /** PEM text of the authority that a client must trust. */
  get ca(): string {
    return this.#certificate.cert;
  }

  view(): DemoExchange {
    return {
      name: 'rest',
      label: 'DEMO REST',
      wire: 'HTTPS',
      injection: this.#slot.view(),
      clients: this.#relay?.size ?? 0,
    };
  }

  /** Takes the place of the fault before. Resolves when connects are received as the fault has it. */
  async inject(fault: DemoFault): Promise<void> {
    this.#calm();
    this.#slot.begin(fault);
    if (fault.kind === 'kill') this.#relay?.killIdle();
    if (fault.kind === 'freeze') this.#relay?.freeze(true);
    if (fault.kind === 'idle-close') this.#relay?.idleChanged();
    if (fault.kind === 'refuse') this.#relay?.shut();
    else await this.#relay?.open();
  }

  /** Ends the fault; resolves when connects come through again. */
  async recover(): Promise<void> {
    this.#calm();
    await this.#relay?.open();
  }

  async close(): Promise<void> {
    this.#slot.end();
    await this.#relay?.close();
    for (const session of this.#sessions) session.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #listen(): Promise<void> {
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#relay = new DelayRelay({
      clock: this.#clock,
      toPort: (this.#server.address() as AddressInfo).port,
      oneWayMs: () => drawLatencyMs(ONE_WAY, this.#random) + this.#slowMs / 2,
      idleMs: () => this.#idleMs,
    });
    await this.#relay.open();
  }

  #calm(): void {
    this.#slot.end();
    this.#relay?.freeze(false);
    this.#relay?.idleChanged();
  }

  get #idleMs(): number {
    const { fault } = this.#slot;
    return fault?.kind === 'idle-close' ? fault.afterSecs * 1000 : REST_IDLE_MS;
  }

  /** There and back. */
  get #slowMs(): number {
    const { fault } = this.#slot;
    return fault?.kind === 'slow' ? fault.byMs : 0;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    const { fault } = this.#slot;
    const reply = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): void => {
      const text = JSON.stringify(body);
      const length = Buffer.byteLength(text);
      if (fault?.kind === 'cut' && request.method === 'HEAD') return hangUp(response);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': length, ...headers });
      if (fault?.kind === 'cut') response.write(text.slice(0, length / 2), () => hangUp(response));
      else response.end(request.method === 'HEAD' ? undefined : text);
    };
    if (fault?.kind === 'unavailable') return reply(503, { error: 'out of order, for a drill' });
    if (fault?.kind === 'rate-limit') {
      return reply(429, { error: 'too many, for a drill' }, { 'retry-after': String(fault.retryAfterSecs) });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply(405, { error: 'GET or HEAD' });
    if (path === '/time') return reply(200, { venue: 'DEMO REST', epoch_ms: Math.round(this.#clock.wall()) });
    if (path === '/ping') return reply(200, {});
    reply(404, { error: 'the DEMO knows /time and /ping' });
  }
}

/** Ends the connection that an answer is on. */
function hangUp(response: ServerResponse): void {
  const stream = 'stream' in response ? (response.stream as http2.ServerHttp2Stream) : null;
  if (stream === null) response.socket?.destroy();
  else stream.session?.destroy();
}
