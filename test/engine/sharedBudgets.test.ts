import { afterEach, expect, it } from 'vitest';
import { Engine } from '../../src/main/engine/engine.ts';
import { PresetSchema } from '../../src/shared/preset.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeNet, type FakeSocket } from '../support/fakeNet.ts';
import { engineConfig, JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';
import { realPorts } from '../support/realPorts.ts';

const clock = new FakeClock();
const net = new FakeNet();
let engine: Engine;
async function end(): Promise<void> {
  const ended = engine.shutdown(null);
  await clock.advance(5_000);
  await ended;
  for (const socket of net.open) socket.isCut = true;
}
afterEach(end);

/** Two links of four subscriptions each, at a venue that takes three messages in a second. */
async function subscribed(messages_of: 'socket' | 'address'): Promise<() => number> {
  const limits = { messages: 3, messages_of, dials: 10 };
  const preset = PresetSchema.parse({ ...JSON_PRESET, ping: { kind: 'protocol' }, answer: [], limits });
  const subscriptions = ['A', 'B', 'C', 'D'].map((symbol) => subscription(symbol));
  const from = net.sockets.length;
  engine = new Engine(realPorts({ clock, dial: net.dial, random: () => 0.5 }));
  await engine.configure(
    engineConfig(['one', 'two'].map((name) => linkConfig({ name, preset, subscriptions, policy: { warmupPings: 0 } }))),
  );
  const own = net.sockets.slice(from);
  expect(own.length).toBe(2);
  for (const socket of own) socket.open();
  return () => own.flatMap(({ sent }) => sent).filter((text) => text.includes('"op":"sub"')).length;
}

it('[L9] what a venue counts by address is counted over all its links, and what it counts by socket is not', async () => {
  const together = await subscribed('address');
  expect(together()).toBe(3);
  await clock.advance(1_040);
  expect(together()).toBe(3);
  await clock.advance(20);
  expect(together()).toBe(6);
  await clock.advance(1_060);
  expect(together()).toBe(8);
  await end();
  const each = await subscribed('socket');
  expect(each()).toBe(6);
});

const many = (count: number) => Array.from({ length: count }, (_, i) => subscription(`S${i}`));
const subscribesOf = ({ sent }: FakeSocket): number => sent.filter((text) => text.includes('"op":"sub"')).length;

/** Answers all pings of a socket so far that it has not answered yet. */
function answering(socket: FakeSocket): () => void {
  let answered = 0;
  return () => {
    for (const ping of socket.pings.slice(answered)) socket.pong(ping);
    answered = socket.pings.length;
  };
}

/** Two links, the second of which is added `afterMs` later and has a hundred subscriptions, at a venue of four messages a second. */
async function beside(
  afterMs: number,
  pings_count: boolean,
): Promise<{ one: FakeSocket; big: FakeSocket; answer: () => void }> {
  const limits = { messages: 4, messages_of: 'address', dials: 10, pings_count };
  const preset = PresetSchema.parse({ ...JSON_PRESET, ping: { kind: 'protocol' }, answer: [], limits });
  const policy = { warmupPings: 0, ackTimeoutMs: 600_000 };
  engine = new Engine(realPorts({ clock, dial: net.dial, random: () => 0.5 }));
  const small = linkConfig({ name: 'one', preset, subscriptions: many(1), policy });
  await engine.configure(engineConfig([small]));
  const one = net.newest;
  if (afterMs > 0) one.open();
  const alive = answering(one);
  for (let passed = 0; passed < afterMs; passed += 10) {
    await clock.advance(10);
    alive();
  }
  await engine.configure(engineConfig([small, linkConfig({ name: 'big', preset, subscriptions: many(100), policy })]));
  const big = net.newest;
  big.open();
  if (afterMs === 0) one.open();
  return { one, big, answer: answering(big) };
}

it('[L9] a link of one subscription does not wait for all those of another that shares its budget', async () => {
  const { one, big } = await beside(0, false);
  await clock.advance(1_060);
  expect(subscribesOf(one)).toBe(1);
  expect(subscribesOf(big)).toBe(7);
});

it('[L4] [L9] a link that vanishes while another one subscribes with all of their budget is dead in time', async () => {
  const { one, big, answer } = await beside(20_000, true);
  const from = clock.now();
  while (!one.isCut && clock.now() - from < 60_000) {
    await clock.advance(10);
    answer();
  }
  // Its next ping within 15 s, T of 5 s at most, then three probes at half of the budget and T again.
  expect(clock.now() - from).toBeLessThan(15_000 + 5_000);
  expect(subscribesOf(big)).toBeGreaterThan(30);
});

it('[L9] [L12] a standby that subscribes waits for the links in use that share its budget', async () => {
  const limits = { messages: 4, messages_of: 'address', dials: 10 };
  const preset = PresetSchema.parse({ ...JSON_PRESET, ping: { kind: 'protocol' }, answer: [], limits });
  const policy = { warmupPings: 0, pingIntervalMs: 600_000, ackTimeoutMs: 600_000 };
  engine = new Engine(realPorts({ clock, dial: net.dial, random: () => 0.5 }));
  const kept = linkConfig({ name: 'kept', preset, subscriptions: many(20), policy: { ...policy, standby: true } });
  await engine.configure(engineConfig([kept]));
  const first = net.newest;
  first.open();
  const alive = answering(first);
  let acked = 0;
  for (let passed = 0; passed < 10_000; passed += 100) {
    for (const text of first.sent.slice(acked)) first.text(`{"op":"subscribed","id":${JSON.parse(text).id}}`);
    acked = first.sent.length;
    alive();
    await clock.advance(100);
  }
  const standby = net.newest;
  expect(standby).not.toBe(first);
  standby.open();
  await engine.configure(engineConfig([kept, linkConfig({ name: 'other', preset, subscriptions: many(8), policy })]));
  const other = net.newest;
  other.open();
  const before = subscribesOf(standby);
  for (const socket of [standby, other]) answering(socket)();
  await clock.advance(2_200);
  expect(subscribesOf(other)).toBe(8);
  expect(subscribesOf(standby)).toBe(before);
  await clock.advance(5_000);
  expect(subscribesOf(standby)).toBe(20);
});
