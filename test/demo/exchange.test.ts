import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Exchange } from '../../src/main/demo/exchange.ts';
import { DelayLine, drawLatencyMs } from '../../src/main/demo/latency.ts';
import type { DemoFault } from '../../src/shared/demoFault.ts';
import { until } from '../support/until.ts';
import { FastClock } from './fastClock.ts';
import { openExchange, venueOf, type WebSocketClient, webSocketClient } from './rig.ts';

const clock = new FastClock();
let exchange: Exchange;

beforeEach(async () => {
  exchange = await openExchange('tokyo', clock);
});
afterEach(() => exchange.close());

const client = (): Promise<WebSocketClient> => webSocketClient(exchange);

it('[D5] it says DEMO in its greeting, acks a subscription and ticks it', async () => {
  const { ws, next } = await client();
  expect(JSON.parse(await next('hello'))).toMatchObject({ venue: 'DEMO Tokyo', connection: 1 });
  ws.send('{"op":"subscribe","channel":"ticker","symbol":"BTC-USD","id":7}');
  expect(JSON.parse(await next('subscribed'))).toMatchObject({ id: 7, symbol: 'BTC-USD' });
  const tick = JSON.parse(await next('price'));
  expect(Object.keys(tick)).toEqual(['channel', 'symbol', 'price', 'seq', 'ts']);
  expect(Number(tick.price)).toBeGreaterThan(80_000);
  expect(Math.abs(tick.ts - Date.now())).toBeLessThan(5_000);
  ws.send('{"op":"subscribe","channel":"ticker","symbol":"NOPE","id":8}');
  expect(JSON.parse(await next('"op":"error"'))).toMatchObject({ id: 8 });
});

it('[D5] a subscription that is asked twice ticks once, and none ticks after it is ended', async () => {
  const { ws, next, heard } = await client();
  for (const id of [1, 2]) ws.send(`{"op":"subscribe","channel":"ticker","symbol":"BTC-USD","id":${id}}`);
  await next('"id":2');
  const numbers: number[] = [];
  for (let seen = 0; seen < 5; seen += 1) numbers.push(JSON.parse(await next('price')).seq);
  expect(numbers).toEqual([0, 1, 2, 3, 4].map((step) => (numbers[0] ?? 0) + step));
  ws.send('{"op":"unsubscribe","channel":"ticker","symbol":"BTC-USD","id":3}');
  await next('unsubscribed');
  ws.send('{"op":"subscribe","channel":"trades","symbol":"BTC-USD","id":4}');
  for (let seen = 0; seen < 5; seen += 1) await next('"channel":"trades","symbol":"BTC-USD","price"');
  expect(heard.filter((text) => text.includes('"channel":"ticker"'))).toEqual([]);
});

it('[D5] its own ping goes beyond 2^53 and must be answered byte for byte', async () => {
  const { ws, next } = await client();
  const ping = await next('{"ping":');
  expect(ping).toBe('{"ping":9007199254740993}');
  ws.send('{"pong":9007199254740992}');
  const [code] = await once(ws, 'close');
  expect(code).toBe(4000);
});

it('[D5] a client that is silent for 30 s is cut with a reason', async () => {
  await exchange.close();
  exchange = await openExchange('frankfurt', clock);
  const { ws } = await client();
  const since = clock.now();
  const [code, text] = await once(ws, 'close');
  expect([code, String(text)]).toEqual([4001, 'silent for 30 s']);
  expect(clock.now() - since).toBeGreaterThanOrEqual(29_000);
});

/** What a dial meets: a socket that opens, an HTTP status with its headers, or the code of an error. */
async function dial(): Promise<string | IncomingHttpHeaders> {
  const ws = new WebSocket(exchange.url);
  onTestFinished(() => ws.terminate());
  return new Promise((resolve) => {
    ws.once('open', () => resolve('open'));
    ws.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    ws.once('unexpected-response', (_request, { statusCode, headers }) =>
      resolve({ ...headers, status: String(statusCode) }),
    );
  });
}

