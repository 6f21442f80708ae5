import { expect, it } from 'vitest';
import type { DemoFault, DemoWire } from '../../src/shared/demoFault.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { promisesOf } from '../../src/shared/promise.ts';
import type { Milestone, Promised, Promises } from '../../src/shared/promised.ts';
import { termsOf } from '../../src/shared/promiseTerms.ts';
import { monoMs } from '../../src/shared/units.ts';
import { resolved } from '../settings/fixtures.ts';
import { drillLink } from '../support/drillLink.ts';

const valuesOf = (text: string) =>
  resolved(`[link.venue]\npreset = "demo_tokyo"\n${text}`).effective.get('venue') ?? [];

function promised(
  fault: DemoFault,
  link: LinkView = drillLink(),
  text = 'jitter_factor = 0',
  wire: DemoWire = 'WebSocket',
): Promises {
  const terms = termsOf(valuesOf(text));
  if (terms === null) throw new Error('the settings lack a value');
  return promisesOf(fault, { link, terms, exchange: 'tokyo', wire, gateReopenMs: 5_000 });
}

const within = (promise: Promised): readonly [number, string] | string =>
  promise.kind === 'within' ? [promise.ms, promise.from] : promise.kind;

const FREEZE = { kind: 'freeze', forSecs: 15 } as const;

it('[L4] the published example: S and T of 1 s, suspect within 1.2 s, dead within 3.3 s', () => {
  const { suspect, dead, ended } = promised(FREEZE);
  expect([suspect, dead, ended].map(within)).toEqual([
    [1_200, 'fault'],
    [3_300, 'fault'],
    [3_300, 'fault'],
  ]);
});

const cases: readonly [string, DemoFault, LinkView, Partial<Record<Milestone, readonly [number, string] | string>>][] =
  [
    [
      'a learned limit of 4 s, pings every 15 s: S rules',
      FREEZE,
      drillLink({ silenceLimitMs: 4_000 }),
      { suspect: [4_200, 'fault'], dead: [6_300, 'fault'] },
    ],
    [
      'pings every 250 ms find it before a limit of 4 s does',
      FREEZE,
      drillLink({ silenceLimitMs: 4_000, pingIntervalMs: 250 }),
      { suspect: [1_450, 'fault'], dead: [3_550, 'fault'] },
    ],
    [
      'nothing learned yet: ping interval and T',
      FREEZE,
      drillLink({ silenceLimitMs: null, pingIntervalMs: 2_000, pongLimitMs: 1_500 }),
      { suspect: [3_700, 'fault'], dead: [6_300, 'fault'] },
    ],
    ['no pings: nothing is promised', FREEZE, drillLink({ ping: 'none' }), { suspect: 'nothing', dead: 'nothing' }],
    [
      'the venue counts pings: nothing is promised',
      FREEZE,
      drillLink({}, { budget: { used: 0, limit: 5, windowMs: 1_000, shared: false } }),
      { suspect: 'nothing', dead: 'nothing' },
    ],
    [
      'a freeze that is over before the death: only the suspicion',
      { kind: 'freeze', forSecs: 2 },
      drillLink(),
      { suspect: [1_200, 'fault'], dead: 'nothing', restored: 'nothing' },
    ],
    [
      'wrong pongs: data flow, so only pings find it',
      { kind: 'wrong-pong', forSecs: 15 },
      drillLink({ pingIntervalMs: 250 }),
      { suspect: [1_450, 'fault'], dead: [3_550, 'fault'], 'gate-open': [1_000 + 99 * 250 + 6_500, 'recovered'] },
    ],
    [
      'a kill is known at once, dialled after the first wait, and back after the last restore again',
      { kind: 'kill' },
      drillLink(),
      { suspect: 'never', dead: 'apart', ended: [100, 'fault'], dial: [200, 'ended'], restored: [1_500, 'ended'] },
    ],
    [
      'a kill of a link that was not stable: its breaker holds it',
      { kind: 'kill' },
      drillLink(
        {},
        {
          uptime: { ...drillLink().uptime, upSince: monoMs(5_990_000) },
          counters: { ...drillLink().counters, failuresInARow: 2 },
        },
      ),
      { dial: [10_100, 'ended'] },
    ],
    [
      'a refusal of 15 s may meet the breaker’s 10 s',
      { kind: 'refuse', forSecs: 15 },
      drillLink(),
      { redial: [300, 'dial'], restored: [11_400, 'over'], healthy: [31_500, 'recovered'] },
    ],
    [
      'with another address the first dial goes there',
      { kind: 'refuse', forSecs: 15 },
      drillLink({
        routes: [
          { url: 'demo://tokyo', p50Ms: 9, inUse: true, alive: true },
          { url: 'demo://tokyo-b', p50Ms: 9, inUse: false, alive: true },
        ],
      }),
      { redial: 'apart', restored: [1_500, 'ended'] },
    ],
    [
      '429 asks to wait',
      { kind: 'rate-limit', forSecs: 8, retryAfterSecs: 5 },
      drillLink(),
      { redial: 'not-before', restored: [6_400, 'over'] },
    ],
    [
      '50 ms more are within everything',
      { kind: 'slow', forSecs: 15, byMs: 50 },
      drillLink(),
      { suspect: 'never', ended: 'never', 'gate-closed': 'never', replaced: 'never' },
    ],
    [
      '200 ms more are within T, but not fit for trading',
      { kind: 'slow', forSecs: 15, byMs: 200 },
      drillLink({ pingIntervalMs: 250 }),
      { suspect: 'never', ended: 'never', 'gate-closed': [2_450, 'fault'] },
    ],
    [
      '1 s more is over T: suspect again and again, and never dead',
      { kind: 'slow', forSecs: 15, byMs: 1_000 },
      drillLink(),
      { suspect: 'nothing', dead: 'never', ended: 'never', replaced: 'nothing' },
    ],
    [
      'mute, short of the notice: nothing may happen',
      { kind: 'mute', forSecs: 15 },
      drillLink({ pingIntervalMs: 250 }),
      { suspect: 'never', ended: 'never', notice: 'apart', 'gate-closed': 'never' },
    ],
    [
      'mute for longer than the notice: told, and the gate closes, but the socket stays',
      { kind: 'mute', forSecs: 90 },
      drillLink({ pingIntervalMs: 250 }),
      { suspect: 'never', ended: 'never', notice: [61_500, 'fault'], 'gate-closed': [61_500, 'fault'] },
    ],
    [
      'mute for longer than the data timeout: a forced reconnect',
      { kind: 'mute', forSecs: 400 },
      drillLink(),
      { ended: [301_500, 'fault'], dead: 'never' },
    ],
    [
      'mute without data to expect',
      { kind: 'mute', forSecs: 90 },
      drillLink({ expectsData: false }),
      { notice: 'never' },
    ],
    [
      'a rate of failures promises no loss, but what follows one',
      { kind: 'flaky', forSecs: 30, percent: 10 },
      drillLink(),
      { ended: 'nothing', dial: [200, 'ended'], suspect: 'never' },
    ],
    [
      'a link that stands elsewhere is not to be disturbed',
      { kind: 'kill' },
      drillLink({
        routes: [
          { url: 'demo://tokyo', p50Ms: 9, inUse: false, alive: true },
          { url: 'demo://osaka', p50Ms: 9, inUse: true, alive: true },
        ],
      }),
      { suspect: 'never', ended: 'never', 'gate-closed': 'never', dial: 'apart' },
    ],
  ];

