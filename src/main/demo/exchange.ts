import type { DemoExchange, DemoFault } from '../../shared/demoFault.ts';
import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { Entrance, Reception, Welcome } from './entrance.ts';
import { FaultSlot } from './faultSlot.ts';
import type { DemoFeed } from './feed.ts';
import { type Conduct, DemoGuest, type GuestWire, type Talk, USUAL_CONDUCT } from './guest.ts';
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

/** While an exchange is flaky, so often the dice are thrown for each of its connections. */
const DICE_EVERY_MS = 5_000;

/** A demo exchange at one of its addresses: a real server on a loopback port, with faults on command. */
export class Exchange implements Reception {
  readonly #parts: ExchangeParts;
  readonly #entrance: Entrance;
  readonly #guests = new Set<DemoGuest>();
  readonly #slot: FaultSlot;
  #connections = 0;
  #conduct = USUAL_CONDUCT;
  #dice: Cancel = () => undefined;

  private constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#slot = new FaultSlot(parts.clock, () => void this.recover());
    const Way = parts.dialect.kind === 'lines' ? LineEntrance : WebSocketEntrance;
    this.#entrance = new Way(this, parts.clock);
  }

  /** Rejects if no loopback port can be had. */
  static async open(parts: ExchangeParts): Promise<Exchange> {
    const exchange = new Exchange(parts);
    await exchange.#entrance.open();
    return exchange;
  }

  get url(): string {
    return this.#entrance.url;
  }

  receive(): Welcome {
    const { fault } = this.#slot;
    if (fault?.kind === 'freeze') return 'hold';
    if (fault?.kind === 'rate-limit') return { retryAfterSecs: fault.retryAfterSecs };
    // A dial that was on its way when the door was shut.
    if (fault?.kind === 'refuse') return 'reset';
    return fault?.kind === 'flaky' && this.#fails(fault.percent) ? 'reset' : 'in';
  }

  welcome(wire: GuestWire): DemoGuest {
    const { address, feed, clock, random } = this.#parts;
    this.#connections += 1;
    const guest = new DemoGuest(wire, feed, address.latency, clock, random);
    this.#guests.add(guest);
    wire.onClose(() => this.#guests.delete(guest));
    guest.treat(this.#conduct);
    guest.begin(this.#talkWith(guest));
    return guest;
  }

  view(): DemoExchange {
    const { address, dialect } = this.#parts;
    return {
      name: address.name,
      label: address.label,
      wire: dialect.kind === 'lines' ? 'TCP lines' : 'WebSocket',
      injection: this.#slot.view(),
      clients: this.#guests.size,
    };
  }

  /** Takes the place of the fault before. Resolves when dials are received as the fault has it. */
  async inject(fault: DemoFault): Promise<void> {
    this.#calm();
    this.#slot.begin(fault);
    this.#treatAll(conductUnder(fault));
    if (fault.kind === 'refuse') this.#entrance.shut();
    if (fault.kind === 'refuse' || fault.kind === 'kill' || fault.kind === 'rate-limit') this.#dropAll();
    if (fault.kind === 'flaky') this.#throwDice(fault.percent);
    if (fault.kind !== 'refuse') await this.#entrance.open();
  }

  /** Ends the fault; resolves when dials come through again. */
  async recover(): Promise<void> {
    this.#calm();
    await this.#entrance.open();
  }

  async close(): Promise<void> {
    this.#calm();
    this.#dropAll();
    await this.#entrance.close();
  }

  #calm(): void {
    this.#slot.end();
    this.#dice();
    this.#treatAll(USUAL_CONDUCT);
    this.#entrance.admit();
  }

  #talkWith(guest: DemoGuest): Talk {
    const { address, dialect } = this.#parts;
    return dialect.kind === 'lines'
      ? new LineTalk(guest)
      : new JsonTalk(guest, dialect, address.label, this.#connections);
  }

  #throwDice(percent: number): void {
    const { clock } = this.#parts;
    this.#dice = clock.at(after(clock.now(), DICE_EVERY_MS), () => {
      for (const guest of this.#guests) if (this.#fails(percent)) guest.drop();
      this.#throwDice(percent);
    });
  }

  #fails(percent: number): boolean {
    return this.#parts.random() * 100 < percent;
  }

  #treatAll(conduct: Conduct): void {
    this.#conduct = conduct;
    for (const guest of this.#guests) guest.treat(conduct);
  }

  #dropAll(): void {
    for (const guest of this.#guests) guest.drop();
  }
}

function conductUnder(fault: DemoFault): Conduct {
  return {
    frozen: fault.kind === 'freeze',
    mute: fault.kind === 'mute',
    wrongPongs: fault.kind === 'wrong-pong',
    slowMs: fault.kind === 'slow' ? fault.byMs : 0,
  };
}