const UPGRADE = [
  'GET / HTTP/1.1',
  'Host: demo',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

it('[D6] a kill is a reset, not a close: no close frame, no FIN, and dials come through at once', async () => {
  const socket = net.connect({ host: '127.0.0.1', port: Number(new URL(exchange.url).port) });
  onTestFinished(() => void socket.destroy());
  socket.write(`${UPGRADE.join('\r\n')}\r\n\r\n`);
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes;
  });
  while (!heard.includes('hello')) await once(socket, 'data');
  heard = '';
  const reset = new Promise((resolve) => socket.once('error', resolve));
  await exchange.inject({ kind: 'kill' });
  expect(await reset).toMatchObject({ code: 'ECONNRESET' });
  expect(heard).toBe('');
  expect(exchange.view().injection).toMatchObject({ number: 1, fault: { kind: 'kill' }, secsLeft: null });
  expect(await dial()).toBe('open');
});

it('[D6] refuse resets, refuses at TCP, and recover lets in again at the same port', async () => {
  const { url } = exchange;
  const { ws } = await client();
  const cut = once(ws, 'close');
  await exchange.inject({ kind: 'refuse', forSecs: 60 });
  expect(exchange.view().injection).toMatchObject({ endedAt: null, secsLeft: 60 });
  expect((await cut)[0]).toBe(1006);
  expect(await dial()).toBe('ECONNREFUSED');
  await exchange.recover();
  expect(exchange.url).toBe(url);
  expect(await dial()).toBe('open');
  await exchange.inject({ kind: 'refuse', forSecs: 60 });
  expect(await dial()).toBe('ECONNREFUSED');
  await exchange.inject({ kind: 'mute', forSecs: 60 });
  expect(await dial()).toBe('open');
});

it('[D6] freeze holds the socket open and answers nothing until it is over', async () => {
  const { ws, next } = await client();
  await exchange.inject({ kind: 'freeze', forSecs: 20 });
  expect(exchange.view().injection).toMatchObject({ fault: { kind: 'freeze' }, endedAt: null });
  const since = clock.now();
  ws.send('{"op":"ping","id":1}');
  expect(await next('"op":"pong"')).toContain('"id":1');
  expect(clock.now() - since).toBeGreaterThanOrEqual(19_000);
  expect(ws.readyState).toBe(WebSocket.OPEN);
  expect(exchange.view().injection?.endedAt).not.toBeNull();
});

it('[D6] in a freeze a dial hears not a byte either, and is let in when it is over', async () => {
  await exchange.inject({ kind: 'freeze', forSecs: 20 });
  const since = clock.now();
  expect(await dial()).toBe('open');
  expect(clock.now() - since).toBeGreaterThanOrEqual(19_000);
});

it('[D6] slow adds so much to pongs and ticks alike, in order, and no more once it is over', async () => {
  const { ws, next } = await client();
  const roundTrip = async (): Promise<number> => {
    const since = clock.now();
    const pong = once(ws, 'pong');
    ws.ping('x');
    await pong;
    return clock.now() - since;
  };
  ws.send('{"op":"subscribe","channel":"ticker","symbol":"BTC-USD","id":1}');
  await next('subscribed');
  await exchange.inject({ kind: 'slow', forSecs: 600, byMs: 3000 });
  expect(await roundTrip()).toBeGreaterThanOrEqual(2900);
  const ticks: { seq: number; ts: number }[] = [];
  while (ticks.length < 6) ticks.push(JSON.parse(await next('price')));
  expect(ticks.map(({ seq }) => seq)).toEqual(ticks.map((_, index) => (ticks[0]?.seq ?? 0) + index));
  await exchange.recover();
  await until(async () => expect(await roundTrip()).toBeLessThan(2900));
});

it('[D6] mute tells no ticks, but answers pings and subscriptions', async () => {
  const { ws, next } = await client();
  ws.send('{"op":"subscribe","channel":"ticker","symbol":"BTC-USD","id":1}');
  await next('price');
  await exchange.inject({ kind: 'mute', forSecs: 600 });
  let ticks = 0;
  ws.on('message', (data) => {
    if (String(data).includes('price')) ticks += 1;
  });
  for (let id = 2; id < 60; id += 1) {
    ws.send(`{"op":"ping","id":${id}}`);
    await next(`"id":${id}`);
  }
  ws.send('{"op":"subscribe","channel":"trades","symbol":"BTC-USD","id":60}');
  await next('subscribed');
  expect(ticks).toBe(0);
  await exchange.recover();
  await next('price');
});

