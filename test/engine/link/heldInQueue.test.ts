import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };
const BANNED: DownReason = { kind: 'http', status: 418, retryAfterMs: 600_000 };
const PATHS = ['ws://a.example/1', 'ws://a.example/2', 'ws://a.example/3'];

/** A host that takes so many dials in ten seconds. */
function fewDials(dials: number, paths: number, policy: Partial<LinkConfig['policy']> = {}): LinkConfig {
  const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { dials, dials_window_secs: 10 } });
  const routes = PATHS.slice(0, paths).map((url) => ({ url, dialUrl: url }));
  const [url = ''] = PATHS;
  return linkConfig({ preset, routes, url, dialUrl: url, policy: { connectTimeoutMs: 60_000, ...policy } });
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await rig.clock.advance(100);
    for (const socket of rig.net.open) socket.answer();
  }
}

const urls = () => rig.net.sockets.map(({ target }) => target.url);
const dialled = () => rig.net.sockets.length;

it('[L6] [L22] a standby that stands in the queue of dials is not dialled once the venue has asked to wait', async () => {
  rig = new LinkRig(fewDials(4, 1, { standby: true }));
  await rig.openAndAnswer();
  rig.net.sockets[1]?.end(REFUSED);
  await pass(1_000);
  rig.link.reconnect('graceful');
  expect(dialled()).toBe(3);
  rig.net.newest.end(BANNED);
  await pass(590_000);
  expect(dialled()).toBe(3);
  await pass(20_000);
  expect(dialled()).toBe(4);
  expect(rig.view().about.standby).toBe('building');
});

it('[L6] [L22] nor is a planned rotation, which then waits for its time', async () => {
  rig = new LinkRig(fewDials(4, 2, { rotateAfterMs: 5_000 }));
  await rig.openAndAnswer();
  const scout = rig.net.newest;
  for (const _ of [3, 4]) {
    rig.link.reconnect('graceful');
    rig.net.newest.end(REFUSED);
  }
  await pass(6_000);
  expect(rig.view().about.replacing).toMatchObject({ kind: 'asked', by: 'rotation' });
  scout.end(BANNED);
  await pass(590_000);
  expect(dialled()).toBe(4);
  await pass(20_000);
  expect(urls().slice(4)).toContain(PATHS[0]);
});

it('[L6] [L22] nor an address that is to be measured', async () => {
  rig = new LinkRig(fewDials(4, 3));
  await rig.openAndAnswer();
  await pass(1_000);
  expect(dialled()).toBe(2);
  rig.net.newest.end(BANNED);
  await pass(590_000);
  expect(dialled()).toBe(2);
  await pass(60_000);
  expect(urls()).toContain(PATHS[2]);
});
