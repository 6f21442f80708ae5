import type { LatencyModel } from './latency.ts';

/** One address of a demo exchange. Every word of it that a person sees says DEMO. */
export interface DemoAddress {
  readonly name: string;
  readonly label: string;
  readonly latency: LatencyModel;
}

/** How a demo exchange talks: JSON over WebSockets, or lines over plain TCP. */
export type DemoDialect =
  | {
      readonly kind: 'json';
      /** Milliseconds between the venue's own pings, `{"ping":N}`, that must be answered; `null` for none. */
      readonly pingEveryMs: number | null;
      /** Milliseconds between its `{"op":"heartbeat"}` messages; `null` for none. */
      readonly heartbeatEveryMs: number | null;
    }
  | { readonly kind: 'lines' };

/** What ticks at a demo exchange, and how often. */
export interface DemoMarket {
  readonly symbols: Readonly<Record<string, number>>;
  readonly channels: readonly string[];
  /** A tick of one channel of one symbol comes about this often, ms. */
  readonly tickEveryMs: number;
}

/** A demo exchange: one market, one dialect, and one address or more at which both are to be had. */
export interface DemoVenue {
  readonly addresses: readonly DemoAddress[];
  readonly dialect: DemoDialect;
  readonly market: DemoMarket;
}

/** The one channel of an exchange of lines, whose lines name only symbols. */
export const LINE_CHANNEL = 'tick';

const SYMBOLS = { 'BTC-USD': 91_250, 'ETH-USD': 3_180, 'SOL-USD': 142, 'XRP-USD': 2.21, 'ADA-USD': 0.47 } as const;

/** Row D5. Three loopback exchanges of different distance and dialect; Frankfurt has two addresses. */
export const DEMO_VENUES: readonly DemoVenue[] = [
  {
    addresses: [
      {
        name: 'frankfurt',
        label: 'DEMO Frankfurt',
        latency: { medianMs: 3, spread: 0.25, tailShare: 0.02, tailFactor: 9 },
      },
      {
        name: 'frankfurt-b',
        label: 'DEMO Frankfurt B',
        latency: { medianMs: 5, spread: 0.25, tailShare: 0.02, tailFactor: 9 },
      },
    ],
    dialect: { kind: 'json', pingEveryMs: null, heartbeatEveryMs: null },
    market: { symbols: SYMBOLS, channels: ['ticker'], tickEveryMs: 220 },
  },
  {
    addresses: [
      {
        name: 'tokyo',
        label: 'DEMO Tokyo',
        latency: { medianMs: 9, spread: 0.2, tailShare: 0.03, tailFactor: 7 },
      },
    ],
    dialect: { kind: 'json', pingEveryMs: 10_000, heartbeatEveryMs: 5_000 },
    market: { symbols: SYMBOLS, channels: ['ticker', 'trades'], tickEveryMs: 300 },
  },
  {
    addresses: [
      {
        name: 'chicago',
        label: 'DEMO Chicago',
        latency: { medianMs: 15, spread: 0.15, tailShare: 0.02, tailFactor: 5 },
      },
    ],
    dialect: { kind: 'lines' },
    market: { symbols: SYMBOLS, channels: [LINE_CHANNEL], tickEveryMs: 260 },
  },
];

/** A client that sends nothing for so long is cut, as real venues do. */
export const SILENCE_LIMIT_MS = 30_000;
