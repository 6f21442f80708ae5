import { z } from 'zod';
import type { DemoGuest, Talk } from './guest.ts';
import type { DemoDialect } from './venue.ts';

const Request = z.object({
  op: z.enum(['subscribe', 'unsubscribe', 'ping']),
  channel: z.string().optional(),
  symbol: z.string().optional(),
  id: z.number().optional(),
});

/** The venue's pings count from beyond 2^53, so that a client that retypes them is found out. */
const FIRST_PING = 9_007_199_254_740_993n;

/** A wrong pong's id is so far from its ping's that it is no other ping's either. */
const WRONG_ID_OFFSET = 1_000_000_000;

/** The conversation of a WebSocket exchange: JSON requests with ids, and the venue's own pings and heartbeats. */
export class JsonTalk implements Talk {
  readonly #guest: DemoGuest;
  #awaitedPong: string | null = null;
  #nextPing = FIRST_PING;

  constructor(guest: DemoGuest, dialect: Extract<DemoDialect, { kind: 'json' }>, label: string, connection: number) {
    this.#guest = guest;
    this.#send({ op: 'hello', venue: label, connection });
    const { heartbeatEveryMs, pingEveryMs } = dialect;
    if (heartbeatEveryMs !== null) guest.every(heartbeatEveryMs, () => this.#send({ op: 'heartbeat' }));
    if (pingEveryMs !== null) guest.every(pingEveryMs, () => this.#ping());
  }

  hear(text: string): void {
    if (this.#awaitedPong !== null && text === `{"pong":${this.#awaitedPong}}`) {
      this.#awaitedPong = null;
      return;
    }
    const request = Request.safeParse(parseJson(text));
    if (!request.success) return this.#refuse(undefined, 'this is no message that the demo understands');
    const { op, channel = '', symbol = '', id } = request.data;
    if (op === 'ping') return this.#guest.later(() => this.#pong(id));
    if (!this.#guest.offers(channel, symbol)) return this.#refuse(id, `there is no ${channel} of ${symbol} here`);
    this.#guest.later(() => {
      this.#send({ op: op === 'subscribe' ? 'subscribed' : 'unsubscribed', channel, symbol, id });
      if (op === 'subscribe') this.#guest.follow(channel, symbol, (tick) => this.#send(tick));
      else this.#guest.unfollow(channel, symbol);
    });
  }

  #refuse(id: number | undefined, message: string): void {
    this.#guest.later(() => this.#send({ op: 'error', id, message }));
  }

  #pong(id: number | undefined): void {
    const wrong = this.#guest.conduct.wrongPongs && id !== undefined;
    this.#send({ op: 'pong', id: wrong ? id + WRONG_ID_OFFSET : id });
  }

  #ping(): void {
    if (this.#guest.conduct.frozen) return;
    if (this.#awaitedPong !== null) return this.#guest.end(4000, 'ping not answered with the same value');
    this.#awaitedPong = String(this.#nextPing++);
    this.#guest.send(`{"ping":${this.#awaitedPong}}`);
  }

  #send(message: object): void {
    this.#guest.send(JSON.stringify(message));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
