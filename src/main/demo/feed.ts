import { after, type WallMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { DemoMarket } from './venue.ts';

/** One tick, the same for everybody who follows its stream. */
export interface DemoTick {
  readonly channel: string;
  readonly symbol: string;
  readonly price: string;
  /** Rises by one from tick to tick of its channel and symbol, for as long as the exchange lives. */
  readonly seq: number;
  readonly ts: WallMs;
}

export type OnTick = (tick: DemoTick) => void;

/**
 * The ticks of one exchange, made once and told to all who follow, whichever address they came by: two sockets of one
 * client see the same numbers. A stream waits for its next tick only while somebody follows it: the last to leave ends
 * the wait, and the count goes on from there when the next one comes.
 */
export class DemoFeed {
  readonly #market: DemoMarket;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #prices: Map<string, number>;
  readonly #streams = new Map<string, TickStream>();

  constructor(market: DemoMarket, clock: Clock, random: () => number) {
    this.#market = market;
    this.#clock = clock;
    this.#random = random;
    this.#prices = new Map(Object.entries(market.symbols));
  }

  has(channel: string, symbol: string): boolean {
    return this.#market.channels.includes(channel) && Object.hasOwn(this.#market.symbols, symbol);
  }

  /** Tells `onTick` every tick from now on, until the returned function is called. */
  follow(channel: string, symbol: string, onTick: OnTick): Cancel {
    const key = `${channel}:${symbol}`;
    const stream = this.#streams.get(key) ?? this.#newStream(channel, symbol);
    this.#streams.set(key, stream);
    return stream.follow(onTick);
  }

  #newStream(channel: string, symbol: string): TickStream {
    const wait = (task: () => void): Cancel =>
      this.#clock.at(after(this.#clock.now(), this.#market.tickEveryMs * (0.5 + this.#random())), task);
    return new TickStream(wait, (seq) => {
      const price = this.#nextPrice(symbol).toPrecision(8);
      return { channel, symbol, price, seq, ts: this.#clock.wall() };
    });
  }

  #nextPrice(symbol: string): number {
    const price = (this.#prices.get(symbol) ?? 1) * (1 + (this.#random() - 0.5) * 0.0004);
    this.#prices.set(symbol, price);
    return price;
  }
}

/** One channel of one symbol: its counter, its followers, and the one wait for its next tick. */
class TickStream {
  readonly #wait: (task: () => void) => Cancel;
  readonly #make: (seq: number) => DemoTick;
  /** By the follower itself, since two may share a function. */
  readonly #followers = new Map<symbol, OnTick>();
  #seq = 0;
  #cancelWait: Cancel = () => undefined;

  constructor(wait: (task: () => void) => Cancel, make: (seq: number) => DemoTick) {
    this.#wait = wait;
    this.#make = make;
  }

  follow(onTick: OnTick): Cancel {
    const follower = Symbol();
    this.#followers.set(follower, onTick);
    if (this.#followers.size === 1) this.#arm();
    return () => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) this.#cancelWait();
    };
  }

  #arm(): void {
    this.#cancelWait = this.#wait(() => {
      this.#arm();
      this.#seq += 1;
      const tick = this.#make(this.#seq);
      for (const onTick of this.#followers.values()) onTick(tick);
    });
  }
}
