import { expect, it, onTestFinished } from 'vitest';
import { Exchanges } from '../../src/main/demo/exchanges.ts';
import type { DemoTick } from '../../src/main/demo/feed.ts';
import { DEMO_VENUES } from '../../src/main/demo/venue.ts';
import {
  DEMO_FAULT_KINDS,
  type DemoExchange,
  type DemoFault,
  DemoFaultSchema,
  faultInForce,
} from '../../src/shared/demoFault.ts';
import { FastClock } from './fastClock.ts';
import { feedOf, webSocketClient } from './rig.ts';

const until = async (check: () => boolean): Promise<void> => {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 2));
};

it('[D5] all who follow are told the same ticks, numbered by channel and symbol', async () => {
  const clock = new FastClock();
  const feed = feedOf('tokyo', clock);
  const told: Record<'early' | 'late' | 'other', DemoTick[]> = { early: [], late: [], other: [] };
  const leaving = [
    feed.follow('ticker', 'BTC-USD', (tick) => told.early.push(tick)),
    feed.follow('trades', 'BTC-USD', (tick) => told.other.push(tick)),
  ];
  await until(() => told.early.length >= 3 && told.other.length >= 1);
  leaving.push(feed.follow('ticker', 'BTC-USD', (tick) => told.late.push(tick)));
  await until(() => told.late.length >= 3);
  for (const leave of leaving) leave();
  expect(told.early.map(({ seq }) => seq)).toEqual(told.early.map((_, index) => index + 1));
  expect(told.late).toEqual(told.early.slice(-told.late.length));
  expect(told.other[0]).toMatchObject({ channel: 'trades', symbol: 'BTC-USD', seq: 1 });
});

it('[D5] without a follower nothing waits, and the count goes on where it stood', async () => {
  const clock = new FastClock();
  const feed = feedOf('frankfurt', clock);
  const ticks: DemoTick[] = [];
  const follow = () => feed.follow('ticker', 'ETH-USD', (tick) => ticks.push(tick));
  expect(clock.waiting).toBe(0);
  const [one, two] = [follow(), follow()];
  expect(clock.waiting).toBe(1);
  await until(() => ticks.length >= 4);
  one();
  one();
  expect(clock.waiting).toBe(1);
  two();
  expect(clock.waiting).toBe(0);
  const last = ticks.at(-1)?.seq ?? 0;
  ticks.length = 0;
  const again = follow();
  await until(() => ticks.length >= 1);
  again();
  expect(ticks[0]?.seq).toBe(last + 1);
  expect(clock.waiting).toBe(0);
});

it('[D5] a follower that leaves while it is told stops the stream', async () => {
  const clock = new FastClock();
  const feed = feedOf('frankfurt', clock);
  const ticks: DemoTick[] = [];
  const leave = feed.follow('ticker', 'ETH-USD', (tick) => {
    ticks.push(tick);
    leave();
  });
  await until(() => ticks.length > 0);
  expect(clock.waiting).toBe(0);
});

it('[D5] two addresses of one exchange give the same numbers, so that a change of sockets shows no gap', async () => {
  const exchanges = await Exchanges.open(new FastClock(), Math.random);
  onTestFinished(() => exchanges.close());
  const addresses = await exchanges.addresses(null);
  const seen = new Map<number, string>();
  const numbersOf = async (name: string, count: number): Promise<number[]> => {
    const { ws, next } = await webSocketClient({ url: (addresses.ok && addresses.value[name]) || '' });
    ws.send('{"op":"subscribe","channel":"ticker","symbol":"BTC-USD","id":1}');
    const numbers: number[] = [];
    while (numbers.length < count) {
      const text = await next('"price"');
      const { seq } = JSON.parse(text);
      expect(seen.get(seq) ?? text).toBe(text);
      seen.set(seq, text);
      numbers.push(seq);
    }
    return numbers;
  };
  const first = numbersOf('frankfurt', 40);
  await until(() => seen.size >= 10);
  const second = await numbersOf('frankfurt-b', 40);
  const risingFrom = (start = 0): number[] => Array.from({ length: 40 }, (_, index) => start + index);
  expect(await first).toEqual(risingFrom(1));
  expect(second).toEqual(risingFrom(second[0]));
  expect(second[0]).toBeLessThanOrEqual(40);
});

it('[D5] three exchanges: one with two addresses, one of lines, each address with its own latency', async () => {
  expect(DEMO_VENUES.map(({ addresses }) => addresses.length)).toEqual([2, 1, 1]);
  expect(DEMO_VENUES.filter(({ dialect }) => dialect.kind === 'lines')).toHaveLength(1);
  const medians = DEMO_VENUES.flatMap(({ addresses }) => addresses.map(({ latency }) => latency.medianMs));
  expect(new Set(medians).size).toBe(4);
  for (const { addresses } of DEMO_VENUES) for (const { label } of addresses) expect(label).toMatch(/^DEMO /);
});

it('[D6] each address has its own entry and its own faults, none at first', async () => {
  const exchanges = await Exchanges.open(new FastClock(), Math.random);
  onTestFinished(() => exchanges.close());
  const addresses = await exchanges.addresses(null);
  const names = ['frankfurt', 'frankfurt-b', 'tokyo', 'chicago', 'rest'];
  expect(addresses.ok && Object.keys(addresses.value)).toEqual(names);
  expect(addresses.ok && Object.values(addresses.value).map((url) => url.slice(0, 4))).toEqual([
    'ws:/',
    'ws:/',
    'ws:/',
    'tcp:',
    'http',
  ]);
  let status: readonly DemoExchange[] = [];
  exchanges.status(null, (now) => {
    status = now;
  });
  expect(status.map(({ name, injection }) => [name, injection])).toEqual(names.map((name) => [name, null]));
  await exchanges.inject({ exchange: 'frankfurt-b', fault: { kind: 'refuse', forSecs: 600 } });
  expect(status.map((one) => faultInForce(one)?.kind ?? null)).toEqual([null, 'refuse', null, null, null]);
  await exchanges.inject({ exchange: 'frankfurt-b', fault: null });
  expect(status.map(faultInForce)).toEqual([null, null, null, null, null]);
  expect(await exchanges.inject({ exchange: 'osaka', fault: { kind: 'kill' } })).toMatchObject({ ok: false });
});

it('[D6] a fault that makes no sense on a wire is refused with the reason, and does nothing', async () => {
  const exchanges = await Exchanges.open(new FastClock(), Math.random);
  onTestFinished(() => exchanges.close());
  const inject = (exchange: string, fault: DemoFault) => exchanges.inject({ exchange, fault });
  expect(await inject('chicago', { kind: 'rate-limit', forSecs: 9, retryAfterSecs: 3 })).toMatchObject({
    problem: { kind: 'no-such-fault', message: expect.stringContaining('no upgrade') },
  });
  expect(await inject('chicago', { kind: 'wrong-pong', forSecs: 9 })).toMatchObject({
    problem: { message: expect.stringContaining('no id') },
  });
  expect(await inject('rest', { kind: 'mute', forSecs: 9 })).toMatchObject({ problem: { where: 'DEMO REST' } });
  exchanges.status(null, (status) => expect(status.every(({ injection }) => injection === null)).toBe(true))();
  expect(DemoFaultSchema.safeParse({ kind: 'slow', forSecs: 9 }).success).toBe(false);
  expect(DemoFaultSchema.safeParse({ kind: 'freeze', forSecs: 9, byMs: 1 }).success).toBe(false);
  expect(DEMO_FAULT_KINDS.toSorted()).toEqual(DemoFaultSchema.options.map(({ shape }) => shape.kind.value).toSorted());
});
