import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const CUT = { kind: 'cut', code: 'ECONNRESET' } as const;
const UNREACHABLE = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' } as const;
const BTC = { ...subscription('BTC'), data: ['"s":"BTC"'] };
/** With a standby. */
const jsonLink = (change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({
    preset: JSON_PRESET,
    subscriptions: [BTC],
    expectsData: true,
    ...change,
    policy: { standby: true, breakerFailures: 0, ...change.policy },
  });
const mute = (): LinkConfig =>
  jsonLink({
    preset: PresetSchema.parse({ ...JSON_PRESET, ping: { kind: 'none' } }),
    policy: { dataTimeoutMs: 300_000 },
  });

const answered = new Map<FakeSocket, number>();
/** The venue lets in all that is dialled but `refused`, answers it, and sends data on the sockets that `flows` names. */
async function pass(ms: number, flows: (index: number) => boolean, refused: (index: number) => boolean = () => false) {
  for (let passed = 0; passed < ms; passed += 100) {
    await rig.clock.advance(100);
    for (const [index, socket] of rig.net.sockets.entries()) {
      if (socket.isCut) continue;
      const from = answered.get(socket);
      if (from === undefined && refused(index)) {
        answered.set(socket, 0);
        socket.end(UNREACHABLE);
        continue;
      }
      if (from === undefined) socket.open();
      for (const text of socket.sent.slice(from ?? 0)) {
        const { op, id } = JSON.parse(text);
        if (op === 'sub') socket.text(`{"op":"subscribed","id":${id}}`);
        if (op === 'ping') socket.text(`{"op":"pong","id":${id}}`);
      }
      answered.set(socket, socket.sent.length);
      if (flows(index)) socket.text('{"s":"BTC"}');
    }
  }
}
const all = () => true;
const none = () => false;
const inUse = () => rig.link.generation - 1;

it('[L12] [L5] a standby whose data are stale by the limit of now takes over before it ends, and its end is the link’s', async () => {
  rig = new LinkRig(jsonLink({ policy: { dataTimeoutMs: 60_000 } }));
  await pass(5_000, all);
  // Stale, and replaced: both sockets that follow are waited for twice as long.
  await pass(75_000, none);
  const first = inUse();
  expect(rig.view().about.dataTimeoutMs).toBe(120_000);
  await pass(100_000, (index) => index === first);
  expect(rig.view().about).toMatchObject({ standby: 'ready', dataTimeoutMs: 60_000 });
  const from = rig.happenings.length;
  rig.net.sockets[first]?.end(CUT);
  await rig.clock.advance(5);
  const kinds = rig.kinds().slice(from);
  expect(kinds.slice(0, 2)).toEqual(['socket-ended', 'promoted']);
  expect(kinds.slice(2)).toContain('socket-ended');
  expect(rig.state).toBe('waiting');
});

it('[L4] [L12] a standby that was found silent is suspect when it takes over, until it is heard', async () => {
  rig = new LinkRig(mute());
  await pass(6_000, all);
  const known = rig.net.sockets.length;
  await pass(20_000, none, (index) => index >= known);
  expect(rig.state).toBe('suspect');
  rig.net.sockets[inUse()]?.end(CUT);
  expect(rig.kinds()).toContain('promoted');
  for (let second = 0; second < 50; second += 1) {
    await pass(1_000, none, (index) => index >= known);
    expect(rig.view()).toMatchObject({ state: { kind: 'suspect', why: 'silence' }, health: { level: 'degraded' } });
  }
  rig.net.sockets[inUse()]?.text('{"s":"BTC"}');
  expect(rig.state).toBe('up');
});

it('[L4] [L12] one that was found silent long ago is compared at once, and after 1 s, 2 s and 4 s', async () => {
  rig = new LinkRig(mute());
  await pass(6_000, all);
  const [first, known] = [inUse(), rig.net.sockets.length];
  await pass(200_000, (index) => index === first);
  rig.net.sockets[first]?.end(CUT);
  await rig.clock.advance(1);
  expect(rig.state).toBe('suspect');
  const failedAfterMs: number[] = [];
  const failures = () => rig.kinds().filter((kind) => kind === 'replacement-failed').length;
  for (let ms = 100; ms <= 8_000; ms += 100) {
    const before = failures();
    await pass(100, none, (index) => index >= known);
    if (failures() > before) failedAfterMs.push(ms);
  }
  expect(failedAfterMs).toEqual([100, 1_000, 3_000, 7_000]);
});