it.each(cases)('[D6] %s', (_title, fault, link, expected) => {
  const all = promised(fault, link);
  const got = Object.fromEntries(Object.keys(expected).map((name) => [name, within(all[name as Milestone])]));
  expect(got).toEqual(expected);
  for (const { why } of Object.values(all)) expect(why).toMatch(/\S/);
});

it('[G1] the gate is promised closed with the first sign, and open after 20 pings and the hysteresis', () => {
  const { 'gate-closed': closed, 'gate-open': open } = promised(FREEZE, drillLink({ pingIntervalMs: 250 }));
  expect(within(closed)).toEqual([100, 'trouble']);
  expect(within(open)).toEqual([1_000 + 19 * 250 + 5_000 + 1_500, 'recovered']);
  const slowPings = promised(FREEZE, drillLink(), 'warmup_pings = 10');
  expect(within(slowPings['gate-open'])).toEqual([1_000 + 9 * 1_000 + 10 * 15_000 + 5_000 + 1_500, 'recovered']);
  const shut = drillLink(
    {},
    { gate: { kind: 'closed', since: monoMs(0), reasons: [{ kind: 'not-started' }], cleanSince: null, opensAt: null } },
  );
  expect([promised(FREEZE, shut)['gate-closed'], promised(FREEZE, shut)['gate-open']].map(within)).toEqual([
    'apart',
    'apart',
  ]);
});

it('[D6] a link that was not healthy before the fault need not be healthy after it', () => {
  const unwell = drillLink({}, { health: { level: 'degraded', reasons: [{ kind: 'slower', factor: 3 }] } });
  const long = { kind: 'mute', forSecs: 90 } as const;
  for (const fault of [FREEZE, { kind: 'kill' } as const, long]) {
    expect(within(promised(fault, drillLink()).healthy)).toEqual([expect.any(Number), expect.any(String)]);
    expect(promised(fault, unwell).healthy).toEqual({ kind: 'apart', why: 'it was not healthy before' });
  }
});

it('[H2] [H4] what is promised by failures and pauses names the settings of the link', () => {
  const slow = { kind: 'slow', byMs: 2_000, forSecs: 30 } as const;
  expect(promised(slow, drillLink(), 'policy_pause_secs = 60').replaced.why).toContain('once in 60.0 s');
  const healthy = (most: number) =>
    promised({ kind: 'refuse', forSecs: 30 }, drillLink(), `degraded_failures = ${most}`).healthy;
  expect(within(healthy(1))).toEqual([31_500, 'recovered']);
  expect(healthy(1).why).toContain('after more than 1 failure');
  expect(within(healthy(1_000))).toEqual([1_500, 'recovered']);
});

it('[C1] the terms are the link’s own values in the engine’s units; a missing one is no term at all', () => {
  expect(termsOf(valuesOf('initial_reconnect_delay_ms = 250\nbreaker_open_secs = 2\njitter = "full"'))).toMatchObject({
    initialReconnectDelayMs: 250,
    breakerOpenMs: 2_000,
    jitter: 'full',
    stableAfterMs: 30_000,
  });
  expect(termsOf(valuesOf('').filter(({ key }) => key !== 'missed_pongs'))).toBeNull();
});
