import net from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Exchange } from '../../src/main/demo/exchange.ts';
import { DemoGuest } from '../../src/main/demo/guest.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { monoMs } from '../../src/shared/units.ts';
import { FastClock } from './fastClock.ts';
import { closed, feedOf, lineClient, openExchange, venueOf } from './rig.ts';

const clock = new FastClock();
let exchange: Exchange;

beforeEach(async () => {
  exchange = await openExchange('chicago', clock);
});
afterEach(() => exchange.close());

const nothing =
  (..._: unknown[]) =>
  () =>
    undefined;

it('[D5] a line exchange listens on tcp and answers PING with PONG, and nothing else', async () => {
  expect(exchange.url).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  expect(exchange.view()).toMatchObject({ name: 'chicago', label: 'DEMO Chicago', injection: null });
  const { heard, next, say } = await lineClient(exchange);
  say('PING\n');
  expect(await next('')).toBe('PONG');
  say('PI');
  say('NG\r\nPING\nPING');
  for (let pongs = 0; pongs < 2; pongs += 1) expect(await next('')).toBe('PONG');
  say('\n');
  expect(await next('')).toBe('PONG');
  expect(heard).toEqual([]);
});

it('[D5] SUBSCRIBE is acked and ticked line by line, until UNSUBSCRIBE', async () => {
  const { heard, next, say } = await lineClient(exchange);
  say('SUBSCRIBE:BTC-USD\nSUBSCRIBE:ETH-USD\n');
  expect(await next('')).toBe('SUBSCRIBED:BTC-USD');
  expect(await next('SUBSCRIBED')).toBe('SUBSCRIBED:ETH-USD');
  const lines = [await next('TICK:BTC-USD'), await next('TICK:BTC-USD'), await next('TICK:BTC-USD')];
  const parts = lines.map((line) => line.split(':'));
  const first = Number(parts[0]?.[3]);
  expect(parts.map((part) => Number(part[3]))).toEqual([first, first + 1, first + 2]);
  for (const [, , price, , ts] of parts) {
    expect(Number(price)).toBeGreaterThan(80_000);
    expect(Math.abs(Number(ts) - Date.now())).toBeLessThan(5_000);
  }
  say('UNSUBSCRIBE:BTC-USD\n');
  expect(await next('UNSUBSCRIBED')).toBe('UNSUBSCRIBED:BTC-USD');
  for (let ticks = 0; ticks < 5; ticks += 1) await next('TICK:ETH-USD');
  expect(heard.filter((line) => line.includes('BTC-USD'))).toEqual([]);
});

it.each(['SUBSCRIBE:NOPE', 'SUBSCRIBE', 'SUBSCRIBE:', 'SUBSCRIBE:constructor', 'HELLO', 'ping', '', '{"op":"ping"}'])(
  '[D5] the line %j is answered with an error, and the client stays',
  async (line) => {
    const { next, say } = await lineClient(exchange);
    say(`${line}\nPING\n`);
    expect(await next('')).toMatch(/^ERROR:/);
    expect(await next('')).toBe('PONG');
  },
);

it('[D5] answers leave in the order of what they answer, whichever of two timers of the same moment is first', () => {
  const sent: string[] = [];
  const timers: (() => void)[] = [];
  const unmoved = {
    ...systemClock,
    now: () => monoMs(0),
    at: (_: unknown, run: () => void) => nothing(timers.push(run)),
  };
  const wire = { send: (text: string) => sent.push(text), pong: nothing, end: nothing, cut: nothing, unread: () => 0 };
  const guest = new DemoGuest(
    { ...wire, pause: nothing, resume: nothing, onClose: nothing },
    feedOf('chicago', unmoved),
    venueOf('chicago').address.latency,
    unmoved,
    Math.random,
  );
  // The watch for a silent client is armed by now.
  timers.length = 0;
  for (const text of ['one', 'two', 'three']) guest.later(() => guest.send(text));
  for (const run of timers.reverse()) run();
  expect(sent).toEqual(['one', 'two', 'three']);
});

it('[D5] a line without an end is cut before it fills the memory', async () => {
  const { socket, say } = await lineClient(exchange);
  say('x'.repeat(200_000));
  await closed(socket);
  expect(exchange.view().clients).toBe(0);
});

it('[D5] a client that is silent for 30 s is cut with a reason, and one that pings is not', async () => {
  const [silent, lively] = [await lineClient(exchange), await lineClient(exchange)];
  const since = clock.now();
  const pinging = setInterval(() => lively.say('PING\n'), 100);
  silent.say('SUBSCRIBE:BTC-USD\n');
  await closed(silent.socket);
  clearInterval(pinging);
  expect(silent.heard.at(-1)).toBe('ERROR:silent for 30 s');
  expect(clock.now() - since).toBeGreaterThanOrEqual(29_000);
  expect(exchange.view().clients).toBe(1);
});

it('[D6] kill resets, refuse refuses at TCP, recover lets in again', async () => {
  const { socket, say, next } = await lineClient(exchange);
  say('PING\n');
  await next('PONG');
  await exchange.inject({ kind: 'kill' });
  await closed(socket);
  await exchange.inject({ kind: 'refuse', forSecs: 60 });
  const refused = net.connect({ host: '127.0.0.1', port: Number(new URL(exchange.url).port) });
  const refusal = new Promise((resolve) => refused.once('error', resolve));
  await closed(refused);
  expect(await refusal).toMatchObject({ code: 'ECONNREFUSED' });
  await exchange.recover();
  const again = await lineClient(exchange);
  again.say('PING\n');
  expect(await again.next('')).toBe('PONG');
});

it('[D6] freeze holds the connection open and answers nothing until it is over, also a client that came meanwhile', async () => {
  const early = await lineClient(exchange);
  await exchange.inject({ kind: 'freeze', forSecs: 20 });
  const late = await lineClient(exchange);
  const since = clock.now();
  for (const { say } of [early, late]) say('PING\n');
  for (const { next } of [early, late]) expect(await next('')).toBe('PONG');
  expect(clock.now() - since).toBeGreaterThanOrEqual(19_000);
  expect(exchange.view()).toMatchObject({ clients: 2 });
  expect(exchange.view().injection?.endedAt).not.toBeNull();
});

it('[D5] a client that leaves, and an exchange that closes, leave nothing that waits', async () => {
  const [leaving, staying] = [await lineClient(exchange), await lineClient(exchange)];
  for (const { say, next } of [leaving, staying]) {
    say('SUBSCRIBE:BTC-USD\n');
    await next('TICK');
  }
  leaving.socket.end();
  await closed(leaving.socket);
  await staying.next('TICK');
  expect(exchange.view().clients).toBe(1);
  await exchange.close();
  expect(clock.waiting).toBe(0);
  exchange = await openExchange('chicago', clock);
});
