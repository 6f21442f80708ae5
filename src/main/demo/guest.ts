import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { after, monoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import { DelayLine } from './latency.ts';
import { type DemoVenue, SILENCE_LIMIT_MS } from './venue.ts';

const Request = z.object({
  op: z.enum(['subscribe', 'unsubscribe', 'ping']),
  channel: z.string().optional(),
  symbol: z.string().optional(),
  id: z.number().optional(),
});

/** The venue's pings count from beyond 2^53, so that a client that retypes them is found out. */
const FIRST_PING = 9_007_199_254_740_993n;

/**
 * One client of a demo exchange: answers with the venue's latency, ticks what is subscribed, cuts a silent client.
 * Every wait of it ends with it.
 */
export class DemoGuest {
  readonly #ws: WebSocket;
  readonly #venue: DemoVenue;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #line: DelayLine;
  readonly #waits = new Set<Cancel>();
  readonly #ticks = new Map<string, Cancel>();
  readonly #prices: Map<string, number>;
  #silence: Cancel = () => undefined;
  #awaitedPong: string | null = null;
  #nextPing = FIRST_PING;
  #seq = 0;
  #frozen = false;

  constructor(ws: WebSocket, venue: DemoVenue, clock: Clock, random: () => number, connection: number) {
    this.#ws = ws;
    this.#venue = venue;
    this.#clock = clock;
    this.#random = random;
    this.#line = new DelayLine(venue.latency, random);
    this.#prices = new Map(Object.entries(venue.symbols));
    ws.on('error', () => undefined);
    ws.on('close', () => this.#stop());
    ws.on('message', (data) => this.#message(data));
    ws.on('ping', (payload) => {
      this.#heard();
      this.#later(() => ws.pong(payload));
    });
    ws.on('pong', () => this.#heard());
    this.#heard();
    this.#send({ op: 'hello', venue: venue.label, connection });
    if (venue.heartbeatEveryMs !== null) this.#every(venue.heartbeatEveryMs, () => this.#send({ op: 'heartbeat' }));
    if (venue.pingEveryMs !== null) this.#every(venue.pingEveryMs, () => this.#ping());
  }

  drop(): void {
    this.#ws.terminate();
  }

  /** Holds the socket open and neither reads nor writes, until `thaw`. */
  freeze(): void {
    this.#frozen = true;
    this.#ws.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#ws.resume();
    this.#heard();
  }

  #message(data: RawData): void {
    this.#heard();
    const text = data.toString();
    if (this.#awaitedPong !== null && text === `{"pong":${this.#awaitedPong}}`) {
      this.#awaitedPong = null;
      return;
    }
    const request = Request.safeParse(parseJson(text));
    if (!request.success) return this.#refuse(undefined, 'this is no message that the demo understands');
    const { op, channel = '', symbol = '', id } = request.data;
    if (op === 'ping') return this.#later(() => this.#send({ op: 'pong', id }));
    if (!this.#venue.channels.includes(channel) || !Object.hasOwn(this.#venue.symbols, symbol)) {
      return this.#refuse(id, `there is no ${channel} of ${symbol} here`);
    }
    const key = `${channel}:${symbol}`;
    this.#later(() => {
      this.#ticks.get(key)?.();
      this.#ticks.delete(key);
      this.#send({ op: op === 'subscribe' ? 'subscribed' : 'unsubscribed', channel, symbol, id });
      if (op === 'subscribe') this.#tickLater(key, channel, symbol);
    });
  }

  #refuse(id: number | undefined, message: string): void {
    this.#later(() => this.#send({ op: 'error', id, message }));
  }

  #tickLater(key: string, channel: string, symbol: string): void {
    const delayMs = this.#venue.tickEveryMs * (0.5 + this.#random());
    const cancel = this.#at(delayMs, () => {
      this.#tick(channel, symbol);
      this.#tickLater(key, channel, symbol);
    });
    this.#ticks.set(key, cancel);
  }

  #tick(channel: string, symbol: string): void {
    const before = this.#prices.get(symbol) ?? 1;
    const price = before * (1 + (this.#random() - 0.5) * 0.0004);
    this.#prices.set(symbol, price);
    this.#seq += 1;
    this.#send({ channel, symbol, price: price.toPrecision(8), seq: this.#seq, ts: this.#clock.wall() });
  }

  #ping(): void {
    if (this.#frozen) return;
    if (this.#awaitedPong !== null) return this.#ws.close(4000, 'ping not answered with the same value');
    this.#awaitedPong = String(this.#nextPing++);
    this.#ws.send(`{"ping":${this.#awaitedPong}}`);
  }

  #heard(): void {
    this.#silence();
    this.#silence = this.#at(SILENCE_LIMIT_MS, () => {
      if (!this.#frozen) this.#ws.close(4001, `silent for ${SILENCE_LIMIT_MS / 1000} s`);
    });
  }

  #send(message: object): void {
    if (!this.#frozen && this.#ws.readyState === this.#ws.OPEN) this.#ws.send(JSON.stringify(message));
  }

  #later(answer: () => void): void {
    const now = this.#clock.now();
    this.#at(this.#line.dueAt(now) - now, () => {
      if (!this.#frozen && this.#ws.readyState === this.#ws.OPEN) answer();
    });
  }

  #every(ms: number, action: () => void): void {
    this.#at(ms, () => {
      action();
      this.#every(ms, action);
    });
  }

  #at(delayMs: number, action: () => void): Cancel {
    const cancelTimer = this.#clock.at(after(monoMs(this.#clock.now()), delayMs), () => {
      this.#waits.delete(cancel);
      action();
    });
    const cancel = (): void => {
      this.#waits.delete(cancel);
      cancelTimer();
    };
    this.#waits.add(cancel);
    return cancel;
  }

  #stop(): void {
    for (const cancel of this.#waits) cancel();
    this.#waits.clear();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
