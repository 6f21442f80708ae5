import { expect, it } from 'vitest';
import { Engine } from '../../src/main/engine/engine.ts';
import type { GateView } from '../../src/shared/gate.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeNet } from '../support/fakeNet.ts';
import { engineConfig, JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';
import { realPorts } from '../support/realPorts.ts';

it('[G1] [D1] a gate that closes while its link is looked at is seen closed in that same look', async () => {
  const clock = new FakeClock();
  const net = new FakeNet();
  const engine = new Engine(realPorts({ clock, random: () => 0.5, dial: net.dial }));
  let snapshot: Snapshot | null = null;
  engine.snapshots(null, (frame) => {
    snapshot = frame.kind === 'whole' ? frame.snapshot : snapshot && applyDelta(snapshot, frame.delta);
  });
  let told: GateView['kind'] | null = null;
  engine.gates(null, (gates) => {
    told = gates.venue?.kind ?? told;
  });
  const shown = (): GateView['kind'] | undefined => snapshot?.links.venue?.gate.kind;
  const venue = { preset: JSON_PRESET, subscriptions: [subscription('BTC')], expectsData: true };
  await engine.configure(engineConfig([linkConfig({ name: 'venue', ...venue }), linkConfig({ name: 'other' })]));
  const [socket, other] = net.sockets;
  for (const opened of [socket, other]) opened?.open();
  for (const text of socket?.sent ?? []) {
    const { op, id } = JSON.parse(text) as { op: string; id: number };
    if (op === 'sub') socket?.text(`{"op":"subscribed","id":${id}}`);
  }
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      await clock.advance(10);
      for (const opened of [socket, other]) opened?.answer();
    }
  };
  for (let i = 0; i < 200; i += 1) {
    socket?.text('{"s":"BTC"}');
    await pass(250);
  }
  socket?.text('{"s":"BTC"}');
  await pass(59_990);
  expect([told, shown()]).toEqual(['open', 'open']);
  // Between two looks at the gates its data become old, and a command has everything told at once.
  await clock.advance(12);
  expect([told, shown()]).toEqual(['open', 'open']);
  socket?.venuePing();
  await engine.setBreaker({ link: 'other', open: true });
  expect([told, shown()]).toEqual(['closed', 'closed']);
  await Promise.all([engine.shutdown(null), clock.advance(3_000)]);
});
