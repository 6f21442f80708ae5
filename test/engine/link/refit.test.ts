import { afterEach, describe, expect, it } from 'vitest';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

type Change = NonNullable<Parameters<typeof linkConfig>[0]>;
const BANNED: DownReason = { kind: 'http', status: 418, retryAfterMs: 3_600_000 };
const NO_KEY: DownReason = { kind: 'http', status: 401, retryAfterMs: null };
const EXPIRED: DownReason = { kind: 'tls', code: 'CERT_HAS_EXPIRED', message: 'expired' };
const COMPRESSED: Change = { policy: { compression: true } };
const at = (url: string): Change => ({ url, dialUrl: url });

const dials = () => rig.net.sockets.length;
const state = () => rig.link.figures.view().state;

/** Changes the settings of a link whose only dial ended so. */
function changedAfter(reason: DownReason, change: Change, before: Change = {}): void {
  rig = new LinkRig(linkConfig(before));
  rig.net.newest.end(reason);
  rig.link.configure(linkConfig(change));
}

it('[L8] a breaker that a person holds open is not closed by a change of settings, and closed it dials with them', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  rig.link.setBreaker(true);
  rig.link.configure(linkConfig(COMPRESSED));
  await rig.clock.advance(60_000);
  expect(state()).toMatchObject({ kind: 'blocked', until: null });
  expect(dials()).toBe(1);
  rig.link.setBreaker(false);
  expect(rig.net.newest.target.compression).toBe(true);
});

it('[L8] a breaker held open before or during a pause is held after it', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  rig.link.setBreaker(true);
  await rig.clock.advance(2_000);
  rig.link.configure(linkConfig({ enabled: false }));
  expect(state().kind).toBe('paused');
  rig.link.configure(linkConfig());
  expect(state()).toMatchObject({ kind: 'blocked', until: null, reason: { kind: 'asked', by: 'breaker' } });
  rig.link.setBreaker(false);
  rig.net.newest.open();
  rig.link.configure(linkConfig({ enabled: false }));
  rig.link.setBreaker(true);
  rig.link.configure(linkConfig());
  expect(state()).toMatchObject({ kind: 'blocked', until: null });
  expect(dials()).toBe(2);
  rig.link.setBreaker(false);
  expect(dials()).toBe(3);
});

it('[L6] a change of settings does not cut short the wait that the venue asked for, at another host it does', () => {
  changedAfter(BANNED, COMPRESSED);
  const until = rig.clock.now() + 3_600_000;
  expect(state()).toMatchObject({ kind: 'waiting', until });
  rig.link.configure(linkConfig(at('ws://127.0.0.1:1/other')));
  expect(state()).toMatchObject({ kind: 'waiting', until });
  expect(dials()).toBe(1);
  rig.link.configure(linkConfig(at('ws://elsewhere/')));
  expect(dials()).toBe(2);
});

it('[L18] a link at a wrong address is dialled at once when the address is put right', () => {
  changedAfter({ kind: 'http', status: 404, retryAfterMs: null }, at('ws://127.0.0.1:1/right'));
  expect(rig.net.newest.target.url).toBe('ws://127.0.0.1:1/right');
});

it.each<[string, Change]>([
  ['a limit of its figures', { policy: { fitP99Ms: 50 } }],
  ['compression', COMPRESSED],
  ['the cap of attempts', { policy: { maxAttempts: 9 } }],
])('[L18] refused credentials are not shown again because of another setting: %s', (_what, change) => {
  changedAfter(NO_KEY, change);
  expect(state().kind).toBe('failed');
  expect(dials()).toBe(1);
  rig.link.reconnect('graceful');
  expect(dials()).toBe(2);
});

it.each<[string, Change]>([
  ['address', at('ws://127.0.0.1:1/other')],
  ['preset', { preset: { ...PLAIN_PRESET, login: 'me' } }],
])('[L18] after refused credentials another %s is dialled', (_what, change) => {
  changedAfter(NO_KEY, change);
  expect(dials()).toBe(2);
});

it.each<[string, Change, number]>([
  ['a limit of its figures', { policy: { faultRetryMs: 0, fitP99Ms: 50 } }, 1],
  ['the authority of its certificate', { ca: 'pem', policy: { faultRetryMs: 0 } }, 2],
  ['that faults are tried again', { policy: { faultRetryMs: 60_000 } }, 2],
])('[L18] a link that stopped for its certificate, and a change of %s', (_what, change, expected) => {
  changedAfter(EXPIRED, change, { policy: { faultRetryMs: 0 } });
  expect(dials()).toBe(expected);
});