it('[D6] wrong pongs answer a ping that nobody sent: another payload, another id', async () => {
  const { ws, next } = await client();
  await exchange.inject({ kind: 'wrong-pong', forSecs: 600 });
  const pong = once(ws, 'pong');
  ws.ping('mine');
  expect(String((await pong)[0])).toBe('not your ping');
  ws.send('{"op":"ping","id":7}');
  expect(JSON.parse(await next('"op":"pong"')).id).not.toBe(7);
  await exchange.recover();
  ws.send('{"op":"ping","id":8}');
  expect(JSON.parse(await next('"op":"pong"')).id).toBe(8);
});

it('[D6] a rate limit answers dials 429 with Retry-After until it is over', async () => {
  const { ws } = await client();
  const cut = once(ws, 'close');
  await exchange.inject({ kind: 'rate-limit', forSecs: 600, retryAfterSecs: 7 });
  expect((await cut)[0]).toBe(1006);
  expect(await dial()).toMatchObject({ status: '429', 'retry-after': '7' });
  await exchange.recover();
  expect(await dial()).toBe('open');
});

it('[D5] a flaky exchange fails its share of dials and cuts by chance, as the injected chance has it', async () => {
  const chances = [0.09, 0.11, 0.5];
  let drawn = 0;
  await exchange.close();
  exchange = await openExchange('frankfurt', clock, () => (drawn < chances.length ? (chances[drawn++] ?? 0) : 0.95));
  await exchange.inject({ kind: 'flaky', forSecs: 600, percent: 10 });
  expect(await dial()).toBe('ECONNRESET');
  expect(await dial()).toBe('open');
  expect(await dial()).toBe('open');
  chances.push(0.5, 0.05);
  const since = clock.now();
  while (exchange.view().clients === 2) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(exchange.view().clients).toBe(1);
  expect(clock.now() - since).toBeGreaterThan(3000);
});

it.each<DemoFault>([
  { kind: 'freeze', forSecs: 600 },
  { kind: 'refuse', forSecs: 600 },
  { kind: 'slow', forSecs: 600, byMs: 9000 },
  { kind: 'flaky', forSecs: 600, percent: 15 },
])('[D6] an exchange that closes during $kind leaves nothing open and nothing that waits', async (fault) => {
  const { ws } = await client();
  ws.on('error', () => undefined);
  ws.send('{"op":"subscribe","channel":"ticker","symbol":"BTC-USD","id":1}');
  await exchange.inject(fault);
  const held = new WebSocket(exchange.url);
  const ended = new Promise((resolve) => held.once('close', resolve));
  held.on('error', () => undefined);
  // Until the dial has arrived; both ends are in this process.
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  await exchange.close();
  await ended;
  expect(clock.waiting).toBe(0);
  exchange = await openExchange('tokyo', clock);
});

it('[D5] its latency has a body near the median, a rarer tail, and never reorders', () => {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const { latency } = venueOf('frankfurt').address;
  const drawn = Array.from({ length: 20_000 }, () => drawLatencyMs(latency, random)).sort((a, b) => a - b);
  expect(drawn[10_000]).toBeGreaterThan(2.5);
  expect(drawn[10_000]).toBeLessThan(3.5);
  const inTail = drawn.filter((ms) => ms > 2 * latency.medianMs).length / drawn.length;
  expect(inTail).toBeGreaterThan(0.01);
  expect(inTail).toBeLessThan(0.05);
  const line = new DelayLine(latency, random);
  let last = 0;
  for (let now = 0; now < 500; now += 1) {
    const due = line.dueAt(now);
    expect(due).toBeGreaterThanOrEqual(Math.max(now, last));
    last = due;
  }
});
