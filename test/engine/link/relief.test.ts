import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const named = (symbol: string) => ({ ...subscription(symbol), data: [`"s":"${symbol}"`] });
/** A venue that answers no ping. */
function mute(preset: object = {}, change: Parameters<typeof linkConfig>[0] = {}): LinkConfig {
  return linkConfig({
    preset: PresetSchema.parse({ ...JSON_PRESET, ping: { kind: 'none' }, ...preset }),
    subscriptions: [named('BTC')],
    expectsData: true,
    ...change,
    policy: { dataTimeoutMs: 300_000, ...change.policy },
  });
}

const about = () => rig.link.figures.view().about;
const provedQuiet = () => rig.link.witness().open?.provedQuiet;
const tick = (socket: FakeSocket | undefined, symbol = 'BTC'): void => socket?.text(`{"s":"${symbol}"}`);

const met = new WeakSet<FakeSocket>();
const heard = new WeakMap<FakeSocket, number>();
/** What the venue does with each socket, every 50 ms: lets it in, answers what it was asked, and sends what `play` sends. */
async function pass(ms: number, play: (socket: FakeSocket, index: number) => void = () => undefined, yes = always) {
  for (let passed = 0; passed < ms; passed += 50) {
    await rig.clock.advance(50);
    for (const [index, socket] of rig.net.sockets.entries()) {
      if (!rig.net.open.includes(socket)) continue;
      if (!met.has(socket)) socket.open();
      met.add(socket);
      for (const text of socket.sent.slice(heard.get(socket) ?? 0)) {
        const { op, id, s } = JSON.parse(text);
        if (op === 'sub') socket.text(yes(s) ? `{"op":"subscribed","id":${id}}` : `{"op":"error","id":${id}}`);
      }
      heard.set(socket, socket.sent.length);
      if (passed % 100 === 0) play(socket, index);
    }
  }
}
const always = (_symbol: string): boolean => true;
const flowing = (socket: FakeSocket): void => tick(socket);
const onlyOn =
  (which: number) =>
  (socket: FakeSocket, index: number): void => {
    if (index === which) tick(socket);
  };

it.each([null, 2])(
  '[L4] [L12] a standby that flows takes over from a silent socket at once, with room for %s',
  async (sockets) => {
    rig = new LinkRig(mute(sockets === null ? {} : { limits: { sockets } }, { policy: { standby: true } }));
    await pass(6_000, flowing);
    expect(about().standby).toBe('ready');
    const before = rig.net.sockets.length;
    await pass(2_000, onlyOn(1));
    expect(about()).toMatchObject({ generation: 2 });
    expect(rig.state).toBe('up');
    expect(rig.kinds()).not.toContain('suspect');
    expect(rig.net.sockets[0]?.closedWith).toBe(1000);
    // Only its own successor as a standby.
    expect(rig.net.sockets.length).toBe(before + 1);
  },
);

it('[L12] the rotation that was under way when a standby took over is not made any more', async () => {
  rig = new LinkRig(mute({}, { policy: { standby: true, rotateAfterMs: 6_500 } }));
  await pass(6_000, flowing);
  await pass(1_500, onlyOn(1));
  expect(about().generation).toBe(2);
  expect(rig.net.sockets[2]?.isCut).toBe(true);
});

it('[L4] [L12] a standby that is as silent as the socket in use shows nothing: a new connection does', async () => {
  rig = new LinkRig(mute({}, { policy: { standby: true } }));
  await pass(6_000, flowing);
  await pass(2_000);
  expect(about()).toMatchObject({ generation: 1, standby: 'ready' });
  expect(rig.net.sockets.length).toBe(3);
});

it('[L5] a second connection is not believed to be as silent before it was told of all that the first has', async () => {
  const symbols = Array.from({ length: 14 }, (_, index) => `S${index}`);
  const paced = { ack: { kind: 'data' }, limits: { messages: 1, messages_window_secs: 1 } };
  rig = new LinkRig(mute(paced, { subscriptions: symbols.map(named) }));
  const last = (which: number) => (socket: FakeSocket, index: number) => {
    if (index === which && socket.sent.some((text) => text.includes('"S13"'))) tick(socket, 'S13');
  };
  await pass(30_000, last(0));
  await pass(13_000);
  expect(provedQuiet()).toBe(false);
  await pass(4_000, last(1));
  expect(about().generation).toBe(2);
});

it('[L5] one that is refused what the first was refused, too, and is as silent shows that the venue is quiet', async () => {
  rig = new LinkRig(mute({}, { subscriptions: [named('BTC'), named('NO')] }));
  const yes = (symbol: string): boolean => symbol !== 'NO';
  await pass(6_000, flowing, yes);
  await pass(12_000, undefined, yes);
  expect(provedQuiet()).toBe(true);
});

it('[L5] the time in which this machine was held up is none in which a second connection was silent', async () => {
  rig = new LinkRig(mute());
  await pass(6_000, flowing);
  await pass(2_000);
  rig.stalled = true;
  await rig.clock.advance(20_000);
  expect(rig.net.sockets[1]?.closedWith).toBeNull();
  rig.stalled = false;
  tick(rig.net.sockets[1]);
  expect(about().generation).toBe(2);
});

