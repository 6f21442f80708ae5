import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { REMEMBERED_CHANGES } from '../../src/main/api/gateStream.ts';
import { MAX_READERS, MAX_WAITING_BYTES } from '../../src/main/api/sse.ts';
import { notInForce } from '../../src/shared/subscriptionView.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import type { FakeClock } from '../support/fakeClock.ts';
import { clock, engine, serveFakeEngine, server } from './apiRig.ts';
import { ask, Listener, TOKEN } from './apiServer.ts';
import { aPool } from './fakeEngine.ts';

serveFakeEngine();

const STREAM = '/api/gate/stream';
const back = (id: string) => Listener.open(server.port, STREAM, { headers: { 'last-event-id': id } });
const STALE: UnfitReason = { kind: 'stale', why: 'silent' };
const linksOf = (listener: Listener) => listener.events.map(({ data }) => (data as { link: string }).link);

it('G2: a reader that comes back is told what it missed, and only that; of one link only of this link', async () => {
  engine.open('a');
  engine.open('b');
  const first = await Listener.open(server.port, STREAM);
  await first.said(1);
  engine.close('a', STALE);
  await first.said(2);
  const { id } = first.last;
  first.close();
  engine.close('b', STALE);
  engine.open('a');
  const again = await back(id);
  await again.said(2);
  expect(again.events.map(({ name }) => name)).toEqual(['gate', 'gate']);
  expect(linksOf(again)).toEqual(['b', 'a']);
  const one = await Listener.open(server.port, '/api/gate/a/stream', { headers: { 'last-event-id': id } });
  await one.said(1);
  expect(one.events).toEqual([again.events[1]]);
  engine.open('b');
  engine.close('a', { kind: 'stale', why: 'late' });
  await one.said(2);
  expect(linksOf(one)).toEqual(['a', 'a']);
  for (const listener of [again, one]) listener.close();
});

it('G2: an id of another run, of the future, of too long ago or of nothing at all begins with everything', async () => {
  engine.open('a');
  const first = await Listener.open(server.port, STREAM);
  await first.said(1);
  engine.close('a', STALE);
  await first.said(2);
  const run = first.last.id.split('-')[0];
  for (const id of ['deadbeef-1', `${run}-999`, 'nonsense', '-', `${run}-1e3`]) {
    const listener = await back(id);
    await listener.said(1);
    expect([id, listener.events[0]?.name]).toEqual([id, 'gates']);
    listener.close();
  }
  const { id } = first.last;
  for (let i = 0; i < REMEMBERED_CHANGES; i += 1) engine.close('a', notInForce([`topic ${i}`], 1));
  const just = await back(id);
  await just.said(REMEMBERED_CHANGES);
  expect(just.events[0]?.name).toBe('gate');
  engine.close('a', STALE);
  const late = await back(id);
  await late.said(1);
  expect(late.events[0]?.name).toBe('gates');
  for (const listener of [first, just, late]) listener.close();
});

it('G2: a stream that has nothing to say shows every 15 s, or as asked, that it lives', async () => {
  const usual = await Listener.open(server.port, STREAM);
  const eager = await Listener.open(server.port, `${STREAM}?heartbeat_secs=2`);
  await usual.until(() => usual.comments === 1);
  const still = setHeard();
  await clock.advance(14_999);
  await eager.until(() => eager.comments === 1 + 7);
  expect(usual.comments).toBe(1);
  await clock.advance(1);
  await usual.until(() => usual.comments === 2);
  still();
  expect((await ask(server.port, `${STREAM}?heartbeat_secs=0`)).status).toBe(400);
  for (const listener of [usual, eager]) listener.close();
});

