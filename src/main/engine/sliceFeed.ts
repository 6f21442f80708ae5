import { SLICE_SHAPES, type Slice, type SliceRange, type SlicesFrame } from '../../shared/slices.ts';
import type { MonoMs, WallMs } from '../../shared/units.ts';
import type { SliceLog } from './link/sliceLog.ts';
import { SliceClock } from './sliceClock.ts';
import { Lateness } from './sliceLateness.ts';

/** What the slices of all links have in common: this machine's clocks, and how late its loop was. */
export class SliceMachine {
  readonly lateness: Lateness;
  readonly clock: SliceClock;
  /** Slices before this moment do not exist: nobody was there to measure. */
  readonly since: MonoMs;

  constructor(now: MonoMs, wall: WallMs) {
    this.lateness = new Lateness(now);
    this.clock = new SliceClock(now, wall);
    this.since = now;
  }
}

/** What the slices of one link mean to one reader: all of its range first, then what is new or has changed since. */
export class SliceFeed {
  readonly #range: SliceRange;
  readonly #machine: SliceMachine;
  #log: SliceLog | null = null;
  #putBack = 0;
  #next = 0;

  constructor(range: SliceRange, machine: SliceMachine) {
    this.#range = range;
    this.#machine = machine;
  }

  /** `log` is that of the link that has the name now. */
  frame(log: SliceLog, now: MonoMs, wall: WallMs): SlicesFrame {
    const { clock, since } = this.#machine;
    clock.note(now, wall);
    const { sliceMs, rangeMs, windowMs } = SLICE_SHAPES[this.#range];
    const whole = log !== this.#log || clock.putBack !== this.#putBack;
    this.#log = log;
    this.#putBack = clock.putBack;
    const newest = Math.floor(now / sliceMs);
    const oldest = Math.max(newest - (rangeMs + windowMs) / sliceMs + 1, Math.floor(since / sliceMs));
    const first = whole ? oldest : Math.max(this.#next, oldest);
    const slices = Array.from({ length: newest - first + 1 }, (_, i) => this.#empty((first + i) * sliceMs, sliceMs));
    log.visit(this.#range, first, now, (index, sum) => {
      const empty = slices[index - first];
      if (empty === undefined) return;
      const rtt = sum.samples === 0 ? null : sum.histogram().encode();
      slices[index - first] = { ...empty, rtt, stalledSamples: sum.stalled, lag: sum.lagView };
    });
    this.#next = newest;
    return { kind: whole ? 'whole' : 'news', until: wall, slices };
  }

  #empty(startMs: number, sliceMs: number): Slice {
    const { clock, lateness } = this.#machine;
    const worstMs = lateness.worstMs(startMs, startMs + sliceMs);
    return {
      from: clock.wallAt(startMs),
      rtt: null,
      stalledSamples: 0,
      lag: null,
      loopMaxMs: Math.round(worstMs * 100) / 100,
    };
  }
}