it('[L12] one that is not needed as a witness is the rotation that came due meanwhile', async () => {
  rig = new LinkRig(mute({}, { policy: { rotateAfterMs: 8_000 } }));
  await pass(6_000, flowing);
  await pass(3_000);
  expect(rig.net.sockets.length).toBe(2);
  tick(rig.net.sockets[0]);
  tick(rig.net.sockets[1]);
  await pass(1_000, flowing);
  expect(about().generation).toBe(2);
  expect(rig.net.sockets.length).toBe(2);
});

it('[L5] a socket that takes over silent from one that was stale is waited for twice as long', async () => {
  rig = new LinkRig(mute({}, { policy: { dataTimeoutMs: 60_000 } }));
  for (let i = 0; i < 20; i += 1) {
    await pass(15_000);
    tick(rig.net.sockets[0]);
  }
  await pass(61_000);
  expect(rig.kinds()).toContain('socket-ended');
  expect(about()).toMatchObject({ generation: 2, dataTimeoutMs: 120_000 });
  await pass(61_000);
  expect(about()).toMatchObject({ generation: 2 });
});

it('[L5] a standby that took over ends the comparison: its successor’s silence is none of a quiet venue', async () => {
  rig = new LinkRig(mute({}, { policy: { standby: true } }));
  await pass(6_000, flowing);
  await pass(6_000);
  expect(rig.net.sockets.length).toBe(3);
  await pass(20_000, onlyOn(1));
  expect(about()).toMatchObject({ generation: 2, dataTimeoutMs: 300_000 });
  expect(rig.net.sockets[2]?.closedWith).toBe(1000);
});

it('[L16] one that was being dialled when this machine slept decides, whatever had waited for the first', async () => {
  rig = new LinkRig(mute({}, { policy: { connectTimeoutMs: 120_000 } }));
  await pass(6_000, flowing);
  await rig.clock.advance(1_500);
  expect(rig.net.sockets.length).toBe(2);
  rig.clock.sleep(60_000);
  rig.link.wake();
  tick(rig.net.sockets[0]);
  await pass(1_000, onlyOn(1));
  expect(about().generation).toBe(2);
});

it('[L5] one that is as silent shows nothing of a socket that was lost meanwhile, nor of the standby that took over', async () => {
  rig = new LinkRig(mute({}, { subscriptions: [], policy: { standby: true } }));
  await pass(6_000, flowing);
  await pass(5_000);
  expect(rig.net.sockets).toHaveLength(3);
  rig.net.sockets[0]?.end({ kind: 'cut', code: 'ECONNRESET' });
  expect(about().generation).toBe(2);
  await pass(7_000);
  expect(rig.net.sockets[2]?.closedWith).toBe(1000);
  expect(about().dataTimeoutMs).toBe(300_000);
  expect(provedQuiet()).toBe(false);
});

it('[L16] a second connection from another network is no better than the first: another one decides, and one that is ready takes over', async () => {
  rig = new LinkRig(mute());
  await pass(6_000, flowing);
  await pass(3_000);
  expect(rig.net.sockets).toHaveLength(2);
  rig.link.networkChanged();
  expect(rig.net.sockets[1]?.isCut).toBe(true);
  expect(rig.net.sockets).toHaveLength(3);
  await pass(12_000);
  expect(provedQuiet()).toBe(false);
  expect(about().generation).toBe(3);
});

it('[L16] [L12] a standby that was heard on another network only does not take over on the new one', async () => {
  rig = new LinkRig(mute({}, { policy: { standby: true } }));
  await pass(6_000, flowing);
  await rig.clock.advance(100);
  tick(rig.net.sockets[1]);
  await rig.clock.advance(100);
  rig.link.networkChanged();
  expect(about().generation).toBe(1);
  expect(rig.net.sockets).toHaveLength(3);
  await pass(300, onlyOn(2));
  expect(about().generation).toBe(3);
});

it('[L16] a second connection from before a sleep is no better than the first: another one decides', async () => {
  rig = new LinkRig(mute());
  await pass(6_000, flowing);
  await pass(3_000);
  expect(rig.net.sockets.length).toBe(2);
  rig.clock.sleep(60_000);
  rig.link.wake();
  tick(rig.net.sockets[0]);
  await pass(1_000, onlyOn(2));
  expect(rig.net.sockets[1]?.isCut).toBe(true);
  expect(about().generation).toBe(3);
});

it('[L16] [L12] the rotation that one from before a sleep was to be comes as soon as the venue allows another', async () => {
  const url = 'ws://a.example/1';
  const routes = [url, 'ws://a.example/2'].map((one) => ({ url: one, dialUrl: one }));
  rig = new LinkRig(mute({}, { url, dialUrl: url, routes, policy: { rotateAfterMs: 8_000 } }));
  await pass(6_000, flowing);
  await pass(3_000);
  expect(rig.net.sockets).toHaveLength(3);
  // The one that measures the other address is asked to wait, for all sockets at that host.
  rig.net.sockets[1]?.end({ kind: 'http', status: 429, retryAfterMs: 60_000 });
  rig.clock.sleep(20_000);
  rig.link.wake();
  tick(rig.net.sockets[0]);
  expect(rig.net.sockets).toHaveLength(3);
  expect(rig.net.sockets[2]?.isCut).toBe(true);
  await pass(70_000, flowing);
  expect(rig.kinds()).toContain('replaced');
});
