import { afterEach, describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { healthReasons } from '../../../src/shared/health.ts';
import { healthText } from '../../../src/shared/healthReason.ts';
import { urlInUse } from '../../../src/shared/linkView.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import type { FakeSocket } from '../../support/fakeNet.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const [A, B, C] = ['ws://a.example/', 'ws://b.example/', 'ws://c.example/'] as const;
const NO_KEY = { kind: 'http', status: 401, retryAfterMs: null } as const;
const UNREACHABLE = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' } as const;

function at(urls: readonly string[], change: Parameters<typeof linkConfig>[0] = {}): LinkConfig {
  const [url = A] = urls;
  const routes = urls.map((one) => ({ url: one, dialUrl: one }));
  return linkConfig({ routes, url, dialUrl: url, ...change, policy: { breakerFailures: 0, ...change.policy } });
}

const dialled = () => rig.net.sockets.map(({ target }) => target.url);
const roles = () => rig.view().about.sockets.map(({ role, url }) => [role, url]);

async function allAnswer(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    await rig.clock.advance(250);
    for (const socket of rig.net.open) socket.answer();
  }
}

/** The link is up at the second of its addresses, since the first could not be reached; none is measured yet. */
async function upAtSecond(urls: readonly string[], change: Parameters<typeof linkConfig>[0] = {}): Promise<FakeSocket> {
  rig = new LinkRig(at(urls, change));
  rig.net.newest.end(UNREACHABLE);
  await rig.clock.advance(200);
  const inUse = rig.net.newest;
  expect(inUse.target.url).toBe(urls[1]);
  await rig.openAndAnswer();
  expect(rig.state).toBe('up');
  return inUse;
}

it('[L13] [G2] the address in use is that of its socket while another cannot be reached', async () => {
  rig = new LinkRig(at([A]));
  await rig.openAndAnswer();
  rig.link.configure(at(['wss://elsewhere.example/']));
  rig.net.newest.end({ kind: 'refused', address: 'elsewhere.example', code: 'ECONNREFUSED' });
  await rig.clock.advance(1_000);
  expect(rig.view().about.url).toBe('wss://elsewhere.example/');
  expect(urlInUse(rig.view())).toBe(A);
});

describe.each([
  ['of another host', A, B],
  ['of the same host', `${A}1`, `${A}2`],
])('an address that is taken out of the settings: the one that stays is %s', (_what, stays, goes) => {
  it('[D3] [L13] its socket stays in use, is shown and measured, until one of the other has taken over', async () => {
    const old = await upAtSecond([stays, goes]);
    rig.link.configure(at([stays]));
    expect(roles()).toEqual([
      ['in use', goes],
      ['successor', stays],
    ]);
    await rig.clock.advance(1_000);
    old.answer();
    expect(rig.state).toBe('up');
    expect(urlInUse(rig.view())).toBe(goes);
    expect(rig.view().about.routes).toMatchObject([
      { url: stays, inUse: false },
      { url: goes, inUse: true, alive: true },
    ]);
    await rig.openAndAnswer();
    expect(rig.state).toBe('up');
    expect(old.closedWith).not.toBeNull();
    expect(rig.view().about.routes).toMatchObject([{ url: stays, inUse: true, alive: true }]);
    expect(roles()).toContainEqual(['in use', stays]);
    expect(rig.kinds()).not.toContain('socket-ended');
  });

  it('[D3] [L13] where the venue allows one socket it closes politely, and the other is dialled', async () => {
    const preset = PresetSchema.parse({ ...JSON_PRESET, limits: { sockets: 1 } });
    const old = await upAtSecond([stays, goes], { preset });
    rig.link.configure(at([stays], { preset }));
    expect(old.isCut).toBe(false);
    await rig.clock.advance(2_000);
    expect(dialled()).toEqual([stays, goes, stays]);
  });

  it('[D3] [L13] lost before another has taken over, it is not dialled again', async () => {
    const old = await upAtSecond([stays, goes]);
    rig.link.configure(at([stays]));
    rig.net.newest.end(UNREACHABLE);
    old.end(UNREACHABLE);
    await rig.clock.advance(60_000);
    expect(new Set(dialled().slice(2))).toEqual(new Set([stays]));
  });

  it('[D3] [L13] a dial of it that is under way ends, and the other is dialled at once', async () => {
    rig = new LinkRig(at([stays, goes]));
    rig.net.newest.end(UNREACHABLE);
    await rig.clock.advance(200);
    rig.link.configure(at([stays]));
    expect(dialled()).toEqual([stays, goes, stays]);
  });
});

