import { type DemoExchange, type DemoFault, faultRefusal } from '../../shared/demoFault.ts';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { DemoClient } from './contract.ts';
import { Exchange } from './exchange.ts';
import { DemoFeed } from './feed.ts';
import { RestExchange } from './restExchange.ts';
import { DEMO_VENUES } from './venue.ts';

const STATUS_EVERY_MS = 500;

/** What all of them have in common, WebSockets, lines and requests alike. */
interface Faultable {
  readonly url: string;
  view(): DemoExchange;
  inject(fault: DemoFault): Promise<void>;
  recover(): Promise<void>;
  close(): Promise<void>;
}

/** All demo exchanges, one entry for each of their addresses, behind one contract. */
export class Exchanges implements DemoClient {
  readonly #clock: Clock;
  readonly #exchanges: ReadonlyMap<string, Faultable>;
  readonly #rest: RestExchange;
  readonly #readers = new Map<(status: readonly DemoExchange[]) => void, string>();
  #tick: Cancel = () => undefined;

  private constructor(clock: Clock, exchanges: readonly Exchange[], rest: RestExchange) {
    this.#clock = clock;
    this.#exchanges = new Map([...exchanges, rest].map((exchange) => [exchange.view().name, exchange]));
    this.#rest = rest;
    this.#armTick();
  }

  static async open(clock: Clock, random: () => number): Promise<Exchanges> {
    const parts = DEMO_VENUES.flatMap(({ addresses, dialect, market }) => {
      const feed = new DemoFeed(market, clock, random);
      return addresses.map((address) => ({ address, dialect, feed, clock, random }));
    });
    const opened = await Promise.all(parts.map(Exchange.open));
    return new Exchanges(clock, opened, await RestExchange.open(clock, random));
  }

  readonly addresses = async (_input: null): Promise<Outcome<Readonly<Record<string, string>>>> =>
    ok(Object.fromEntries([...this.#exchanges].map(([name, exchange]) => [name, exchange.url])));

  readonly authority = async (_input: null): Promise<Outcome<string>> => ok(this.#rest.ca);

  readonly inject: DemoClient['inject'] = async ({ exchange: name, fault }) => {
    const exchange = this.#exchanges.get(name);
    if (exchange === undefined) {
      const known = [...this.#exchanges.keys()].join(', ');
      return failed('unknown-exchange', `there is no demo exchange ${name}`, name, `the demo has: ${known}`);
    }
    const { label, wire } = exchange.view();
    const refusal = fault === null ? null : faultRefusal(fault.kind, wire);
    if (refusal !== null) return failed('no-such-fault', refusal, label, 'choose another fault or exchange');
    const done = fault === null ? exchange.recover() : exchange.inject(fault);
    this.#publish();
    await done;
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
    await Promise.all([...this.#exchanges.values()].map((exchange) => exchange.close()));
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
