import type { LagView } from '../../shared/feedLatency.ts';
import { Histogram } from '../../shared/histogram.ts';
import { SLICE_SHAPES, type Slice, type SliceRange, type SlicesFrame } from '../../shared/slices.ts';

/** While somebody studies the past, this much of what comes meanwhile is kept as well: as much as the engine itself has. */
const KEPT_MS = 3_900_000;

/** A stretch of time that is being looked at and must stay. */
export interface Held {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A slice as the charts read it. */
export interface HeldSlice {
  readonly fromMs: number;
  readonly rtt: Histogram | null;
  readonly stalledSamples: number;
  readonly lag: LagView | null;
  readonly loopMaxMs: number;
}

/** The slices of one link in one range, oldest first: what the engine told, and what the page still remembers. */
export class SliceHistory {
  readonly range: SliceRange;
  #slices: HeldSlice[] = [];
  #untilMs: number | null = null;

  constructor(range: SliceRange) {
    this.range = range;
  }

  get slices(): readonly HeldSlice[] {
    return this.#slices;
  }

  /** The engine's wall clock at the newest frame; `null` before the first. */
  get untilMs(): number | null {
    return this.#untilMs;
  }

  /** `held` is `null` while the newest is looked at. */
  accept(frame: SlicesFrame, held: Held | null): void {
    const { sliceMs, rangeMs, windowMs } = SLICE_SHAPES[this.range];
    const news = frame.slices.map(heldSlice);
    const [first] = news;
    // A slice that grew comes again. Its time may have moved by what the clock was slewed, never by half a slice.
    const stays = first === undefined ? () => true : (slice: HeldSlice) => slice.fromMs < first.fromMs - sliceMs / 2;
    const keptMs = held === null ? 2 * rangeMs + windowMs : KEPT_MS;
    const fromMs = frame.until - keptMs;
    const isWanted = ({ fromMs: at }: HeldSlice): boolean =>
      at > fromMs || (held !== null && at >= held.fromMs - windowMs - sliceMs && at <= held.toMs);
    this.#slices.length = this.#slices.findLastIndex(stays) + 1;
    // Once a second for each line: with nothing to drop no other list is made.
    const [oldest] = this.#slices;
    if (oldest !== undefined && oldest.fromMs <= fromMs) this.#slices = this.#slices.filter(isWanted);
    this.#slices.push(...news);
    this.#untilMs = frame.until;
  }
}

function heldSlice({ from, rtt, stalledSamples, lag, loopMaxMs }: Slice): HeldSlice {
  return { fromMs: from, rtt: rtt === null ? null : Histogram.decode(rtt), stalledSamples, lag, loopMaxMs };
}
