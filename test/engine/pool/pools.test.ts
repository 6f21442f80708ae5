import { afterEach, expect, it } from 'vitest';
import { Pools } from '../../../src/main/engine/pool/pools.ts';
import type { PoolsFrame } from '../../../src/shared/pool.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { FakeHttp } from '../../support/fakeHttp.ts';
import { GET, poolConfig } from '../../support/poolRig.ts';

const open = () => {
  const clock = new FakeClock();
  const http = new FakeHttp(clock);
  const pools = new Pools({ clock, random: () => 0, openHttp: http.open });
  const frames: PoolsFrame[] = [];
  pools.follow((frame) => frames.push(frame));
  ends.push(async () => {
    http.quiet();
    pools.stop();
    await clock.advance(3_600_000);
  });
  return { clock, http, pools, frames };
};
let ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
});

it('P3: readers are told when something changed, else every 5 s because of the ages', async () => {
  const { clock, pools, frames } = open();
  pools.configure([poolConfig()]);
  await clock.advance(1_000);
  pools.publish();
  const told = frames.length;
  for (let tick = 0; tick < 19; tick += 1) {
    await clock.advance(250);
    pools.publish();
  }
  expect(frames).toHaveLength(told);
  await clock.advance(250);
  pools.publish();
  expect(frames).toHaveLength(told + 1);
  expect(frames.at(-1)?.pools[0]?.averageAgeMs).toBe(5_970);
  void pools.request('venue', GET);
  pools.publish();
  expect(frames.at(-1)?.pools[0]).toMatchObject({ active: 1, idle: 1 });
});

it('P4: a pool at its most connections for a minute has an alert, until it has room', async () => {
  const { clock, http, pools, frames } = open();
  pools.configure([poolConfig({ policy: { maxConnections: 1, warmSockets: 0, requestTimeoutMs: 1e6 } })]);
  if (http.venue !== null) http.venue.answerMs = 70_000;
  void pools.request('venue', GET);
  for (let tick = 0; tick < 61; tick += 1) {
    pools.publish();
    await clock.advance(1_000);
  }
  pools.publish();
  expect(frames.at(-1)?.pools[0]?.alerts.map(({ kind, setting }) => [kind, setting])).toEqual([
    ['full', 'max_connections'],
  ]);
  await clock.advance(10_000);
  pools.destroy('venue', null);
  pools.publish();
  expect(frames.at(-1)?.pools[0]?.alerts).toEqual([]);
});

it('P4: the limit of an alert is taken over while the pool runs, and readers are told', async () => {
  const { clock, pools, frames } = open();
  const pool = (alertIdle: number) => poolConfig({ policy: { warmSockets: 3, alertIdle } });
  pools.configure([pool(3)]);
  await clock.advance(1_000);
  const alerts = () => {
    pools.publish();
    return frames.at(-1)?.pools[0]?.alerts.map(({ text }) => text);
  };
  expect(alerts()).toEqual([]);
  pools.configure([pool(2)]);
  expect(alerts()).toEqual([
    expect.stringContaining('3 sockets are idle in all pools, 3 of them here; more than 2 are'),
  ]);
  pools.configure([pool(3)]);
  expect(alerts()).toEqual([]);
});

it('P1: requests go to the first origin that is not failing', async () => {
  const { clock, http, pools } = open();
  const origin = (url: string) => ({ url, dialUrl: url, warmMethod: 'HEAD', warmPath: '/' }) as const;
  pools.configure([poolConfig({ origins: [origin('https://a.test'), origin('https://b.test')] })]);
  if (http.venue !== null) http.venue.connectMs = 1_000;
  for (const socket of http.sockets.filter(({ target }) => target.url === 'https://a.test')) socket.end('refused');
  await clock.advance(50);
  const asked = pools.request('venue', GET);
  await clock.advance(50);
  expect(await asked).toMatchObject({ ok: true });
  expect(http.sockets.filter(({ target }) => target.url === 'https://b.test').map(({ carried }) => carried)).toEqual([
    2, 1,
  ]);
});

it('P4: a calm pool has no alert, whether it may have no more sockets, has just warmed up, or replaces its only one', async () => {
  const { clock, pools, frames } = open();
  const policy = { maxConnections: 1, warmSockets: 1, maxSocketAgeMs: 75_000 };
  pools.configure([poolConfig({ policy }), poolConfig({ name: 'busy', policy: { warmSockets: 20, maxIdle: 20 } })]);
  for (let tick = 0; tick < 1_200; tick += 1) {
    await clock.advance(250);
    pools.publish();
  }
  expect(frames.at(-1)?.pools[0]?.counters.connects).toBeGreaterThan(3);
  expect(frames.flatMap((frame) => frame.pools.flatMap(({ alerts }) => alerts))).toEqual([]);
});

it('P4: a pool whose only socket is replaced every 5 s is told, as the limit that does it', async () => {
  const { clock, pools, frames } = open();
  pools.configure([poolConfig({ policy: { warmSockets: 1, maxSocketAgeMs: 5_000 } })]);
  for (let tick = 0; tick < 480; tick += 1) {
    await clock.advance(250);
    pools.publish();
  }
  const alerts = frames.at(-1)?.pools[0]?.alerts.map(({ kind, setting }) => [kind, setting]);
  expect(alerts).toContainEqual(['young', 'max_socket_age_secs']);
});
