import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketBoundsUs, HIGHEST_US, Histogram } from '../../src/shared/histogram.ts';

const durationsUs = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 400 });
const quantiles = fc.constantFrom(0, 0.5, 0.9, 0.95, 0.99, 0.999, 1);

const filled = (samples: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const sample of samples) histogram.add(sample);
  return histogram;
};

it('[H1] a quantile is within 1 % of the sorted sample of its rank', () => {
  fc.assert(
    fc.property(durationsUs, quantiles, (samples, q) => {
      const sorted = [...samples].sort((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] as number;
      const got = filled(samples).quantileUs(q) as number;
      expect(Math.abs(got - exact)).toBeLessThanOrEqual(exact * 0.01 + 0.5);
    }),
    { numRuns: 2000 },
  );
});

it('[H1] merging two histograms is the histogram of all samples, in any order', () => {
  fc.assert(
    fc.property(durationsUs, durationsUs, (a, b) => {
      const merged = filled(a);
      merged.merge(filled(b));
      expect(merged.encode()).toEqual(filled([...b, ...a]).encode());
      expect(merged.count).toBe(a.length + b.length);
    }),
  );
});

it('[H1] figures of several read together are those of one that holds all their samples', () => {
  const shares = [0, 0.05, 0.25, 0.5, 0.95, 0.99, 1];
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 2 * HIGHEST_US }), { maxLength: 60 })), (parts) => {
      const all = filled(parts.flat());
      const together = Histogram.together(parts.map(filled), shares);
      const figures = all.percentiles();
      expect(together).toEqual(
        figures && {
          count: all.count,
          minUs: Math.round(figures.minMs * 1000),
          maxUs: Math.round(figures.maxMs * 1000),
          quantilesUs: shares.map((share) => all.quantileUs(share)),
        },
      );
    }),
    { numRuns: 1000 },
  );
});

it('[H1] minimum, maximum, mean and count are exact, and survive the wire', () => {
  fc.assert(
    fc.property(durationsUs, (samples) => {
      const histogram = Histogram.decode(JSON.parse(JSON.stringify(filled(samples).encode())));
      const figures = histogram.percentiles();
      expect(figures?.count).toBe(samples.length);
      expect(figures?.minMs).toBe(Math.min(...samples) / 1000);
      expect(figures?.maxMs).toBe(Math.max(...samples) / 1000);
      const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
      expect(figures?.avgMs).toBeCloseTo(mean / 1000, 2);
    }),
  );
});

it('[H1] buckets cover the range without a hole and without an overlap', () => {
  let next = 0;
  for (let bucket = 0; next <= HIGHEST_US; bucket += 1) {
    const { fromUs, toUs } = bucketBoundsUs(bucket);
    expect(fromUs).toBe(next);
    expect(toUs - fromUs).toBeLessThanOrEqual(Math.max(1, fromUs / 64));
    next = toUs;
  }
});

it('[H1] without samples there is no figure, and a negative duration is refused with its value', () => {
  expect(new Histogram().percentiles()).toBeNull();
  expect(new Histogram().quantileUs(0.99)).toBeNull();
  expect(() => new Histogram().add(-1)).toThrow('got -1');
  expect(() => new Histogram().add(Number.NaN)).toThrow('got NaN');
});

it('[H1] a duration over the range keeps its exact maximum', () => {
  const histogram = filled([1000, HIGHEST_US * 3]);
  expect(histogram.percentiles()?.maxMs).toBe((HIGHEST_US * 3) / 1000);
});
