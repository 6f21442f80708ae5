import type { DemoGuest, GuestWire } from './guest.ts';

/** Where clients come in: a server of one wire, on a loopback port of the system's choice. */
export interface Entrance {
  readonly url: string;
  /** Lets dials through. Rejects the first time if no loopback port can be had. */
  open(): Promise<void>;
  /** Dials are refused at TCP until it is opened again. */
  shut(): void;
  /** Whoever was kept waiting comes in. */
  admit(): void;
  /** To be called when every guest has been dropped. */
  close(): Promise<void>;
}

/** What becomes of a dial. `hold`: nothing, until the entrance admits. */
export type Welcome = 'in' | 'hold' | 'reset' | { readonly retryAfterSecs: number };

/** What an entrance asks of the exchange behind it. */
export interface Reception {
  /** Asked once for each dial. */
  receive(): Welcome;
  welcome(wire: GuestWire): DemoGuest;
}
