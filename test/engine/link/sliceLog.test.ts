import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RttWindows } from '../../../src/main/engine/link/rtt.ts';
import { SliceLog } from '../../../src/main/engine/link/sliceLog.ts';
import type { LagView } from '../../../src/shared/feedLatency.ts';
import { bucketOf, type EncodedHistogram, Histogram } from '../../../src/shared/histogram.ts';
import { SLICE_RANGES, SLICE_SHAPES, type SliceRange } from '../../../src/shared/slices.ts';
import { monoMs } from '../../../src/shared/units.ts';

interface Held {
  readonly index: number;
  readonly rtt: EncodedHistogram;
  readonly stalled: number;
  readonly lag: LagView | null;
}

function slicesOf(log: SliceLog, range: SliceRange, now: number): Held[] {
  const held: Held[] = [];
  log.visit(range, firstOf(range, now), monoMs(now), (index, sum) =>
    held.push({ index, rtt: sum.histogram().encode(), stalled: sum.stalled, lag: sum.lagView }),
  );
  return held;
}

function firstOf(range: SliceRange, now: number): number {
  const { sliceMs, rangeMs, windowMs } = SLICE_SHAPES[range];
  return Math.floor(now / sliceMs) - (rangeMs + windowMs) / sliceMs + 1;
}

function histogramOf(samples: readonly number[]): EncodedHistogram {
  const histogram = new Histogram();
  for (const us of samples) histogram.add(us);
  return histogram.encode();
}

/** Stretches of a link's life: so many samples, so far apart. A sparse one may become a busy one and back, and fall silent. */
const lives = fc.array(
  fc.record({
    samples: fc.integer({ min: 0, max: 300 }),
    everyMs: fc.constantFrom(100, 100, 999, 1_000, 5_000, 15_000, 61_000, 400_000),
    us: fc.integer({ min: 1, max: 200_000_000 }),
    stalledEvery: fc.integer({ min: 2, max: 9 }),
  }),
  { minLength: 1, maxLength: 12 },
);

it('[H1] every slice of every range holds exactly what was measured in it, sparse or busy', () => {
  fc.assert(
    fc.property(lives, fc.integer({ min: 0, max: 90_000 }), (life, restMs) => {
      const log = new SliceLog();
      const samples: { at: number; us: number; stalled: boolean }[] = [];
      let now = 1_234_567;
      for (const { samples: count, everyMs, us, stalledEvery } of life) {
        for (let i = 0; i < count; i += 1) {
          now += everyMs;
          const stalled = i % stalledEvery === 1;
          samples.push({ at: now, us: us + i * 37, stalled });
          log.addLag({ medianMs: (us % 900) - 300, maxMs: us % 7000, samples: 7 }, monoMs(now));
          if (stalled) log.addStalled(monoMs(now));
          else log.add(us + i * 37, monoMs(now));
        }
      }
      now += restMs;
      for (const range of SLICE_RANGES) {
        const { sliceMs } = SLICE_SHAPES[range];
        const wanted = new Map<number, { us: number[]; stalled: number; seconds: Set<number> }>();
        for (const { at, us, stalled } of samples) {
          const index = Math.floor(at / sliceMs);
          if (index < firstOf(range, now)) continue;
          const slice = wanted.get(index) ?? { us: [], stalled: 0, seconds: new Set() };
          wanted.set(index, slice);
          slice.seconds.add(Math.floor(at / 1000));
          if (stalled) slice.stalled += 1;
          else slice.us.push(us);
        }
        const expected = [...wanted].map(([index, { us, stalled, seconds }]) => {
          return { index, rtt: histogramOf(us), stalled, frames: 7 * seconds.size };
        });
        const held = slicesOf(log, range, now).map(({ lag, ...rest }) => ({ ...rest, frames: lag?.samples }));
        expect(held).toEqual(expected);
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

it('[H1] the slices of a range, merged, are the window of the same length', () => {
  fc.assert(
    fc.property(lives, (life) => {
      const windows = new RttWindows();
      let now = 50_000;
      for (const { samples, everyMs, us } of life) {
        for (let i = 0; i < samples; i += 1) {
          now += everyMs;
          windows.add((us + i * 1000) / 1000, monoMs(now));
        }
      }
      for (const range of ['1m', '5m', '1h'] as const) {
        const { sliceMs, rangeMs } = SLICE_SHAPES[range];
        const merged = new Histogram();
        for (const { index, rtt } of slicesOf(windows.slices, range, now)) {
          if (index > Math.floor(now / sliceMs) - rangeMs / sliceMs) merged.merge(Histogram.decode(rtt));
        }
        expect(merged.encode()).toEqual(windows.histogram(range, monoMs(now)).encode());
        expect(merged.percentiles()).toEqual(windows.percentiles(range, monoMs(now)));
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

it('[H7] lag of a coarse slice: the largest of all, and the middle of its seconds, each as heavy as its frames', () => {
  const log = new SliceLog();
  const lag = (at: number, medianMs: number, maxMs: number, samples: number): void =>
    log.addLag({ medianMs, maxMs, samples }, monoMs(at));
  lag(60_000, -3, 2, 10);
  lag(61_000, 4, 5, 1);
  lag(62_000, 5.25, 900, 2);
  lag(125_000, 7, 8, 3);
  expect(slicesOf(log, '5m', 300_000).map((slice) => slice.lag)).toEqual([
    { medianMs: -3, maxMs: 900, samples: 13 },
    { medianMs: 7, maxMs: 8, samples: 3 },
  ]);
  // Much later the same seconds are one minute, and say the same.
  expect(slicesOf(log, '1h', 3_000_000).map((slice) => slice.lag?.maxMs)).toEqual([900, 8]);
});

it('[H1] after an hour without a sample nothing is left, and nothing is remembered wrongly after it', () => {
  const log = new SliceLog();
  for (let i = 0; i < 500; i += 1) log.add(2_000 + i, monoMs(10_000 + i * 500));
  expect(slicesOf(log, '1h', 10_000_000)).toEqual([]);
  log.add(7_000, monoMs(10_000_100));
  expect(slicesOf(log, '1m', 10_000_200).map(({ index, rtt }) => [index, rtt.buckets])).toEqual([
    [10_000, [bucketOf(7_000), 1]],
  ]);
});