const [A, B, C] = ['ws://a.example/', 'ws://b.example/', 'ws://c.example/'] as const;
const over = (urls: readonly string[], policy: NonNullable<Change['policy']> = {}) =>
  linkConfig({
    ...at(urls[0] ?? A),
    routes: urls.map((dialUrl) => ({ url: dialUrl.split('?')[0] ?? dialUrl, dialUrl })),
    policy: { breakerFailures: 0, ...policy },
  });
const dialled = () => rig.net.sockets.map(({ target }) => target.url);
const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };

it.each<[string, DownReason, NonNullable<Change['policy']>]>([
  ['cannot be reached', REFUSED, {}],
  ['asked to wait', { kind: 'http', status: 503, retryAfterMs: 600_000 }, {}],
  ['has banned the link', BANNED, {}],
  ['has an expired certificate', EXPIRED, {}],
  ['has one, and such faults are not tried again', EXPIRED, { faultRetryMs: 0 }],
  ['refuses the credentials', NO_KEY, {}],
  ['cannot be reached within the cap of attempts', REFUSED, { maxAttempts: 1 }],
])('[L13] [D3] an address that is added while the only one %s is dialled at once', (_what, reason, policy) => {
  rig = new LinkRig(over([A], policy));
  rig.net.newest.end(reason);
  rig.link.configure(over([A, B], { ...policy, maxAttempts: 0 }));
  expect(dialled()).toEqual([A, B]);
});

it('[L13] [D3] an address that is added leaves a dial alone that is under way, and one that never was lost', async () => {
  rig = new LinkRig(over([A]));
  rig.link.configure(over([A, B]));
  expect(dialled()).toEqual([A]);
  rig.link.configure({ ...over([A, B]), enabled: false });
  await rig.clock.advance(2_000);
  rig.link.configure({ ...over([A, B, C]), enabled: false });
  rig.link.configure(over([A, B, C]));
  expect(dialled()).toEqual([A, A]);
});

it('[L6] [L11] a click goes to an address that has not asked to wait, if there is one', async () => {
  rig = new LinkRig(over([A, B]));
  rig.net.newest.end(NO_KEY);
  await rig.clock.advance(200);
  rig.net.newest.end({ ...BANNED, retryAfterMs: 240_000 } as DownReason);
  await rig.clock.advance(1_000);
  expect(dialled()).toEqual([A, B]);
  rig.link.reconnect('graceful');
  expect(dialled()).toEqual([A, B, A]);
});

it('[L6] [L7] a link that gave up is dialled by the settings that revive it when its address may be', async () => {
  rig = new LinkRig(over([A, B], { maxAttempts: 2 }));
  rig.net.newest.end({ kind: 'http', status: 429, retryAfterMs: 60_000 });
  await rig.clock.advance(200);
  rig.net.newest.end(REFUSED);
  expect(state().kind).toBe('failed');
  rig.link.configure(over([A]));
  expect(state()).toMatchObject({ kind: 'waiting', reason: { kind: 'http', status: 429 } });
  await rig.clock.advance(59_000);
  expect(dialled()).toEqual([A, B]);
  await rig.clock.advance(1_000);
  expect(dialled()).toEqual([A, B, A]);
});

it('[L18] [L13] a link that every address refused is dialled where its credentials are others, and not for one that goes', async () => {
  rig = new LinkRig(over([A, B, C]));
  for (let tries = 0; tries < 3; tries += 1) {
    rig.net.newest.end(NO_KEY);
    await rig.clock.advance(1_000);
  }
  expect(state().kind).toBe('failed');
  rig.link.configure(over([A, B]));
  expect(dialled()).toEqual([A, B, C]);
  rig.link.configure(over([A, `${B}?key=new`]));
  expect(dialled()).toEqual([A, B, C, `${B}?key=new`]);
});

describe('a venue that allows one socket, while the old one closes', () => {
  const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { sockets: 1 } });
  const one = (change: Change = {}) => linkConfig({ preset, ...change });

  it.each<[string, () => void]>([
    ['a second change of settings', () => rig.link.configure(one())],
    ['another address', () => rig.link.configure(one({ ...at('ws://elsewhere/') }))],
    ['another network', () => rig.link.networkChanged()],
    ['a wake', () => rig.link.wake()],
    ['a second click', () => rig.link.reconnect('graceful')],
  ])('[L12] is not dialled for %s', async (_what, happens) => {
    rig = new LinkRig(one(), () => 0.1);
    rig.net.newest.open();
    rig.link.configure(one(COMPRESSED));
    expect(state()).toMatchObject({ kind: 'waiting', reason: { kind: 'asked' } });
    await rig.clock.advance(300);
    happens();
    await rig.clock.advance(600);
    expect(dials()).toBe(1);
    await rig.clock.advance(200);
    expect(dials()).toBe(2);
    expect(rig.net.open).toHaveLength(1);
  });
});
