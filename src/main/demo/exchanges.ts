import type { DemoExchange } from '../../shared/contract.ts';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { DemoClient } from './contract.ts';
import { Exchange } from './exchange.ts';
import { DemoFeed } from './feed.ts';
import { RestExchange } from './restExchange.ts';
import { DEMO_VENUES } from './venue.ts';

const STATUS_EVERY_MS = 500;
/** `demo://rest`: it takes no faults, and so has no place in the status. */
const REST_NAME = 'rest';

/** All demo exchanges, one entry for each of their addresses, behind one contract. */
export class Exchanges implements DemoClient {
  readonly #clock: Clock;
  readonly #exchanges: ReadonlyMap<string, Exchange>;
  readonly #rest: RestExchange;
  readonly #readers = new Map<(status: readonly DemoExchange[]) => void, string>();
  #tick: Cancel = () => undefined;

  private constructor(clock: Clock, exchanges: ReadonlyMap<string, Exchange>, rest: RestExchange) {
    this.#clock = clock;
    this.#exchanges = exchanges;
    this.#rest = rest;
    this.#armTick();
  }

  static async open(clock: Clock, random: () => number): Promise<Exchanges> {
    const parts = DEMO_VENUES.flatMap(({ addresses, dialect, market }) => {
      const feed = new DemoFeed(market, clock, random);
      return addresses.map((address) => ({ address, dialect, feed, clock, random }));
    });
    const opened = await Promise.all(parts.map(async (one) => [one.address.name, await Exchange.open(one)] as const));
    return new Exchanges(clock, new Map(opened), await RestExchange.open(clock, random));
  }

  readonly addresses = async (_input: null): Promise<Outcome<Readonly<Record<string, string>>>> =>
    ok({
      ...Object.fromEntries([...this.#exchanges].map(([name, exchange]) => [name, exchange.url])),
      [REST_NAME]: this.#rest.url,
    });

  readonly authority = async (_input: null): Promise<Outcome<string>> => ok(this.#rest.ca);

  readonly inject: DemoClient['inject'] = async ({ exchange: name, fault, forMs }) => {
    const exchange = this.#exchanges.get(name);
    if (exchange === undefined) {
      const known = [...this.#exchanges.keys()].join(', ');
      return failed('unknown-exchange', `there is no demo exchange ${name}`, name, `the demo has: ${known}`);
    }
    exchange.inject(fault, forMs);
    this.#publish();
    return ok(null);
  };

  readonly status: DemoClient['status'] = (_input, onValue) => {
    const reader = (status: readonly DemoExchange[]): void => onValue(status);
    this.#readers.set(reader, '');
    this.#publish();
    return () => void this.#readers.delete(reader);
  };

  async close(): Promise<void> {
    this.#tick();
    this.#readers.clear();
    await Promise.all([this.#rest, ...this.#exchanges.values()].map((exchange) => exchange.close()));
  }

  #armTick(): void {
    this.#tick = this.#clock.at(after(this.#clock.now(), STATUS_EVERY_MS), () => {
      this.#publish();
      this.#armTick();
    });
  }

  #publish(): void {
    const status = [...this.#exchanges.values()].map((exchange) => exchange.view());
    const text = JSON.stringify(status);
    for (const [reader, told] of this.#readers) {
      if (told === text) continue;
      this.#readers.set(reader, text);
      reader(status);
    }
  }
}
