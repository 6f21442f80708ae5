import { afterEach, expect, it } from 'vitest';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET } from '../../../src/shared/preset.ts';
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