it.each(['restoring', 'suspect'])('[D3] [L13] a link that is %s leaves its address as gracefully', async (state) => {
  const change = state === 'restoring' ? { preset: JSON_PRESET, subscriptions: [subscription('BTC')] } : {};
  rig = new LinkRig(at([A, B], change));
  rig.net.newest.end(UNREACHABLE);
  await rig.clock.advance(200);
  const old = rig.net.newest;
  old.open();
  if (state === 'suspect') rig.link.wake();
  expect(rig.state).toBe(state);
  rig.link.configure(at([A], change));
  expect(old.isCut || old.closedWith !== null).toBe(false);
  expect(roles()).toEqual([
    ['in use', B],
    ['successor', A],
  ]);
});

it.each(['closing', 'paused', 'held'])('[D3] [L13] nothing is dialled for it while the link is %s', async (state) => {
  await upAtSecond([A, B]);
  const before = dialled().length;
  if (state === 'held') rig.link.setBreaker(true);
  else rig.link.configure(at([A, B], { enabled: false }));
  if (state === 'paused') await rig.clock.advance(2_000);
  const enabled = state === 'held';
  rig.link.configure(at([A], { enabled }));
  await rig.clock.advance(60_000);
  expect(dialled()).toHaveLength(before);
  if (state === 'held') rig.link.setBreaker(false);
  else rig.link.configure(at([A]));
  expect(dialled().slice(before)).toEqual([A]);
});

it('[D3] [L13] resumed without it by one edit, a link that was waiting for it is dialled at another', async () => {
  rig = new LinkRig(at([A, B]));
  rig.net.newest.end(UNREACHABLE);
  rig.link.configure(at([A, B], { enabled: false }));
  rig.link.configure(at([A]));
  expect(dialled()).toEqual([A, A]);
});

it('[D3] [L13] of the addresses that stay one that was not lost is tried first, and the next where it cannot be had', async () => {
  await upAtSecond([A, B, C], { preset: PresetSchema.parse({ ...PLAIN_PRESET, limits: { sockets: 2 } }) });
  rig.link.configure(at([A, C]));
  expect(roles()).toContainEqual(['successor', C]);
  rig.net.newest.end(UNREACHABLE);
  await rig.clock.advance(150);
  expect(roles()).toContainEqual(['successor', A]);
});

it('[D3] [L13] an address that is taken out and not in use leaves the socket alone, and so does the same edit again', async () => {
  rig = new LinkRig(at([A, B]));
  await rig.openAndAnswer();
  rig.net.newest.open();
  await allAnswer(1_000);
  rig.link.configure(at([A]));
  await allAnswer(1_000);
  rig.link.configure(at([A]));
  await allAnswer(10_000);
  expect(dialled()).toEqual([A, B]);
  expect(roles()).toEqual([['in use', A]]);
});

it('[D3] [L13] an edit that is taken back is in force again, also where what it wanted was refused', async () => {
  await upAtSecond([A, B]);
  rig.link.configure(at([A]));
  rig.net.newest.end({ kind: 'http', status: 401, retryAfterMs: null });
  expect(healthText(healthReasons(rig.view().health))).toContain('new settings');
  rig.link.configure(at([A, B]));
  expect(urlInUse(rig.view())).toBe(B);
  await rig.openAndAnswer();
  expect(rig.state).toBe('up');
  expect(urlInUse(rig.view())).toBe(B);
  expect(healthText(healthReasons(rig.view().health))).not.toContain('new settings');
});

