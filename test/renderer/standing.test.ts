import { expect, test } from 'vitest';
import { briefUnfitReason } from '../../src/renderer/briefReason.ts';
import { closedFor } from '../../src/renderer/gateLook.ts';
import { briefCause, dialBlocked, stateDetail, toneOf, waitsUntil, whyText } from '../../src/renderer/standing.ts';
import { planOf } from '../../src/renderer/views/overview/bulk.ts';
import { fitnessOf } from '../../src/shared/fitness.ts';
import { newGate, stepGate } from '../../src/shared/gate.ts';
import type { HealthReason } from '../../src/shared/healthReason.ts';
import { notInForce } from '../../src/shared/subscriptionView.ts';
import { monoMs } from '../../src/shared/units.ts';
import { FakeLink, type FakeSpec, TEN_LINKS } from './fakeLinks.ts';
import { seeded } from './seeded.ts';

const now = monoMs(5_000_000);
const view = (spec: FakeSpec) => new FakeLink(spec, seeded(1), now).view(now);
const links = Object.fromEntries(TEN_LINKS.map((spec) => [spec.name, view(spec)]));
const names = TEN_LINKS.map((spec) => spec.name);
const link = (name: string) => links[name] ?? view({ name, venue: '', url: '', rttMs: 1, state: 'up' });

test('[H2] a tone is green only for healthy and grey for paused', () => {
  expect(names.map((name) => toneOf(link(name)))).toEqual([
    'good',
    'good',
    'warn',
    'warn',
    'warn',
    'bad',
    'warn',
    'bad',
    'idle',
    'good',
  ]);
});

test('[L1] every state says what it waits for', () => {
  expect(whyText(link('okx-spot'))).toBe('Attempt 5 follows: 127.0.0.1:9443 cannot be reached (ECONNREFUSED)');
  expect(whyText(link('deribit-options'))).toContain('press Reconnect');
  expect(whyText(link('demo-tokyo'))).toBe('');
  expect(['okx-spot', 'kraken-v2', 'deribit-options', 'bybit-linear'].map((name) => briefCause(link(name)))).toEqual([
    '127.0.0.1:9443 cannot be reached (ECONNREFUSED); attempt 5 follows',
    'closed by the venue with 1013 "try again later": the server is overloaded, try later',
    'the name www.deribit.com does not resolve (ENOTFOUND); press Reconnect',
    'Attempt 2: TLS',
  ]);
  expect([
    stateDetail(link('bybit-linear')),
    stateDetail(link('demo-newyork')),
    stateDetail(link('binance-futures')),
  ]).toEqual(['TLS', '3/4', '2 probes']);
  expect(waitsUntil(link('okx-spot'))).toBe(now + 12_800);
  expect(waitsUntil(link('demo-tokyo'))).toBeNull();
});

test('[H2] [H5] [D2] a cell has the figures of a reason, whatever else the engine says of it', () => {
  const fit = fitnessOf({
    state: { kind: 'up', since: now },
    pongs: true,
    pings: { count: 100, known: 100, p99Ms: 114.32, successPercent: 97 },
    missedSinceLastPong: 1,
    stale: [],
    wanted: 2,
    notInForce: ['trades'],
    limits: { p99Ms: 100, successPercent: 99 },
  });
  expect(fit.fit ? [] : fit.reasons.map(briefUnfitReason)).toEqual([
    '1 of 2 not in force: trades',
    'a ping was missed since the last pong',
    'p99 114.3 ≥ 100 ms of 100 pings',
    '97.0 % answered ≤ 99 %',
  ]);
  const gate = stepGate(newGate(now), { now, paused: false, fit: { fit: true }, stalling: true, reopenAfterMs: 5000 });
  expect(closedFor(gate).map(briefUnfitReason)).toEqual(['this machine is held up']);
  expect(briefUnfitReason({ kind: 'no-pongs' })).toBe('answers no ping');
  const ill = (...reasons: HealthReason[]): string =>
    briefCause({ ...link('demo-tokyo'), health: { level: 'degraded', reasons } });
  expect(ill({ kind: 'stale', why: 'none yet', subscribed: false }, { kind: 'last-pong', agoSecs: 61 })).toBe(
    'nothing subscribed; last pong 61 s ago',
  );
  expect(ill({ kind: 'p95', p95Ms: 198, pings: 26 }, { kind: 'failures', count: 5, wasOpen: true })).toBe(
    'p95 198 ms of 26 pings; 5 failures since stable',
  );
  expect(ill(notInForce(['trades'], 2), { kind: 'stale', why: 'none yet', subscribed: true })).toBe(
    '1 of 2 not in force: trades; subscribed, no data yet',
  );
});

test('[L8] of a paused link whose breaker a person holds open no button promises that it is dialled', () => {
  const paused = { ...link('okx-spot'), state: { kind: 'paused' } } as const;
  const held = { ...paused, state: { kind: 'paused', held: true } } as const;
  expect(dialBlocked(paused)).toBe('Paused: Resume dials it again');
  expect(dialBlocked(held)).toContain('after Resume, Close breaker');
  expect(planOf('close breaker', [paused]).acts).toEqual([]);
  expect(planOf('close breaker', [held]).acts.map(({ does }) => does)).toEqual(['is dialled once it is resumed']);
  expect(planOf('resume', [paused]).acts.map(({ does }) => does)).toEqual(['is dialled']);
  expect(planOf('resume', [held]).acts.map(({ does }) => does)).toEqual([
    'stays out of use until its breaker is closed',
  ]);
});
