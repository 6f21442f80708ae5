import { expect, test } from 'vitest';
import { gateCause } from '../../src/renderer/gateLook.ts';
import {
  briefCause,
  causeText,
  dialBlocked,
  stateDetail,
  toneOf,
  waitsUntil,
  whyText,
} from '../../src/renderer/standing.ts';
import { planOf } from '../../src/renderer/views/overview/bulk.ts';
import { fitnessOf } from '../../src/shared/fitness.ts';
import { newGate, stepGate } from '../../src/shared/gate.ts';
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
  expect(['okx-spot', 'kraken-v2', 'deribit-options', 'bybit-linear'].map((name) => causeText(link(name)))).toEqual([
    '127.0.0.1:9443 cannot be reached (ECONNREFUSED); attempt 5 follows',
    'closed by the venue with 1013 "try again later": the server is overloaded, try later',
    'the name www.deribit.com does not resolve (ENOTFOUND); press Reconnect to try again',
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

test('[H5] [D2] a cell has the figures of a reason, whatever else the engine says of it', () => {
  const fit = fitnessOf({
    state: { kind: 'up', since: now },
    pongs: true,
    pings: { count: 100, known: 100, p99Ms: 114.32, successPercent: 97 },
    missedSinceLastPong: 0,
    stale: [],
    wanted: 1,
    notInForce: [],
    limits: { p99Ms: 100, successPercent: 99 },
  });
  expect(briefCause(fit.fit ? '' : fit.reasons.join('; '))).toBe(
    'p99 114.3 ≥ 100 ms of 100 pings; 97.0 % answered ≤ 99 %',
  );
  const gate = stepGate(newGate(now), { now, paused: false, fit: { fit: true }, stalling: true, reopenAfterMs: 5000 });
  expect(briefCause(gateCause(gate))).toBe('this machine is held up');
  expect(briefCause('no data yet, nothing subscribed; last pong 61 s ago')).toBe(
    'nothing subscribed; last pong 61 s ago',
  );
  expect(briefCause('p95 RTT 198 ms of 26 pings; 5 failures since it was last stable')).toBe(
    'p95 198 ms of 26 pings; 5 failures since stable',
  );
  expect(briefCause('x: ECONNREFUSED; attempt 5 follows')).toBe('x: ECONNREFUSED; attempt 5 follows');
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
