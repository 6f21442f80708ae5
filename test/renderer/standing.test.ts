import { expect, test } from 'vitest';
import { overall, stateDetail, toneOf, waitsUntil, whyText } from '../../src/renderer/standing.ts';
import { monoMs } from '../../src/shared/units.ts';
import { seeded } from './fakeApp.ts';
import { FakeLink, type FakeSpec, TEN_LINKS } from './fakeLinks.ts';

const now = monoMs(5_000_000);
const view = (spec: FakeSpec) => new FakeLink(spec, seeded(1), now).view(now);
const links = Object.fromEntries(TEN_LINKS.map((spec) => [spec.name, view(spec)]));
const names = TEN_LINKS.map((spec) => spec.name);
const link = (name: string) => links[name] ?? view({ name, venue: '', url: '', rttMs: 1, state: 'up' });

test('[H2] the header counts healthy links of those not paused and names the worst with its cause', () => {
  expect(overall(names, links)).toEqual({
    tone: 'bad',
    count: '3 of 9 links healthy, 1 paused',
    worst:
      'kraken-v2 breaker open: closed by the venue with 1013 "try again later": the server is overloaded, try later',
    short: 'kraken-v2 breaker open',
  });
});

test('[H2] all well, all paused and no links each have their own sentence', () => {
  expect(overall(['demo-tokyo'], links)).toMatchObject({ tone: 'good', count: '1 of 1 link healthy', worst: '' });
  expect(overall(['coinbase-advanced'], links)).toMatchObject({ tone: 'idle', count: 'all 1 link paused' });
  expect(overall([], {})).toMatchObject({ tone: 'idle', count: 'no links yet' });
});

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
  expect([
    stateDetail(link('bybit-linear')),
    stateDetail(link('demo-newyork')),
    stateDetail(link('binance-futures')),
  ]).toEqual(['TLS', '3/4', '2 probes']);
  expect(waitsUntil(link('okx-spot'))).toBe(now + 12_800);
  expect(waitsUntil(link('demo-tokyo'))).toBeNull();
});
