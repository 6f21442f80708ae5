import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { urlInUse } from '../../../src/shared/linkView.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import { after } from '../../../src/shared/units.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
/** Addresses that bring data, where something was asked for. */
let flowing: readonly string[] = [];
afterEach(() => {
  rig.end();
  flowing = [];
});

const [A, B, C] = ['ws://a.example/', 'ws://b.example/', 'ws://c.example/'] as const;
const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };
const EXPIRED: DownReason = { kind: 'tls', code: 'CERT_HAS_EXPIRED', message: 'expired' };
const NO_LOGIN: DownReason = { kind: 'told', class: 'credentials', text: 'login refused' };
const NOT_ENTITLED: DownReason = { kind: 'closed', code: 1008, text: 'not entitled' };
const preset = PresetSchema.parse({ ...JSON_PRESET, notices: [{ match: '"op":"bye"', text: 'bye' }] });

function at(urls: readonly string[], policy: Partial<LinkConfig['policy']> = {}): LinkConfig {
  const [url = A] = urls;
  const routes = urls.map((one) => ({ url: one, dialUrl: one }));
  const soon = { pingIntervalMs: 1_000, routeBetterForMs: 10_000, breakerFailures: 0, ...policy };
  return linkConfig({ routes, url, dialUrl: url, preset, subscriptions: [subscription('BTC')], policy: soon });
}

const dialled = () => rig.net.sockets.map(({ target }) => target.url);
const roles = () => rig.view().about.sockets.map(({ role, url }) => `${role} ${url}`);
const count = (kind: string) => rig.kinds().filter((one) => one === kind).length;

const met = new WeakSet<object>();
const pinged = new WeakMap<object, number>();

/** What has become due is served: `refuse` says how a socket ends instead. Pings are answered in the time of their address. */
function serve(refuse: (role: string, url: string) => DownReason | null): void {
  for (const { role, generation, url } of rig.view().about.sockets) {
    const socket = rig.net.sockets[generation - 1] as FakeSocket;
    if (met.has(socket)) continue;
    met.add(socket);
    const reason = refuse(role, url);
    if (reason?.kind !== 'tls') socket.open();
    if (reason !== null) socket.end(reason);
    for (const text of reason === null ? socket.sent : []) {
      const message = JSON.parse(text);
      if (message.op === 'sub') socket.text(`{"op":"subscribed","id":${message.id}}`);
    }
  }
  for (const socket of rig.net.open) {
    if (socket.pingCount === (pinged.get(socket) ?? 0)) continue;
    pinged.set(socket, socket.pingCount);
    const ms = socket.target.url === B ? 2 : 60;
    rig.clock.at(after(rig.clock.now(), ms), () => socket.isCut || socket.answer());
  }
  for (const socket of flowing.length === 0 ? [] : rig.net.open) {
    const isAsked = socket.sent.some((text) => text.includes('"op":"sub"'));
    if (isAsked && flowing.includes(socket.target.url)) socket.text('{"s":"BTC"}');
  }
}

async function pass(ms: number, refuse: (role: string, url: string) => DownReason | null = () => null): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    await rig.clock.advance(20);
    serve(refuse);
    if (passed % 1_000 === 0) rig.tick();
  }
}

/** The link is up at A; a socket that was to take it to the faster B has just ended so. */
async function failedAtB(reason: DownReason, policy: Partial<LinkConfig['policy']> = {}, more: string[] = []) {
  rig = new LinkRig(at([A, B, ...more], policy));
  const refuse = (role: string) => (role === 'successor' ? reason : null);
  for (let i = 0; i < 120 && count('replacement-failed') === 0; i += 1) await pass(1_000, refuse);
  expect(dialled().at(-1)).toBe(B);
  expect(urlInUse(rig.view())).toBe(A);
}

