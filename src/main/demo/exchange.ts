import type { DemoExchange, DemoFault } from '../../shared/contract.ts';
import { assertNever } from '../../shared/outcome.ts';
import { after, type MonoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { Entrance, Reception } from './entrance.ts';
import type { DemoFeed } from './feed.ts';
import { DemoGuest, type GuestWire, type Talk } from './guest.ts';
import { JsonTalk } from './jsonTalk.ts';
import { LineEntrance } from './lineEntrance.ts';
import { LineTalk } from './lineTalk.ts';
import type { DemoAddress, DemoDialect } from './venue.ts';
import { WebSocketEntrance } from './webSocketEntrance.ts';

/** What an address of a demo exchange is made of. The feed is the exchange's: all its addresses share it. */
export interface ExchangeParts {
  readonly address: DemoAddress;
  readonly dialect: DemoDialect;
  readonly feed: DemoFeed;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A demo exchange at one of its addresses: a real server on a loopback port, with faults on command. */
export class Exchange implements Reception {
  readonly #parts: ExchangeParts;
  readonly #entrance: Entrance;
  readonly #guests = new Set<DemoGuest>();
  #connections = 0;
  #fault: { readonly kind: 'frozen' | 'refusing'; readonly until: MonoMs } | null = null;
  #recovery: Cancel = () => undefined;

  private constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#entrance = parts.dialect.kind === 'lines' ? new LineEntrance(this) : new WebSocketEntrance(this);
  }

  /** Rejects if no loopback port can be had. */
  static async open(parts: ExchangeParts): Promise<Exchange> {
    const exchange = new Exchange(parts);
    await exchange.#entrance.listen();
    return exchange;
  }

  get url(): string {
    return this.#entrance.url;
  }

  get refuses(): boolean {
    return this.#fault?.kind === 'refusing';
  }

  welcome(wire: GuestWire): DemoGuest {
    const { address, feed, clock, random } = this.#parts;
    this.#connections += 1;
    const guest = new DemoGuest(wire, feed, address.latency, clock, random);
    this.#guests.add(guest);
    wire.onClose(() => this.#guests.delete(guest));
    guest.begin(this.#talkWith(guest));
    if (this.#fault?.kind === 'frozen') guest.freeze();
    return guest;
  }

  view(): DemoExchange {
    const fault = this.#fault;
    const { address, clock } = this.#parts;
    return {
      name: address.name,
      label: address.label,
      fault: fault?.kind ?? 'none',
      faultSecsLeft: fault === null ? null : Math.max(0, Math.ceil((fault.until - clock.now()) / 1000)),
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
        for (const guest of this.#guests) guest.freeze();
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
    await this.#entrance.close();
  }

  #talkWith(guest: DemoGuest): Talk {
    const { address, dialect } = this.#parts;
    return dialect.kind === 'lines'
      ? new LineTalk(guest)
      : new JsonTalk(guest, dialect, address.label, this.#connections);
  }

  #begin(kind: 'frozen' | 'refusing', forMs: number): void {
    const { clock } = this.#parts;
    const until = after(clock.now(), forMs);
    this.#fault = { kind, until };
    this.#recovery = clock.at(until, () => this.#recover());
  }

  #recover(): void {
    this.#recovery();
    if (this.#fault?.kind === 'frozen') for (const guest of this.#guests) guest.thaw();
    this.#fault = null;
  }

  #dropAll(): void {
    for (const guest of this.#guests) guest.drop();
  }
}