it('[D3] [L13] a successor at an address that is taken out meanwhile does not take over', async () => {
  await upAtSecond([A, B]);
  rig.link.configure(at([C]));
  const gone = rig.net.newest;
  expect(gone.target.url).toBe(C);
  rig.link.configure(at([A, B]));
  expect(gone.isCut).toBe(true);
  await rig.openAndAnswer();
  expect([A, B]).toContain(urlInUse(rig.view()));
});

describe.each([
  ['that waits for its dial', { dials: 4, dials_window_secs: 20 }],
  ['that is open', {}],
])('a standby %s while the link leaves its address', (_what, limits) => {
  const change = { preset: PresetSchema.parse({ ...PLAIN_PRESET, limits }), policy: { standby: true } };
  /** Of one host; which is the link's first address says nothing of the standby. */
  const [used, gone, stays] = [`${A}1`, `${A}2`, `${A}3`] as const;
  const to = (url: string, dialUrl = url): LinkConfig => ({ ...at([used], change), routes: [{ url, dialUrl }] });
  const isOpen = !('dials' in limits);

  it.each([
    ['that is then gone', to(stays)],
    ['whose key is then another', to(gone, `${gone}?new`)],
  ])('[D3] [L12] [L13] is not made, or kept, at an address %s', async (_then, config) => {
    rig = new LinkRig(at([used], change));
    await rig.openAndAnswer();
    rig.link.configure(to(gone));
    rig.net.newest.end(NO_KEY);
    await allAnswer(1_100);
    expect(rig.view().about.standby).toBe('building');
    expect(roles()).toEqual(
      isOpen
        ? [
            ['in use', used],
            ['standby', gone],
          ]
        : [['in use', used]],
    );
    if (isOpen) rig.net.newest.open();
    const before = dialled().length;
    rig.link.configure(config);
    await rig.clock.advance(10);
    expect(rig.net.newest.target.url).toBe(config.routes[0]?.dialUrl);
    rig.net.newest.end(NO_KEY);
    await allAnswer(60_000);
    expect(new Set(dialled().slice(before))).toEqual(new Set([config.routes[0]?.dialUrl]));
    expect(rig.net.open.map(({ target }) => target.url)).not.toContain(gone);
  });
});

it('[D3] [L5] what else the edit changes is in force on the socket at the address that goes', async () => {
  const old = await upAtSecond([A, B], { policy: { pingIntervalMs: 60_000 } });
  rig.link.configure(at([A], { policy: { pingIntervalMs: 1_000, warmupPings: 0 } }));
  const before = old.pingCount;
  await rig.clock.advance(500);
  old.answer();
  await rig.clock.advance(2_000);
  expect(old.pingCount).toBeGreaterThan(before);
});

it('[L19] [L17] an edit that takes the address away and ends its silent socket leaves one new socket, which is the link’s', async () => {
  const change = { preset: JSON_PRESET, subscriptions: [subscription('BTC')], expectsData: true };
  rig = new LinkRig(at([A, B], change));
  rig.net.newest.end(UNREACHABLE);
  await rig.clock.advance(200);
  rig.bringUp(1);
  await allAnswer(70_000);
  const before = dialled().length;
  rig.link.configure(at([A], { ...change, policy: { dataTimeoutMs: 60_000 } }));
  await rig.clock.advance(100);
  expect(dialled().slice(before)).toEqual([A]);
  rig.bringUp(before);
  await rig.clock.advance(1_000);
  expect(roles()).toEqual([['in use', A]]);
  expect(rig.net.open).toHaveLength(1);
  rig.link.remove('settings');
  await rig.clock.advance(1_000);
  expect(rig.net.open).toEqual([]);
});
