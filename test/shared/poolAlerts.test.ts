import { describe, expect, it } from 'vitest';
import { type PoolFacts, poolAlerts } from '../../src/shared/poolAlerts.ts';
import { monoMs } from '../../src/shared/units.ts';
import { POOL_POLICY } from '../support/poolRig.ts';

const NOW = 1_000_000;
/** Sockets of before have ended, and not by the venue. */
const ENDED_BY_US = { connects: 20, closedByPeer: 0 };
/** So many requests beside the first of each of eight open sockets. */
const asked = (requests: number, reused: number) => ({
  counters: { ...ENDED_BY_US, requests: requests + 8, reused },
});
const facts = (change: Partial<PoolFacts> = {}): PoolFacts => ({
  now: monoMs(NOW),
  counters: { ...ENDED_BY_US, requests: 108, reused: 95 },
  open: 8,
  used: 8,
  idle: 8,
  averageAgeMs: 45_000,
  youngSince: monoMs(NOW - 60_000),
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
    expect(alertsOf(asked(20, 13))).toEqual(['reuse']);
    expect(alertsOf(asked(20, 14))).toEqual([]);
    expect(alertsOf(asked(19, 0))).toEqual([]);
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

  it('P4: a pool that has only warmed up reuses enough, whatever it keeps; one whose sockets end unused does not', () => {
    const warm = { counters: { connects: 20, closedByPeer: 0, requests: 20, reused: 0 }, open: 20, used: 20 };
    expect(alertsOf(warm)).toEqual([]);
    expect(alertsOf({ ...warm, open: 0, used: 0 })).toEqual(['reuse']);
  });

  it('P4: one socket that has taken the place of another is not young for long enough to be told', () => {
    expect(alertsOf({ averageAgeMs: 9_900, youngSince: monoMs(NOW - 9_900) })).toEqual([]);
    expect(alertsOf({ averageAgeMs: 1_000, youngSince: monoMs(NOW - 10_000) })).toEqual(['young']);
    expect(alertsOf({ averageAgeMs: 1_000, youngSince: null })).toEqual([]);
  });

  it('P4: the setting that is named is that of who ends the sockets', () => {
    const named = (change: Partial<PoolFacts>) =>
      poolAlerts([facts({ averageAgeMs: 2_000, ...change })])[0]?.map(({ text, setting }) => [setting, text]);
    const byVenue = { counters: { connects: 40, closedByPeer: 32, requests: 48, reused: 0 } };
    expect(named(byVenue)).toEqual([
      ['warm_sockets', expect.stringContaining(': the venue ends most of them')],
      ['warm_sockets', expect.stringContaining(': the venue ends most of them')],
    ]);
    expect(named({ ...asked(40, 0), ...held({ maxSocketAgeMs: 5_000 }) })?.map(([setting]) => setting)).toEqual([
      'max_socket_age_secs',
      'max_socket_age_secs',
    ]);
  });

  it('P4: each limit is a setting of the pool, and an alert names the one in force', () => {
    const reuse = asked(100, 57);
    expect(alertsOf({ ...reuse, ...held({ alertReusePercent: 57 }) })).toEqual([]);
    expect(alertsOf({ ...reuse, ...held({ alertReusePercent: 57.5 }) })).toEqual(['reuse']);
    expect(alertsOf({ ...asked(20, 0), ...held({ alertReusePercent: 0 }) })).toEqual([]);
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
      facts({ ...asked(40, 10), idle: 60, fullSince: monoMs(NOW - 90_000), averageAgeMs: 2_000 }),
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
