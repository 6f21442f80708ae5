import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs } from '../../src/shared/backoff.ts';
import { JITTERS } from '../../src/shared/knobs.ts';
import { POLICY } from '../support/linkConfig.ts';

const attempts = fc.integer({ min: 1, max: 5000 });
const chance = fc.double({ min: 0, max: 0.999999, noNaN: true });
const base = (attempt: number): number => Math.min(30_000, 100 * 2 ** (attempt - 1));

it('[L6] without jitter the waits double from 100 ms to 30 s', () => {
  const waits = [1, 2, 3, 4, 8, 9, 10, 11, 2000].map((attempt) => backoffMs(POLICY, attempt, 0.7, null));
  expect(waits).toEqual([100, 200, 400, 800, 12_800, 25_600, 30_000, 30_000, 30_000]);
});

it.each([
  ['proportional', (b: number) => [b, b * 1.1]],
  ['symmetric', (b: number) => [b * 0.8, b * 1.2]],
  ['additive', (b: number) => [b, b + 1000]],
  ['full', (b: number) => [0, b]],
  ['equal', (b: number) => [b / 2, b]],
] as const)('[L6] %s jitter stays within its bounds and reaches both ends', (jitter, bounds) => {
  const policy = { ...POLICY, jitter, jitterFactor: 0.1 };
  fc.assert(
    fc.property(attempts, chance, (attempt, random) => {
      const [low, high] = bounds(base(attempt)) as [number, number];
      const wait = backoffMs(policy, attempt, random, null);
      expect(wait).toBeGreaterThanOrEqual(low - 1e-9);
      expect(wait).toBeLessThanOrEqual(high + 1e-9);
    }),
  );
  const [low, high] = bounds(100) as [number, number];
  expect(backoffMs(policy, 1, 0, null)).toBeCloseTo(low);
  expect(backoffMs(policy, 1, 0.999999, null)).toBeCloseTo(high, 1);
});

it('[L6] decorrelated jitter lies between the first wait and three times the last one, under the cap', () => {
  const policy = { ...POLICY, jitter: 'decorrelated' as const };
  fc.assert(
    fc.property(attempts, chance, fc.double({ min: 100, max: 30_000, noNaN: true }), (attempt, random, previousMs) => {
      const wait = backoffMs(policy, attempt, random, previousMs);
      expect(wait).toBeGreaterThanOrEqual(100);
      expect(wait).toBeLessThanOrEqual(Math.min(30_000, previousMs * 3));
    }),
  );
});

it('[L6] every jitter is finite and not negative at any attempt', () => {
  fc.assert(
    fc.property(attempts, chance, fc.constantFrom(...JITTERS), (attempt, random, jitter) => {
      const wait = backoffMs({ ...POLICY, jitter, jitterFactor: 1 }, attempt, random, null);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(wait)).toBe(true);
    }),
  );
});
