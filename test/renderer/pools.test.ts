import { expect, test } from 'vitest';
import { nextPools } from '../../src/renderer/store/pools.ts';
import {
  ageHeld,
  handshakesSaved,
  limitText,
  phasesOf,
  poolsSentence,
  reuseHeld,
  worstOrigin,
} from '../../src/renderer/views/pools/poolStanding.ts';
import { nextRow } from '../../src/renderer/views/rowKeys.ts';
import { placeOfPoolKey } from '../../src/renderer/views/settings/settingsPlace.ts';
import type { PoolView } from '../../src/shared/pool.ts';
import { monoMs } from '../../src/shared/units.ts';
import { FakePool, SIX_POOLS } from './fakePools.ts';
import { seeded } from './seeded.ts';

const now = monoMs(5_000_000);
const views = SIX_POOLS.map((spec) => new FakePool(spec, seeded(3), now).view());
const pool = (name: string, change: Partial<PoolView> = {}): PoolView => {
  const found = views.find((view) => view.name === name);
  if (found === undefined) throw new Error(`no pool ${name}`);
  return { ...found, ...change };
};
const counted = (requests: number, reused: number): PoolView => {
  const kraken = pool('kraken');
  return { ...kraken, counters: { ...kraken.counters, requests, reused } };
};

test('[P5] a pool is as its gravest origin is, and says how many of them are so', () => {
  expect(worstOrigin(pool('kraken'))).toEqual({ state: { kind: 'warm' }, detail: '' });
  expect(worstOrigin(pool('binance'))).toEqual({ state: { kind: 'warming' }, detail: '1 of 3' });
  expect(worstOrigin(pool('okx-orders'))).toMatchObject({ state: { kind: 'failing' }, detail: '1 of 2' });
  expect(worstOrigin(pool('kraken', { enabled: false })).state.kind).toBe('off');
  expect(poolsSentence(views)).toBe('1 failing, 1 warming, 1 cold, 2 warm, 1 off');
});

test('[P5] of several failing origins the one that is tried soonest gives the countdown', () => {
  const { origins } = pool('okx-orders');
  const [first] = origins;
  if (first === undefined) throw new Error('no origin');
  const failing = (retryAt: number) => ({
    ...first,
    state: { kind: 'failing' as const, why: 'x', attempts: 1, retryAt: monoMs(retryAt) },
  });
  const { state } = worstOrigin(pool('okx-orders', { origins: [failing(9), failing(4), failing(7)] }));
  expect(state).toMatchObject({ retryAt: 4 });
});

test('[P3] handshakes are claimed as saved only where they are TLS, and of mixed pools only as a bound', () => {
  expect(handshakesSaved(pool('kraken'))).toBe('18,391');
  const plain = pool('kraken').origins.map((one) => ({ ...one, url: 'http://127.0.0.1:8080' }));
  expect(handshakesSaved(pool('kraken', { origins: plain }))).toBe('no TLS');
  expect(handshakesSaved(pool('demo-rest'))).toMatch(/^[\d,]+$/);
  const mixed = [...pool('kraken').origins, ...plain];
  expect(handshakesSaved(pool('kraken', { origins: mixed }))).toBe('at most 18,391');
});

test('[P4] reuse and age are held against their targets, and against nothing where nothing was measured', () => {
  expect(reuseHeld(counted(1000, 901))).toEqual({ tone: 'good', value: '90.10 %', verdict: 'target > 90 %' });
  expect(reuseHeld(counted(1000, 899))).toMatchObject({ tone: 'warn', verdict: 'below the target of 90 %' });
  const justAt = { tone: 'warn', value: '90.00 %', verdict: 'at the target, not over it: > 90 %' };
  expect(reuseHeld(counted(60, 54))).toEqual(justAt);
  expect(reuseHeld(counted(0, 0))).toEqual({ tone: 'idle', value: '–', verdict: 'no requests yet' });
  expect(ageHeld(pool('kraken', { averageAgeMs: 31_000 }))).toMatchObject({ tone: 'good', value: '31 s' });
  expect(ageHeld(pool('kraken', { averageAgeMs: 30_000 }))).toMatchObject({
    tone: 'warn',
    verdict: 'at the target, not over it: > 30 s',
  });
  expect(ageHeld(pool('kraken', { averageAgeMs: null }))).toMatchObject({ value: '–', verdict: 'no open socket' });
});

test('[P5] an idle limit says where it is known from', () => {
  expect(limitText({ ms: 60_000, source: 'learned', closes: 1 })).toBe('1 m 00 s (learned, 1 close)');
  expect(limitText({ ms: 4000, source: 'announced', closes: 0 })).toBe('4.0 s (announced by the venue)');
  expect(limitText({ ms: 90_000, source: 'setting', closes: 0 })).toBe('1 m 30 s (setting)');
});

test('[P6] the phases of a request make up its whole, and one that did not take place is none', () => {
  const last = { queueMs: 1, dnsMs: null, tcpMs: 2, tlsMs: 3, firstByteMs: 4, totalMs: 12 };
  expect(phasesOf(last).map(([, ms]) => ms)).toEqual([1, null, 2, 3, 4, 2]);
  expect(phasesOf({ ...last, totalMs: 9 }).at(-1)).toEqual(['rest', 0]);
});

test('[D1] a frame gives news only to the pools that have some; names may be words that objects know', () => {
  const at = monoMs(1);
  const first = nextPools(null, { at, pools: views });
  expect(nextPools(first, { at, pools: structuredClone(views) })).toBe(first);
  const moved = views.map((view) => (view.name === 'binance' ? { ...view, pending: 9 } : structuredClone(view)));
  const second = nextPools(first, { at, pools: moved });
  expect(second.order).toBe(first.order);
  expect(second.byName.kraken).toBe(first.byName.kraken);
  expect(second.byName.binance?.pending).toBe(9);
  expect(nextPools(second, { at, pools: moved.slice(1) }).byName.kraken).toBeUndefined();
  const odd = nextPools(null, { at, pools: [pool('kraken', { name: '__proto__' })] });
  expect(Object.entries(odd.byName).map(([key, { name }]) => [key, name])).toEqual([['__proto__', '__proto__']]);
  expect(odd.byName.toString).toBeUndefined();
});

test('[P4] the place of a pool’s key: in its table, else for all pools, else the table itself', () => {
  const text = [
    '[connection]',
    'http_max_connections = 50',
    '[pool.kraken]',
    '  idle_timeout_secs = 60',
    '[pool."a b"]',
    'origins = []',
  ].join('\n');
  expect(placeOfPoolKey(text, { pool: 'kraken', key: 'idle_timeout_secs' })).toEqual({ line: 4, column: 3 });
  expect(placeOfPoolKey(text, { pool: 'kraken', key: 'max_connections' })).toEqual({ line: 2, column: 1 });
  expect(placeOfPoolKey(text, { pool: 'a b', key: 'idle_timeout_secs' })).toEqual({ line: 5, column: 1 });
  expect(placeOfPoolKey(text, { pool: 'a b', key: 'idle' })).toEqual({ line: 5, column: 1 });
  expect(placeOfPoolKey(text, { pool: 'gone', key: 'idle_timeout_secs' })).toBeNull();
});

test('[D1] keys lead from row to row inside the table', () => {
  const names = ['a', 'b', 'c'];
  expect(['ArrowDown', 'ArrowUp', 'Home', 'End', 'x', 'toString'].map((key) => nextRow(key, names, 'c'))).toEqual([
    'c',
    'b',
    'a',
    'c',
    null,
    null,
  ]);
});
