import type { EncodedHistogram, Percentiles } from './histogram.ts';
import type { WallMs } from './units.ts';

export const RTT_WINDOWS = ['1m', '5m', '1h', 'start'] as const;
export type RttWindow = (typeof RTT_WINDOWS)[number];

/** Under so many samples a percentile says little (row H8): it is shown in grey, and no notice rests on it. */
export const ENOUGH_SAMPLES = 20;

export interface LinkRtt {
  /** The last round trip that was not taken across a local stall; `null` before the first. */
  readonly lastMs: number | null;
  readonly windows: Readonly<Record<RttWindow, Percentiles | null>>;
  /** Samples taken across a stall of this machine: counted, kept out of the percentiles (row H6). */
  readonly stalledSamples: number;
}

/** One second of one link for the charts: rolling figures over the last minute, ms; `null` without samples. */
export interface SeriesPoint {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly samples: number;
}

export type SeriesFrame =
  | {
      readonly kind: 'history';
      /** Wall time of the newest point; points are 1 s apart, oldest first. */
      readonly until: WallMs;
      readonly links: Readonly<Record<string, readonly SeriesPoint[]>>;
    }
  | { readonly kind: 'points'; readonly wall: WallMs; readonly links: Readonly<Record<string, SeriesPoint>> };

export interface HistogramFrame {
  readonly link: string;
  readonly window: RttWindow;
  readonly histogram: EncodedHistogram;
}

/** What metrics are made of at a scrape: counts since the engine started, never estimates. */
export interface ScrapeFrame {
  readonly links: Readonly<Record<string, { readonly rtt: EncodedHistogram; readonly backoff: EncodedHistogram }>>;
}
