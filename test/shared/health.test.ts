import { expect, it } from 'vitest';
import { NOTHING_SAME } from '../../src/shared/freshness.ts';
import { type HealthFacts, healthOf, healthReasons } from '../../src/shared/health.ts';
import { healthText } from '../../src/shared/healthReason.ts';
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
  limits: { p95Ms: 100, failures: 3 },
};

const cases: readonly [string, Partial<HealthFacts>, string, RegExp | null][] = [
  ['up with fresh data is healthy', {}, 'healthy', null],
  ['no data yet is never healthy', { dataAgeMs: null }, 'degraded', /no data yet/],
  ['data older than the notice', { dataAgeMs: 70000 }, 'degraded', /no data for 70 s/],
  ['data just younger than the notice', { dataAgeMs: 59999 }, 'healthy', null],
  ['a missed pong', { missedSinceLastPong: 1 }, 'degraded', /^1 pong missed$/],
  ['p95 over 100 ms', { rtt: { p95Ms: 101, count: 4 } }, 'degraded', /p95 RTT 101 ms of 4 pings/],
  [
    'a limit of the settings for the p95',
    { rtt: { p95Ms: 50, count: 4 }, limits: { p95Ms: 20, failures: 3 } },
    'degraded',
    /p95 RTT 50 ms/,
  ],
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
    'more failures than the settings let pass for degraded',
    { state: waiting(), failures: 2, limits: { p95Ms: 100, failures: 1 } },
    'unhealthy',
    /2 failures since/,
  ],
  [
    'as many as they do',
    { state: waiting(), failures: 9, limits: { p95Ms: 100, failures: 9 } },
    'degraded',
    /^waiting to reconnect$/,
  ],
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
  [
    'settings that could not be put in force',
    { pendingSettings: REASON },
    'degraded',
    /^new settings not in force: the connection was cut /,
  ],
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
  const reasons = healthText(healthReasons(health));
  if (reason === null) expect(reasons).toBe('');
  else expect(reasons).toMatch(reason);
});

it('[H2] [D2] a reason that reads the same is the same: what is finer than its figures changes no frame', () => {
  const of = (tiny: number) =>
    healthOf({
      ...fine,
      lastPongAt: monoMs(900_000 - tiny),
      rtt: { p95Ms: 150.2 + tiny / 1000, count: 4 },
      notInForce: ['a', 'b', 'c', `d${tiny}`],
      wanted: 9,
      same: { ...same(70_000 + tiny, false), names: ['a', 'b', 'c', `d${tiny}`] },
      lagGrowthMs: 6_000 + tiny,
      subscriptionsSilent: ['a', 'b', 'c', `d${tiny}`],
      degradedBy: 3.41 + tiny / 10_000,
    });
  const reasons = healthReasons(of(0));
  expect(healthText(reasons)).toBe(
    'last pong 100 s ago; p95 RTT 150 ms of 4 pings; 4 of 9 subscriptions not in force: a, b, c and 1 more; ' +
      '3 of 9 subscriptions not acknowledged; no data of a, b, c and 1 more; ' +
      'messages come, but they have been the same for 70 s; ' +
      'messages are 6 s older than they usually are; 3.4 times slower than its own baseline',
  );
  expect(of(99)).toEqual(of(0));
  expect(JSON.parse(JSON.stringify(reasons))).toEqual(reasons);
});
