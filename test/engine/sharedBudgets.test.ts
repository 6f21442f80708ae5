import { afterEach, expect, it } from 'vitest';
import { Engine } from '../../src/main/engine/engine.ts';
import { PresetSchema } from '../../src/shared/preset.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeNet } from '../support/fakeNet.ts';
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
