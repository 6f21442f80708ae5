import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { bestSample, SkewMeter } from '../../src/main/engine/skew.ts';
import { feedLatency } from '../../src/shared/feedLatency.ts';
import { FakeClock } from '../support/fakeClock.ts';

const RULE = { url: 'https://venue.example/time', field: 'data.now', unit: 'ms' } as const;

let meter: SkewMeter | null = null;
afterEach(() => meter?.stop());

/** A venue whose clock is `aheadMs` ahead, behind a way of so many ms there and back. */
function meterOf(clock: FakeClock, aheadMs: number, thereMs: () => number, backMs: () => number): SkewMeter {
  meter = new SkewMeter({
    clock,
    fetchText: (_url) =>
      new Promise((resolve) => {
        const there = thereMs();
        const back = backMs();
        clock.at((clock.now() + there) as never, () => {
          const body = `{"data":{"now":${clock.wall() + aheadMs}}}`;
          clock.at((clock.now() + back) as never, () => resolve(body));
        });
      }),
  });
  return meter;
}

it('[H7] the skew is within its error bar, whatever the ways there and back take', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -60_000, max: 60_000 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 })), {
        minLength: 6,
        maxLength: 6,
      }),
      async (aheadMs, ways) => {
        const clock = new FakeClock();
        let i = 0;
        const skew = meterOf(
          clock,
          aheadMs,
          () => ways[i % 6]?.[0] ?? 1,
          () => ways[i++ % 6]?.[1] ?? 1,
        );
        skew.measure([RULE]);
        await clock.advance(20_000);
        const found = skew.of(RULE.url);
        skew.stop();
        if (found === null) throw new Error('nothing was measured');
        expect(Math.abs(found.offsetMs - aheadMs)).toBeLessThanOrEqual(found.errorMs + 0.001);
        const fastest = Math.min(...ways.slice(0, 5).map(([there, back]) => there + back));
        const least = fastest / 2 + 0.5;
        expect(found.errorMs).toBeGreaterThanOrEqual(least);
        expect(found.errorMs).toBeLessThanOrEqual(least + 20_000 * 100e-6);
      },
    ),
    { numRuns: 100 },
  );
});

it('[H7] an endpoint that fails says nothing, and the latency has no error bar', async () => {
  const clock = new FakeClock();
  meter = new SkewMeter({ clock, fetchText: () => Promise.reject(new Error('down')) });
  meter.measure([RULE]);
  await clock.advance(5_000);
  expect(meter.of(RULE.url)).toBeNull();
  expect(feedLatency({ medianMs: 12, maxMs: 20, samples: 5 }, null)).toEqual({ medianMs: 12, errorMs: null });
  expect(feedLatency({ medianMs: 12, maxMs: 20, samples: 5 }, { offsetMs: -4, errorMs: 1.5 })).toEqual({
    medianMs: 8,
    errorMs: 1.5,
  });
});

it('[H7] of several samples the one of the fastest round trip counts', () => {
  expect(
    bestSample([
      { offsetMs: 5, errorMs: 30 },
      { offsetMs: 9, errorMs: 2 },
    ]),
  ).toEqual({ offsetMs: 9, errorMs: 2 });
  expect(bestSample([])).toBeNull();
});

it('[H7] a wall clock that is set right says nothing false: the samples of before do not count, and the venue is asked anew', async () => {
  const clock = new FakeClock();
  const skew = meterOf(
    clock,
    -2_000,
    () => 20,
    () => 20,
  );
  skew.measure([RULE]);
  await clock.advance(10 * 60_000);
  expect(skew.of(RULE.url)?.offsetMs).toBeCloseTo(-2_000, 3);
  clock.setWall(1_000);
  expect(skew.of(RULE.url)).toBeNull();
  skew.look();
  await clock.advance(100);
  expect(skew.of(RULE.url)?.errorMs).toBeCloseTo(20.5, 1);
});

it('[H7] the older a sample the wider its error bar', async () => {
  const clock = new FakeClock();
  let answers = 0;
  meter = new SkewMeter({
    clock,
    fetchText: () =>
      answers++ === 0 ? Promise.resolve(`{"data":{"now":${clock.wall()}}}`) : Promise.reject(new Error()),
  });
  meter.measure([RULE]);
  await clock.advance(1_000);
  const young = meter.of(RULE.url)?.errorMs ?? 0;
  await clock.advance(3_600_000);
  expect((meter.of(RULE.url)?.errorMs ?? 0) - young).toBeCloseTo(360, 0);
});

it('[H7] a wall clock that drifts by 30 ppm is not taken for one that was set: the venue is asked every ten minutes', async () => {
  const clock = new FakeClock();
  let asked = 0;
  const skew = meterOf(
    clock,
    0,
    () => 20,
    () => {
      asked += 1;
      return 20;
    },
  );
  skew.measure([RULE]);
  for (let passed = 0; passed < 3_600; passed += 1) {
    await clock.advance(1_000);
    clock.setWall(0.03);
    skew.look();
    expect(passed < 10 || skew.of(RULE.url) !== null).toBe(true);
  }
  expect(asked).toBeLessThanOrEqual(12);
  const found = skew.of(RULE.url);
  expect(found?.errorMs).toBeGreaterThanOrEqual(20.5);
  expect(found?.errorMs).toBeLessThan(150);
});
