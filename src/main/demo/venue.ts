import type { LatencyModel } from './latency.ts';

/** What makes one demo exchange different from another. Every word of it that a person sees says DEMO. */
export interface DemoVenue {
  readonly name: string;
  readonly label: string;
  readonly latency: LatencyModel;
  /** Milliseconds between the venue's own pings, `{"ping":N}`, that must be answered; `null` for none. */
  readonly pingEveryMs: number | null;
  /** Milliseconds between its `{"op":"heartbeat"}` messages; `null` for none. */
  readonly heartbeatEveryMs: number | null;
  readonly symbols: Readonly<Record<string, number>>;
  readonly channels: readonly string[];
  /** A tick of one subscription comes about this often, ms. */
  readonly tickEveryMs: number;
}

const SYMBOLS = { 'BTC-USD': 91_250, 'ETH-USD': 3_180, 'SOL-USD': 142, 'XRP-USD': 2.21, 'ADA-USD': 0.47 } as const;

/** Row D5. Two loopback exchanges of different distance and dialect. */
export const DEMO_VENUES: readonly DemoVenue[] = [
  {
    name: 'frankfurt',
    label: 'DEMO Frankfurt',
    latency: { medianMs: 3, spread: 0.25, tailShare: 0.02, tailFactor: 9 },
    pingEveryMs: null,
    heartbeatEveryMs: null,
    symbols: SYMBOLS,
    channels: ['ticker'],
    tickEveryMs: 220,
  },
  {
    name: 'tokyo',
    label: 'DEMO Tokyo',
    latency: { medianMs: 9, spread: 0.2, tailShare: 0.03, tailFactor: 7 },
    pingEveryMs: 10_000,
    heartbeatEveryMs: 5_000,
    symbols: SYMBOLS,
    channels: ['ticker', 'trades'],
    tickEveryMs: 300,
  },
];

/** A client that sends nothing for so long is cut, as real venues do. */
export const SILENCE_LIMIT_MS = 30_000;
