import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Exchange } from '../../src/main/demo/exchange.ts';
import { DelayLine, drawLatencyMs } from '../../src/main/demo/latency.ts';
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

it('[D6] drop cuts, refuse answers 503, recover lets in again', async () => {
  const { ws } = await client();
  exchange.inject('drop', 0);
  await once(ws, 'close');
  exchange.inject('refuse', 60_000);
  expect(exchange.view()).toMatchObject({ fault: 'refusing', faultSecsLeft: 60 });
  const refused = new WebSocket(exchange.url);
  refused.on('error', () => undefined);
  const [, response] = await once(refused, 'unexpected-response');
  expect(response.statusCode).toBe(503);
  refused.terminate();
  exchange.inject('recover', 0);
  expect((await client()).ws.readyState).toBe(WebSocket.OPEN);
});

it('[D6] freeze holds the socket open and answers nothing until it is over', async () => {
  const { ws, next } = await client();
  exchange.inject('freeze', 20_000);
  expect(exchange.view().fault).toBe('frozen');
  const since = clock.now();
  ws.send('{"op":"ping","id":1}');
  expect(await next('"op":"pong"')).toContain('"id":1');
  expect(clock.now() - since).toBeGreaterThanOrEqual(19_000);
  expect(ws.readyState).toBe(WebSocket.OPEN);
  expect(exchange.view().fault).toBe('none');
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
