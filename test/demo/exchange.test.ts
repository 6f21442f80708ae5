import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Exchange } from '../../src/main/demo/exchange.ts';
import { DelayLine, drawLatencyMs } from '../../src/main/demo/latency.ts';
import { DEMO_VENUES, type DemoVenue } from '../../src/main/demo/venue.ts';
import type { Clock } from '../../src/main/engine/ports.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { monoMs } from '../../src/shared/units.ts';

/** Real time, forty times as fast: real sockets need real time, and 30 s of silence need not be waited for. */
const SPEED = 40;
const fastClock: Clock = {
  ...systemClock,
  now: () => monoMs(systemClock.now() * SPEED),
  at: (at, task) => systemClock.at(monoMs(at / SPEED), task),
};

const venueNamed = (name: string): DemoVenue => DEMO_VENUES.find((venue) => venue.name === name) as DemoVenue;

let exchange: Exchange;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  exchange = await Exchange.open(venueNamed('tokyo'), fastClock, Math.random);
});
afterEach(async () => {
  for (const ws of sockets.splice(0)) ws.terminate();
  await exchange.close();
});

async function client(): Promise<{ ws: WebSocket; next: (has: string) => Promise<string> }> {
  const ws = new WebSocket(exchange.url);
  sockets.push(ws);
  const heard: string[] = [];
  ws.on('message', (data) => heard.push(data.toString()));
  await once(ws, 'open');
  const next = async (has: string): Promise<string> => {
    for (;;) {
      const found = heard.find((text) => text.includes(has));
      if (found !== undefined) {
        heard.splice(0, heard.indexOf(found) + 1);
        return found;
      }
      await once(ws, 'message');
    }
  };
  return { ws, next };
}

it('[D5] it says DEMO in its greeting, acks a subscription and ticks it', async () => {
  const { ws, next } = await client();
  expect(JSON.parse(await next('hello'))).toMatchObject({ venue: 'DEMO Tokyo', connection: 1 });
  ws.send('{"op":"subscribe","channel":"ticker","symbol":"BTC-USD","id":7}');
  expect(JSON.parse(await next('subscribed'))).toMatchObject({ id: 7, symbol: 'BTC-USD' });
  const tick = JSON.parse(await next('price'));
  expect(Number(tick.price)).toBeGreaterThan(80_000);
  ws.send('{"op":"subscribe","channel":"ticker","symbol":"NOPE","id":8}');
  expect(JSON.parse(await next('"op":"error"'))).toMatchObject({ id: 8 });
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
  exchange = await Exchange.open(venueNamed('frankfurt'), fastClock, Math.random);
  const { ws } = await client();
  const since = fastClock.now();
  const [code, text] = await once(ws, 'close');
  expect([code, String(text)]).toEqual([4001, 'silent for 30 s']);
  expect(fastClock.now() - since).toBeGreaterThanOrEqual(29_000);
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
  const since = fastClock.now();
  ws.send('{"op":"ping","id":1}');
  expect(await next('"op":"pong"')).toContain('"id":1');
  expect(fastClock.now() - since).toBeGreaterThanOrEqual(19_000);
  expect(ws.readyState).toBe(WebSocket.OPEN);
  expect(exchange.view().fault).toBe('none');
});

it('[D5] its latency has a body near the median, a rarer tail, and never reorders', () => {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const { latency } = venueNamed('frankfurt');
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
