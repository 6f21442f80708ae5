import { expect, it } from 'vitest';
import { fitnessOf } from '../../src/shared/fitness.ts';
import { type FreshnessFacts, NOTHING_SAME, stalenessOf } from '../../src/shared/freshness.ts';
import { unfitText } from '../../src/shared/unfitReason.ts';
import { monoMs } from '../../src/shared/units.ts';

const FRESH: FreshnessFacts = {
  expectsData: true,
  dataAgeMs: 100,
  sleptSince: false,
  dataNoticeMs: 60_000,
  frozenMs: 0,
  same: NOTHING_SAME,
  lagGrowthMs: 0,
};

it('[H2] [H5] data are fresh by their arrival and by their own time; where none are expected none are missed', () => {
  const same = (forMs: number) => ({ ...NOTHING_SAME, forMs });
  const found = (change: Partial<FreshnessFacts>) => stalenessOf({ ...FRESH, ...change });
  expect(found({})).toEqual([]);
  expect(found({ dataAgeMs: 60_000, frozenMs: 60_000, same: same(60_000), lagGrowthMs: 5_000 })).toEqual([]);
  expect(found({ dataAgeMs: null })).toEqual(['none yet']);
  expect(found({ dataAgeMs: 60_001 })).toEqual(['silent']);
  expect(found({ sleptSince: true })).toEqual(['slept']);
  expect(found({ frozenMs: 60_001 })).toEqual(['frozen']);
  expect(found({ same: same(60_001) })).toEqual(['same']);
  expect(found({ same: { ...same(60_001), othersChange: true } })).toEqual([]);
  expect(found({ lagGrowthMs: 30_000 })).toEqual(['late']);
  expect(found({ expectsData: false, dataAgeMs: null })).toEqual([]);
});

it('[H5] a link whose messages are old is not fit, and the reason says how', () => {
  const unfit = (stale: ReturnType<typeof stalenessOf>, notInForce: readonly string[] = []) => {
    const fit = fitnessOf({
      state: { kind: 'up', since: monoMs(0) },
      pongs: true,
      pings: { count: 100, known: 100, p99Ms: 5, successPercent: 100 },
      missedSinceLastPong: 0,
      stale,
      wanted: 20,
      notInForce,
      limits: { p99Ms: 100, successPercent: 99 },
    });
    return fit.fit ? null : unfitText(fit.reasons);
  };
  expect(unfit([])).toBeNull();
  expect(unfit(['silent'])).toBe('no fresh data');
  expect(unfit(['frozen', 'late'])).toBe('no fresh data: messages come, but their own time stands still');
  expect(unfit(['late'])).toBe('no fresh data: messages come late');
  expect(unfit(['same'])).toBe('no fresh data: the same message comes again and again');
  expect(unfit([], ['a', 'b'])).toBe('2 of 20 subscriptions not in force: a, b');
  expect(unfit([], ['a', 'b', 'c', 'd', 'e'])).toBe('5 of 20 subscriptions not in force: a, b, c and 2 more');
});
