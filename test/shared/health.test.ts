import { expect, it } from 'vitest';
import { NOTHING_SAME } from '../../src/shared/freshness.ts';
import { type HealthFacts, healthOf } from '../../src/shared/health.ts';
import type { LinkState } from '../../src/shared/linkState.ts';
import { monoMs } from '../../src/shared/units.ts';

const NOW = monoMs(1_000_000);
const REASON = { kind: 'cut', code: 'ECONNRESET' } as const;

const fine: HealthFacts = {
  now: NOW,
  state: { kind: 'up', since: monoMs(900_000) },
  pingIntervalMs: 15_000,
  pongs: true,
  upSince: monoMs(900_000),
  lastPongAt: monoMs(995_000),
  missedSinceLastPong: 0,
  rtt: { p95Ms: 12, count: 20 },
  expectsData: true,
  dataAgeMs: 100,
  sleptSince: false,
  dataNoticeMs: 60_000,
  wanted: 2,
  acked: 2,
  failures: 0,
  wasOpen: true,
  subscriptionsSilent: [],
  notInForce: [],
  same: NOTHING_SAME,
  frozenMs: 0,
  lagGrowthMs: 0,
  degradedBy: null,
  pendingSettings: null,
};

const cases: readonly [string, Partial<HealthFacts>, string, RegExp | null][] = [
  ['up with fresh data is healthy', {}, 'healthy', null],
  ['no data yet is never healthy', { dataAgeMs: null }, 'degraded', /no data yet/],
  ['data older than the notice', { dataAgeMs: 70000 }, 'degraded', /no data for 70 s/],
  ['data just younger than the notice', { dataAgeMs: 59999 }, 'healthy', null],
  ['a missed pong', { missedSinceLastPong: 1 }, 'degraded', /^1 pong missed$/],
  ['p95 over 100 ms', { rtt: { p95Ms: 101, count: 4 } }, 'degraded', /p95 RTT 101 ms of 4 pings/],
  ['p95 of 100 ms', { rtt: { p95Ms: 100, count: 4 } }, 'healthy', null],
  [
    'last pong older than 4 intervals',
    { lastPongAt: monoMs(930_000), pingIntervalMs: 15_000 },
    'degraded',
    /last pong 70 s/,
  ],
  ['the same age with a longer interval', { lastPongAt: monoMs(930_000), pingIntervalMs: 20_000 }, 'healthy', null],
  ['no pong rule without pongs', { pongs: false, lastPongAt: null, missedSinceLastPong: 3 }, 'healthy', null],
  ['an unacked subscription', { acked: 1 }, 'degraded', /^1 of 2 subscriptions not acknowledged$/],
  [
    'one that the venue does not serve',
    { acked: 1, notInForce: ['trade:ETH'] },
    'degraded',
    /^1 of 2 subscriptions not in force: trade:ETH$/,
  ],
  [
    'one that is silent while the other flows',
    { subscriptionsSilent: ['trade:ETH'] },
    'degraded',
    /^no data of trade:ETH$/,
  ],
  [
    'no more than that where none flows',
    { subscriptionsSilent: ['a', 'b'], dataAgeMs: 70000 },
    'degraded',
    /^no data for 70 s$/,
  ],
  [
    'the same message again and again',
    { same: same(61_000, false) },
    'degraded',
    /^messages come, .* the same for 61 s$/,
  ],
  ['that of one of them', { same: same(61_000, true) }, 'degraded', /^the same message again and again of trade:ETH$/],
  [
    'suspect',
    { state: { kind: 'suspect', since: NOW, upSince: NOW, probes: 1, why: 'late pong' } },
    'degraded',
    /suspect/,
  ],
  ['restoring', { state: { kind: 'restoring', acked: 1, wanted: 2, since: NOW } }, 'degraded', /1 of 2/],
  ['connecting', { state: { kind: 'connecting', attempt: 1, phase: 'tcp', since: NOW } }, 'degraded', /connecting/],
  ['waiting', { state: waiting(), failures: 3 }, 'degraded', /waiting/],
  ['waiting after 4 failures', { state: waiting(), failures: 4 }, 'unhealthy', /4 failures since it was last stable/],
  [
    'four dials that failed, and none before',
    { state: waiting(), failures: 4, wasOpen: false },
    'unhealthy',
    /4 failures, never up yet/,
  ],
  ['breaker open', { state: { kind: 'blocked', attempt: 4, until: NOW, reason: REASON } }, 'unhealthy', /breaker open/],
  ['failed', { state: { kind: 'failed', attempts: 9, reason: REASON, acknowledged: false } }, 'unhealthy', /gave up/],
  ['paused has no health', { state: { kind: 'paused' } }, 'none', null],
  ['a link without data needs none', { expectsData: false, dataAgeMs: null }, 'healthy', null],
  ['settings that could not be put in force', { pendingSettings: 'HTTP 503' }, 'degraded', /not in force: HTTP 503/],
];

function same(forMs: number, othersChange: boolean): HealthFacts['same'] {
  return { names: ['trade:ETH'], forMs, othersChange };
}

function waiting(): LinkState {
  return { kind: 'waiting', attempt: 2, delayMs: 100, until: NOW, reason: REASON };
}

it.each(cases)('[H2] %s', (_title, change, level, reason) => {
  const health = healthOf({ ...fine, ...change });
  expect(health.level).toBe(level);
  const reasons = 'reasons' in health ? health.reasons.join('; ') : '';
  if (reason === null) expect(reasons).toBe('');
  else expect(reasons).toMatch(reason);
});
