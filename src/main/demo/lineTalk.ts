import type { DemoTick } from './feed.ts';
import type { DemoGuest, Talk } from './guest.ts';
import { LINE_CHANNEL } from './venue.ts';

/** The conversation of a line exchange: `PING`, `SUBSCRIBE:sym` and `UNSUBSCRIBE:sym`, answered line by line. */
export class LineTalk implements Talk {
  readonly #guest: DemoGuest;

  constructor(guest: DemoGuest) {
    this.#guest = guest;
  }

  hear(line: string): void {
    if (line === 'PING') return this.#answer('PONG');
    const colon = line.indexOf(':');
    const word = colon < 0 ? line : line.slice(0, colon);
    const symbol = line.slice(word.length + 1);
    if (word !== 'SUBSCRIBE' && word !== 'UNSUBSCRIBE') {
      return this.#answer('ERROR:this is no line that the demo understands');
    }
    if (!this.#guest.offers(LINE_CHANNEL, symbol)) return this.#answer(`ERROR:there is no ${symbol} here`);
    this.#guest.later(() => {
      this.#guest.send(`${word}D:${symbol}`);
      if (word === 'SUBSCRIBE') this.#guest.follow(LINE_CHANNEL, symbol, (tick) => this.#guest.send(lineOf(tick)));
      else this.#guest.unfollow(LINE_CHANNEL, symbol);
    });
  }

  #answer(line: string): void {
    this.#guest.later(() => this.#guest.send(line));
  }
}

const lineOf = ({ symbol, price, seq, ts }: DemoTick): string => `TICK:${symbol}:${price}:${seq}:${ts}`;
