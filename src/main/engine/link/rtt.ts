import { Histogram, type Percentiles } from '../../../shared/histogram.ts';
import type { RttWindow } from '../../../shared/rttView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { SliceLog } from './sliceLog.ts';

interface Known {
  readonly samples: number;
  readonly until: number;
  readonly figures: Percentiles | null;
}

const UNKNOWN: Known = { samples: -1, until: 0, figures: null };

/**
 * Rolling RTT figures of one link, and the slices they are made of. A window holds whole slices, so it covers its length
 * less at most one: 1 min in slices of 1 s, 5 min of 5 s, 1 h of 60 s. Windows go on across reconnects; only the engine's
 * start empties `start`.
 */
export class RttWindows {
  readonly slices = new SliceLog();
  readonly #start = new Histogram();
  /** Figures are made again only when a sample came, or when the oldest ones have left the window. */
  readonly #known: Record<RttWindow, Known> = { '1m': UNKNOWN, '5m': UNKNOWN, '1h': UNKNOWN, start: UNKNOWN };
  #samples = 0;

  add(rttMs: number, now: MonoMs): void {
    const us = rttMs * 1000;
    this.#start.add(us);
    this.slices.add(us, now);
    this.#samples += 1;
  }

  histogram(window: RttWindow, now: MonoMs): Histogram {
    return this.#merged(window, now).histogram;
  }

  percentiles(window: RttWindow, now: MonoMs): Percentiles | null {
    const known = this.#known[window];
    if (known.samples === this.#samples && now < known.until) return known.figures;
    const { histogram, until } = this.#merged(window, now);
    const figures = histogram.percentiles();
    this.#known[window] = { samples: this.#samples, until, figures };
    return figures;
  }

  #merged(window: RttWindow, now: MonoMs): { readonly histogram: Histogram; readonly until: number } {
    if (window === 'start') return { histogram: this.#start, until: Number.POSITIVE_INFINITY };
    return this.slices.merged(window, now);
  }
}
