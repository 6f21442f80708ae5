import { expect, test } from 'vitest';
import { stateDetail, toneOf, waitsUntil, whyText } from '../../src/renderer/standing.ts';
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
  expect([
    stateDetail(link('bybit-linear')),
    stateDetail(link('demo-newyork')),
    stateDetail(link('binance-futures')),
  ]).toEqual(['TLS', '3/4', '2 probes']);
  expect(waitsUntil(link('okx-spot'))).toBe(now + 12_800);
  expect(waitsUntil(link('demo-tokyo'))).toBeNull();
});