describe('a switch to a faster address that fails there', () => {
  it('[L12] [L18] for its credentials leaves the planned rotation of the address in use', async () => {
    await failedAtB(NO_LOGIN, { rotateAfterMs: 60_000 });
    const before = rig.link.generation;
    await pass(60_000);
    expect(rig.link.generation).toBeGreaterThan(before);
    expect(urlInUse(rig.view())).toBe(A);
  });

  it.each<[string, DownReason]>([
    ['for its certificate', EXPIRED],
    ['for its credentials', NO_LOGIN],
  ])('[L18] %s leaves the venue’s notice on the socket in use a successor at once', async (_what, reason) => {
    await failedAtB(reason);
    rig.net.sockets[0]?.text('{"op":"bye"}');
    expect(roles()).toContain(`successor ${A}`);
  });

  it('[L13] is tried again ever more rarely, and that address is shown as one that cannot be had', async () => {
    await failedAtB(NOT_ENTITLED, { routeDwellMs: 60_000 });
    expect(rig.view().about.routes).toMatchObject([{ alive: true }, { alive: false }]);
    await pass(30 * 60_000, (role) => (role === 'successor' ? NOT_ENTITLED : null));
    expect(count('replacement-failed')).toBeGreaterThan(3);
    expect(count('replacement-failed')).toBeLessThan(8);
    expect(rig.view().about.routes).toMatchObject([{ alive: true }, { p50Ms: expect.any(Number), alive: false }]);
  });

  it('[L13] for it brings no data, which the address in use does, is tried again ever more rarely, too', async () => {
    rig = new LinkRig({ ...at([A, B], { routeDwellMs: 0 }), expectsData: true });
    flowing = [A];
    await pass(5 * 60_000);
    expect(rig.link.generation).toBe(1);
    expect(count('replacement-failed')).toBeGreaterThan(2);
    expect(count('replacement-failed')).toBeLessThan(7);
    expect(rig.view().about.routes).toMatchObject([{ alive: true }, { p50Ms: expect.any(Number), alive: false }]);
    flowing = [A, B];
    await pass(3 * 60_000);
    expect(urlInUse(rig.view())).toBe(B);
    expect(rig.view().about.routes).toMatchObject([{ alive: true }, { alive: true }]);
  });

  it('[L13] is not the first place to go to when the socket in use is lost, however fast it answers', async () => {
    await failedAtB(NOT_ENTITLED, {}, [C]);
    await pass(10_000);
    rig.net.sockets[0]?.end(REFUSED);
    await rig.clock.advance(200);
    expect(rig.net.newest.target.url).toBe(C);
  });
});

it('[L12] [L13] a standby that an address refuses is built at once where the link has moved to', async () => {
  rig = new LinkRig(at([A, B], { standby: true, routeBetterForMs: 600_000 }));
  await pass(1_000, (role) => (role === 'standby' ? EXPIRED : null));
  expect(rig.view().about.standby).toBe('building');
  rig.net.sockets[0]?.end(REFUSED);
  await pass(1_000);
  expect(urlInUse(rig.view())).toBe(B);
  expect(roles()).toContain(`standby ${B}`);
});

it('[D3] [L13] [L18] where the first address that stays does not know the link, the next is tried at once', async () => {
  rig = new LinkRig(at([A, B, C]));
  await pass(100);
  rig.link.configure({ ...at([A, B, C]), routes: at([B, C]).routes });
  expect(roles()).toContain(`successor ${B}`);
  rig.net.newest.end({ kind: 'http', status: 404, retryAfterMs: null });
  await rig.clock.advance(1);
  expect(roles()).toContain(`successor ${C}`);
  rig.net.newest.end(REFUSED);
  await rig.clock.advance(200);
  expect(roles()).toContain(`successor ${C}`);
});

it('[D3] [L13] another change of addresses leaves the socket alone that is made ready at one that stays', async () => {
  rig = new LinkRig(at([A, B]));
  await pass(100);
  rig.link.configure({ ...at([A, B]), routes: at([B]).routes });
  const successor = rig.net.newest;
  expect(roles()).toContain(`successor ${B}`);
  rig.link.configure({ ...at([A, B]), routes: at([B, C]).routes });
  expect(successor.isCut).toBe(false);
  await pass(100);
  expect(urlInUse(rig.view())).toBe(B);
  expect(successor.isCut).toBe(false);
});
