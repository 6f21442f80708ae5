import { expect, it } from 'vitest';
import { type FitnessFacts, fitnessOf, isMeasuring } from '../../src/shared/fitness.ts';
import { unfitText } from '../../src/shared/unfitReason.ts';
import { monoMs } from '../../src/shared/units.ts';

const PINGS = { count: 100, known: 100, p99Ms: 5, successPercent: 100 };
const FINE: FitnessFacts = {
  state: { kind: 'up', since: monoMs(0) },
  pongs: true,
  pings: PINGS,
  missedSinceLastPong: 0,
  stale: [],
  wanted: 1,
  notInForce: [],
  limits: { p99Ms: 100, successPercent: 99 },
};
const fit = (change: Partial<FitnessFacts>) => fitnessOf({ ...FINE, ...change });
const said = (change: Partial<FitnessFacts>): string => {
  const found = fit(change);
  return found.fit ? '' : unfitText(found.reasons);
};

it('[H5] every condition that fails has its sentence, with its figures and its limit', () => {
  expect(said({})).toBe('');
  expect(said({ state: { kind: 'paused' }, missedSinceLastPong: 2, pings: { ...PINGS, known: 3 } })).toBe(
    'not up: paused; a ping was missed since the last pong; measuring 3/20',
  );
  const reason = { kind: 'cut', code: 'ECONNRESET' } as const;
  expect(said({ state: { kind: 'blocked', attempt: 1, until: null, reason }, pongs: false })).toBe(
    'the breaker is open; not measurable: the venue answers no ping',
  );
  expect(said({ pings: { ...PINGS, p99Ms: 114.32, successPercent: 97 } })).toBe(
    'p99 114.3 ms, not below 100 ms, of the last 100 pings; 97.0 % answered, not above 99 %, of the last 100 pings',
  );
  expect(said({ pings: { ...PINGS, p99Ms: null, count: 20, known: 20 } })).toBe(
    'p99 – ms, not below 100 ms, of the last 20 pings',
  );
});

it('[H5] [G1] what is finer than the figures that are told makes no other reason, and no news of a gate', () => {
  const of = (p99Ms: number, successPercent: number) => fit({ pings: { ...PINGS, p99Ms, successPercent } });
  expect(of(114.32, 97.01)).toEqual(of(114.34, 97.04));
  expect(of(114.32, 97)).not.toEqual(of(114.42, 97));
});

it('[H5] [D3] a link is being measured while only samples are missing', () => {
  const pings = { ...PINGS, known: 4 };
  expect([{}, { pings }, { pings, missedSinceLastPong: 1 }].map(fit).map(isMeasuring)).toEqual([false, true, false]);
});
