import type { DemoGuest, GuestWire } from './guest.ts';

/** Where clients come in: a server of one wire, on a loopback port of the system's choice. */
export interface Entrance {
  readonly url: string;
  /** Rejects if no loopback port can be had. */
  listen(): Promise<void>;
  /** To be called when every guest has been dropped. */
  close(): Promise<void>;
}

/** What an entrance asks of the exchange behind it. */
export interface Reception {
  /** Clients are to be turned away. */
  readonly refuses: boolean;
  welcome(wire: GuestWire): DemoGuest;
}

/** A longer message or line is no request of a demo. */
export const LONGEST_MESSAGE = 64 * 1024;
