import { afterEach, expect, it } from 'vitest';
import { Slots } from '../../../src/main/engine/slots.ts';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { after } from '../../../src/shared/units.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const TOO_MANY: DownReason = { kind: 'http', status: 429, retryAfterMs: 600_000 };
const routes = ['ws://slow/', 'ws://fast/'].map((url) => ({ url, dialUrl: url }));
const ROUND_TRIP_MS: Readonly<Record<string, number>> = { 'ws://slow/': 60, 'ws://fast/': 10 };

/** Two addresses of a venue that allows so many sockets. The one that is used first is the slower. */
function twoAddresses(sockets: number, policy: Partial<LinkConfig['policy']> = {}): LinkConfig {
  const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { sockets } });
  const soon = { pingIntervalMs: 1_000, routeBetterForMs: 10_000, routeDwellMs: 0 };
  return linkConfig({ preset, routes, url: 'ws://slow/', dialUrl: 'ws://slow/', policy: { ...soon, ...policy } });
}

const roles = () => rig.link.figures.view().about.sockets.map(({ role }) => role);
const inUse = () => rig.net.sockets[rig.link.generation - 1]?.target.url;

/** The venue lets every socket in, but for a successor that it answers so or not yet, and answers each ping in its address's time. */
async function pass(ms: number, refusal: DownReason | 'nothing yet' | null = null): Promise<void> {
  const pongs: (() => void)[] = [];
  for (let passed = 0; passed < ms; passed += 10) {
    await rig.clock.advance(10);
    for (const { role, generation, openedAt } of rig.link.figures.view().about.sockets) {
      const socket = rig.net.sockets[generation - 1] as FakeSocket;
      if (openedAt === null && !met.has(socket)) {
        const answer = role === 'successor' ? refusal : null;
        if (answer === 'nothing yet') continue;
        met.add(socket);
        if (answer !== null) socket.end(answer);
        else socket.open();
      }
    }
    for (const socket of rig.net.open) {
      if (socket.pings.length === (pinged.get(socket) ?? 0)) continue;
      pinged.set(socket, socket.pings.length);
      const payload = socket.pings.at(-1) as string;
      const at = after(rig.clock.now(), ROUND_TRIP_MS[socket.target.url] ?? 0);
      pongs.push(rig.clock.at(at, () => socket.isCut || socket.pong(payload)));
    }
    if (passed % 1_000 === 0) rig.tick();
  }
  for (const cancel of pongs) cancel();
}
const met = new WeakSet<object>();
const pinged = new WeakMap<object, number>();

it('[L6] [L13] a switch of address that the venue told to wait takes nobody’s place meanwhile', async () => {
  rig = new LinkRig(twoAddresses(3, { standby: true }));
  await pass(120_000, TOO_MANY);
  // In use, standby and measuring, then the switch. That address is not to be dialled for 10 min, to measure it either.
  expect(rig.net.sockets.length).toBe(4);
  expect(roles()).toEqual(['in use', 'standby']);
  expect(rig.kinds()).not.toContain('socket-ended');
});

it('[L12] a planned rotation that the venue told to wait leaves the standby its place, and takes it when its time has come', async () => {
  rig = new LinkRig(twoAddresses(2, { standby: true, rotateAfterMs: 20_000 }));
  await pass(30_000, { ...TOO_MANY, retryAfterMs: null });
  expect(roles()).toEqual(['in use', 'standby']);
  expect(rig.link.figures.view().about.standby).toBe('ready');
  await pass(55_000);
  expect(rig.link.generation).toBeGreaterThan(1);
  expect(rig.kinds()).toContain('replaced');
});

it('[D3] [L13] a switch to an address that is taken out of the settings meanwhile is not made', async () => {
  const config = twoAddresses(9);
  rig = new LinkRig(config);
  for (let i = 0; i < 60 && !roles().includes('successor'); i += 1) await pass(1_000, 'nothing yet');
  const successor = rig.net.newest;
  expect(successor.target.url).toBe('ws://fast/');
  rig.link.configure({ ...config, routes: routes.slice(0, 1) });
  expect(successor.isCut).toBe(true);
  await pass(60_000);
  expect(roles()).toEqual(['in use']);
  expect(rig.link.generation).toBe(1);
});

it('[L13] a switch for which another link has left no place is not made, and what was measured before says nothing for ever', async () => {
  const slots = new Slots();
  const config = twoAddresses(2);
  rig = new LinkRig(config, undefined, undefined, slots);
  await pass(8_000);
  expect(rig.link.figures.view().about.routes).toMatchObject([{}, { p50Ms: expect.any(Number) }]);
  const other = {};
  slots.hold(other, config);
  await pass(112_000);
  expect(rig.net.sockets.length).toBe(2);
  expect(rig.link.figures.view().about.routes).toMatchObject([{ p50Ms: expect.any(Number) }, { p50Ms: null }]);
  slots.forget(other);
  await pass(30_000);
  expect(inUse()).toBe('ws://fast/');
  expect(rig.kinds()).not.toContain('socket-ended');
});
