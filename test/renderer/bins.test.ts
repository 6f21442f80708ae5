import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heightOf, linearAxis, logAxis, timeTicks } from '../../src/renderer/charts/axis.ts';
import { axisOver, displayBins, placeOf } from '../../src/renderer/charts/bins.ts';
import { Histogram } from '../../src/shared/histogram.ts';

function histogramOf(samples: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const us of samples) histogram.add(us);
  return histogram;
}

const samples = fc.array(fc.integer({ min: 0, max: 130_000_000 }), { minLength: 1, maxLength: 300 });

test('[D2] the histogram’s bars lose no sample, join without a hole, and are few enough to see', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const bins = displayBins(histogramOf(values).encode());
      expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
      expect(bins.length).toBeLessThanOrEqual(52);
      for (const [i, bin] of bins.slice(1).entries()) expect(bin.fromUs).toBeCloseTo(bins[i]?.toUs ?? Number.NaN, 9);
    }),
  );
});

test('[D2] a quarter of the histogram is left over its highest bar, for the names of its percentiles', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e7 }), (most) => {
      const axis = axisOver([1, most].map((count) => ({ fromUs: 1, toUs: 2, count })));
      expect(heightOf(axis, 'linear', most)).toBeLessThanOrEqual(0.75);
    }),
  );
});

test('[D2] a percentile’s mark stands in the bar that counts its sample', () => {
  fc.assert(
    fc.property(samples, fc.constantFrom(0.5, 0.95, 0.99), (values, q) => {
      const histogram = histogramOf(values);
      const bins = displayBins(histogram.encode());
      const at = Math.floor(placeOf(bins, histogram.quantileUs(q) ?? 0) * bins.length + 1e-9);
      expect(bins[at]?.count).toBeGreaterThan(0);
    }),
  );
  const bins = displayBins(histogramOf([3_970, 3_990, 3_990]).encode());
  expect(bins[Math.floor(placeOf(bins, 3_970) * bins.length)]?.count).toBeGreaterThan(0);
});

test('[D2] a narrow distribution is shown finely, not as one bar', () => {
  const bins = displayBins(histogramOf(Array.from({ length: 400 }, (_, i) => 10_000 + i * 5)).encode());
  expect(bins.filter((bin) => bin.count > 0).length).toBeGreaterThan(7);
});

test('[D2] no samples, no bars', () => {
  expect(displayBins(new Histogram().encode())).toEqual([]);
});

test('[D2] axes hold every value and have round ticks', () => {
  expect(linearAxis(8.7)).toEqual({ domain: [0, 10], ticks: [0, 2.5, 5, 7.5, 10] });
  expect(linearAxis(0).domain).toEqual([0, 1]);
  expect(logAxis(3.2, 540)).toEqual({ domain: [2, 1000], ticks: [2, 5, 10, 20, 50, 100, 200, 500, 1000] });
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1e5, noNaN: true }),
      fc.double({ min: 1, max: 1e4, noNaN: true }),
      (min, times) => {
        const max = min * times;
        const [low, high] = logAxis(min, max).domain;
        expect(low <= min && high >= max).toBe(true);
        expect(linearAxis(max).domain[1]).toBeGreaterThanOrEqual(max * 0.999);
      },
    ),
  );
  expect(timeTicks(60_500, 360_500)).toEqual([120_000, 180_000, 240_000, 300_000, 360_000]);
});