it('[G1] a reader that missed more than may wait for it comes back all the same, and begins with everything', async () => {
  for (const link of ['a', 'b']) engine.open(link);
  const first = await Listener.open(server.port, STREAM);
  await first.said(1);
  const { id } = first.last;
  first.close();
  const SMALL = 100;
  const name = 'x'.repeat(MAX_WAITING_BYTES / 2 / SMALL);
  for (let i = 0; i < SMALL; i += 1) engine.close('a', { kind: 'not-in-force', names: [name], count: 1, wanted: i });
  engine.close('b', { kind: 'stale', why: 'silent' });
  const late = await back(id);
  await late.until(() => late.ended || late.events.length > 0);
  expect(late.events.map(({ name }) => name)).toEqual(['gates']);
  engine.open('b');
  await late.said(2);
  const one = await Listener.open(server.port, '/api/gate/b/stream', { headers: { 'last-event-id': id } });
  await one.said(2);
  expect(linksOf(one), 'of this link it is little').toEqual(['b', 'b']);
  for (const listener of [late, one]) listener.close();
});

/** Keeps the engine heard while the clock is moved. */
function setHeard(): () => void {
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = clock.at((clock.now() + 250) as ReturnType<FakeClock['now']>, () => {
      engine.frame();
      again();
    });
  };
  again();
  return () => cancel();
}

it('G2: the pools’ details come whole every 2 s', async () => {
  engine.setPools([aPool()]);
  const listener = await Listener.open(server.port, '/api/connections/stream');
  await listener.said(1);
  engine.setPools([aPool({ idle: 7 })]);
  await clock.advance(1_999);
  expect(listener.events.length).toBe(1);
  await clock.advance(1);
  await listener.said(2);
  const details = await ask(server.port, '/api/connections/details');
  expect(listener.last).toMatchObject({ name: 'details', data: details.json });
  expect(listener.last.data).toMatchObject({ data: { overview: { totalIdleConnections: 7 } } });
  listener.close();
});

/** A reader that asks and then never reads. */
async function deaf(): Promise<Socket> {
  const socket = connect({ port: server.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${STREAM} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
  return socket;
}

it('G2: of 500 readers that never read some wait, the rest is refused, memory is bounded, and a good reader misses nothing', async () => {
  for (let i = 0; i < 50; i += 1) engine.open(`link-${i}`);
  const good = await Listener.open(server.port, STREAM);
  await good.said(1);
  const sockets = await Promise.all(Array.from({ length: 500 }, deaf));
  // An answered request proves that all that came before it on this server was seen.
  expect(await ask(server.port, STREAM)).toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
    json: { error: { code: 'too-many-streams' } },
  });
  const before = process.memoryUsage().rss;
  const topic = 'x'.repeat(50_000);
  const ROUNDS = 400;
  for (let i = 0; i < ROUNDS; i += 1) {
    engine.close('link-0', notInForce([`${i} ${topic}`], 1));
    await good.said(2 + i);
  }
  // 20 MB were said to each; without a bound 199 readers would hold 4 GB.
  const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
  expect(grownMiB).toBeLessThan(((MAX_READERS * (MAX_WAITING_BYTES + 60_000)) / 2 ** 20) * 2 + 150);
  expect(good.events.length).toBe(1 + ROUNDS);
  expect(good.ended).toBe(false);
  // Those that never read were cut off, so there is room again.
  const newcomer = await Listener.open(server.port, STREAM);
  await newcomer.said(1);
  for (const socket of sockets) socket.destroy();
  for (const listener of [good, newcomer]) listener.close();
});

it('G2: readers that hang up, and the end of the server, leave nothing armed', async () => {
  const listener = await Listener.open(server.port, STREAM);
  const other = await Listener.open(server.port, '/api/connections/stream');
  await listener.until(() => listener.comments === 1);
  const held = clock.pending;
  listener.close();
  other.close();
  const idle = await Listener.open(server.port, STREAM);
  await idle.until(() => idle.comments === 1);
  expect(clock.pending).toBeLessThanOrEqual(held);
  await server.close();
  await idle.until(() => idle.ended);
  expect(clock.pending).toBe(0);
});
