import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameSampler } from '../../../src/main/engine/link/frameSampler.ts';
import { monoMs } from '../../../src/shared/units.ts';

/** When each frame of this rate came that was told apart in full, ms, from `fromMs` on. */
function inFull(sampler: FrameSampler, perSec: number, fromMs: number, lastsMs: number): number[] {
  const times = Array.from({ length: Math.floor((perSec * lastsMs) / 1000) }, (_, i) => fromMs + (i * 1000) / perSec);
  return times.filter((at) => sampler.inFull(monoMs(at)));
}

/** Found once: sums of twenty milliseconds that come to a little more than they should. */
const ROUNDED = [
  { frames: 1, apartMs: 0, thenMs: 1678 },
  { frames: 52, apartMs: 3.8653524825349457e-11, thenMs: 982 },
  { frames: 1, apartMs: 0, thenMs: 2275 },
  { frames: 1, apartMs: 0, thenMs: 1884 },
  { frames: 1, apartMs: 0, thenMs: 126 },
  { frames: 1, apartMs: 0, thenMs: 76 },
  { frames: 1, apartMs: 0, thenMs: 2382 },
  { frames: 48, apartMs: 0, thenMs: 0 },
];

it('[L5] every frame is told apart in full as long as no second has more than 50 of them', () => {
  const bursts = fc.array(
    fc.record({
      frames: fc.integer({ min: 1, max: 70 }),
      apartMs: fc.double({ min: 0, max: 25, noNaN: true }),
      thenMs: fc.integer({ min: 0, max: 2_500 }),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(bursts, (all) => {
      const sampler = new FrameSampler();
      const times: number[] = [];
      let now = 5_000;
      const gaps = all.flatMap(({ frames, apartMs, thenMs }) => [...Array<number>(frames).fill(apartMs), thenMs]);
      for (const gapMs of gaps) {
        now += gapMs;
        // The frame 50 before this one came more than a second ago: else this one waits until it has.
        const before = times.at(-50);
        if (before !== undefined) now = Math.max(now, before + 1_001);
        times.push(now);
        expect(sampler.inFull(monoMs(now))).toBe(true);
      }
      expect(sampler.sampled(monoMs(now))).toBe(false);
    }),
    { examples: [[ROUNDED]] },
  );
});

it.each([60, 300, 5_000])('[L5] of %i a second 50 are told apart in full, evenly spread, and it says so', (perSec) => {
  const sampler = new FrameSampler();
  inFull(sampler, perSec, 0, 10_000);
  const times = inFull(sampler, perSec, 10_000, 10_000);
  expect(times.length).toBeGreaterThanOrEqual(499);
  expect(times.length).toBeLessThanOrEqual(501);
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(20 + 2000 / perSec);
  expect(sampler.sampled(monoMs(20_000))).toBe(true);
});

it('[L5] after a flood every frame is told apart in full again, and soon nothing is said of a sample', () => {
  const sampler = new FrameSampler();
  inFull(sampler, 1_000, 0, 3_000);
  expect(inFull(sampler, 10, 3_030, 3_000)).toHaveLength(30);
  expect(sampler.sampled(monoMs(6_030))).toBe(false);
});

it('[L5] after a flood that stops dead nothing is said of a sample, nor by the next frame', () => {
  const sampler = new FrameSampler();
  inFull(sampler, 1_000, 0, 3_000);
  expect(sampler.sampled(monoMs(3_900))).toBe(true);
  expect(sampler.sampled(monoMs(5_000))).toBe(false);
  expect(sampler.inFull(monoMs(60_000))).toBe(true);
  expect(sampler.sampled(monoMs(60_000))).toBe(false);
});
