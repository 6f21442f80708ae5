import { describe, expect, it } from 'vitest';
import { type PoolFacts, poolAlerts } from '../../src/shared/poolAlerts.ts';
import { monoMs } from '../../src/shared/units.ts';
import { POOL_POLICY } from '../support/poolRig.ts';

const NOW = 1_000_000;
const facts = (change: Partial<PoolFacts> = {}): PoolFacts => ({
  now: monoMs(NOW),
  counters: { requests: 100, reused: 95 },
  idle: 8,
  averageAgeMs: 45_000,
  startedAt: monoMs(NOW - 600_000),
  flushedAt: null,
  fullSince: null,
  policy: POOL_POLICY,
  ...change,
});
/** With these limits of its own. */
const held = (policy: Partial<PoolFacts['policy']>) => ({ policy: { ...POOL_POLICY, ...policy } });
const alertsOf = (change: Partial<PoolFacts>) => poolAlerts([facts(change)])[0]?.map(({ kind }) => kind);

describe('alerts of pools', () => {
  it('P4: a healthy pool has none', () => {
    expect(alertsOf({})).toEqual([]);
  });

  it('P4: reuse under 70 % with at least 20 requests', () => {
    expect(alertsOf({ counters: { requests: 20, reused: 13 } })).toEqual(['reuse']);
    expect(alertsOf({ counters: { requests: 20, reused: 14 } })).toEqual([]);
    expect(alertsOf({ counters: { requests: 19, reused: 0 } })).toEqual([]);
  });

  it('P4: more than 50 idle in all pools, told of the one that has the most', () => {
    const told = (...idle: number[]) => poolAlerts(idle.map((one) => facts({ idle: one }))).map((own) => own.length);
    expect(told(20, 21, 10)).toEqual([0, 1, 0]);
    expect(told(20, 20, 10)).toEqual([0, 0, 0]);
    expect(told(51)).toEqual([1]);
  });

  it('P4: at its most connections for a minute', () => {
    expect(alertsOf({ fullSince: monoMs(NOW - 60_000) })).toEqual(['full']);
    expect(alertsOf({ fullSince: monoMs(NOW - 59_999) })).toEqual([]);
  });

  it('P4: average age under 10 s, not in the first minute of a pool or after a flush', () => {
    expect(alertsOf({ averageAgeMs: 9_999 })).toEqual(['young']);
    expect(alertsOf({ averageAgeMs: 10_000 })).toEqual([]);
    expect(alertsOf({ averageAgeMs: null })).toEqual([]);
    expect(alertsOf({ averageAgeMs: 5_000, startedAt: monoMs(NOW - 60_000) })).toEqual([]);
    expect(alertsOf({ averageAgeMs: 5_000, flushedAt: monoMs(NOW - 59_999) })).toEqual([]);
    expect(alertsOf({ averageAgeMs: 5_000, flushedAt: monoMs(NOW - 60_000) })).toEqual(['young']);
  });

  it('P4: each limit is a setting of the pool, and an alert names the one in force', () => {
    const reuse = { counters: { requests: 100, reused: 57 } };
    expect(alertsOf({ ...reuse, ...held({ alertReusePercent: 57 }) })).toEqual([]);
    expect(alertsOf({ ...reuse, ...held({ alertReusePercent: 57.5 }) })).toEqual(['reuse']);
    expect(alertsOf({ counters: { requests: 20, reused: 0 }, ...held({ alertReusePercent: 0 }) })).toEqual([]);
    const full = { fullSince: monoMs(NOW - 5_000) };
    expect(alertsOf({ ...full, ...held({ alertFullMs: 5_000 }) })).toEqual(['full']);
    expect(alertsOf({ averageAgeMs: 20_000, ...held({ alertAgeMs: 30_000 }) })).toEqual(['young']);
    expect(alertsOf({ averageAgeMs: 0, ...held({ alertAgeMs: 0 }) })).toEqual([]);
    const limits = held({ alertReusePercent: 57.5, alertIdle: 4, alertFullMs: 2_500, alertAgeMs: 3_000 });
    const [all = []] = poolAlerts([facts({ ...reuse, ...full, ...limits, averageAgeMs: 2_000 })]);
    expect(all.map(({ text }) => text)).toEqual([
      expect.stringContaining('only 57 % of 100 requests found a used socket, and 57.5 % should'),
      expect.stringContaining('more than 4 are kept for nothing'),
      expect.stringContaining('for 5 s, and 2.5 s are too long'),
      expect.stringContaining('2.0 s old on average, and 3 s is the least'),
    ]);
  });

  it('P4: idle sockets in all are held against the value of the pool that has the most, whatever others have', () => {
    const told = (most: number, least: number) =>
      poolAlerts([facts({ idle: 3, ...held({ alertIdle: least }) }), facts({ idle: 9, ...held({ alertIdle: most }) })]);
    expect(told(11, 100).map((own) => own.map(({ kind }) => kind))).toEqual([[], ['idle']]);
    expect(told(12, 1)).toEqual([[], []]);
  });

  it('P4: each alert says what is wrong, and names the setting to change', () => {
    const [all = []] = poolAlerts([
      facts({ counters: { requests: 40, reused: 10 }, idle: 60, fullSince: monoMs(NOW - 90_000), averageAgeMs: 2_000 }),
    ]);
    expect(all.map(({ setting }) => setting)).toEqual([
      'idle_timeout_secs',
      'max_idle_per_host',
      'max_connections',
      'max_socket_age_secs',
    ]);
    expect(all.map(({ text }) => text)).toEqual([
      'only 25 % of 40 requests found a used socket, and 70 % should: sockets end before they are used again',
      '60 sockets are idle in all pools, 60 of them here; more than 50 are kept for nothing',
      'at its 50 connections to an origin for 90 s, and 60 s are too long: further requests wait',
      'sockets are 2.0 s old on average, and 10 s is the least: they are replaced too soon',
    ]);
  });
});
