import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const A = 'ws://a.example/';
const B = 'ws://b.example/';
const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };
const NO_KEY: DownReason = { kind: 'http', status: 401, retryAfterMs: null };
const tooMany = (retryAfterMs: number): DownReason => ({ kind: 'http', status: 429, retryAfterMs });

function at(urls: readonly string[], change: Parameters<typeof linkConfig>[0] = {}): LinkConfig {
  const [url = A] = urls;
  const routes = urls.map((one) => ({ url: one, dialUrl: one }));
  return linkConfig({ routes, url, dialUrl: url, ...change, policy: { breakerFailures: 0, ...change.policy } });
}

const dialled = () => rig.net.sockets.map(({ target }) => target.url);
const kinds = (kind: string) => rig.kinds().filter((one) => one === kind).length;

async function allAnswer(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    await rig.clock.advance(250);
    for (const socket of rig.net.open) socket.answer();
  }
}

/** The link is up at A, and the socket that measures B was told `reason`. */
async function measured(reason: DownReason): Promise<void> {
  rig = new LinkRig(at([A, B]));
  await rig.openAndAnswer();
  expect(dialled()).toEqual([A, B]);
  rig.net.sockets[1]?.end(reason);
}

it('[L6] [L13] a link never waits for an address that asked to wait while another one may be dialled', async () => {
  await measured(tooMany(3_600_000));
  rig.net.sockets[0]?.end(REFUSED);
  await rig.clock.advance(200);
  expect(dialled()).toEqual([A, B, A]);
  rig.net.newest.end(REFUSED);
  await rig.clock.advance(1_000);
  expect(dialled()).toEqual([A, B, A, A]);
});

it('[L6] [L13] where each has asked to wait, the one that has to be waited for least is dialled', async () => {
  await measured(tooMany(600_000));
  rig.net.sockets[0]?.end(tooMany(60_000));
  expect(rig.view().state).toMatchObject({ kind: 'waiting', delayMs: 60_000 });
  await rig.clock.advance(60_100);
  expect(dialled()).toEqual([A, B, A]);
});

it('[L13] [L18] an address that refuses the credentials is none to go to, and stops no link that others let in', async () => {
  await measured(NO_KEY);
  rig.net.sockets[0]?.end(REFUSED);
  await rig.clock.advance(200);
  expect(dialled()).toEqual([A, B, A]);
});

it('[L13] [L18] refused where it was not measured, the link goes back, and that is told; refused everywhere it stops', async () => {
  rig = new LinkRig(at([A, B]));
  rig.net.newest.end(REFUSED);
  await rig.clock.advance(200);
  rig.net.newest.end(NO_KEY);
  expect(kinds('alarm')).toBe(1);
  await rig.clock.advance(1_000);
  expect(dialled()).toEqual([A, B, A]);
  rig.net.newest.end(NO_KEY);
  expect(rig.state).toBe('failed');
  rig.link.reconnect('hard');
  rig.net.newest.end(REFUSED);
  await rig.clock.advance(1_000);
  expect(dialled()).toEqual([A, B, A, B, A]);
});

it('[L18] [L13] what an address has refused is over when a person has seen to the link, or it answers', async () => {
  rig = new LinkRig(at([A, B]));
  rig.net.newest.end(REFUSED);
  await rig.clock.advance(200);
  rig.net.newest.end(NO_KEY);
  await rig.clock.advance(1_000);
  rig.link.reconnect('hard');
  rig.net.newest.end(REFUSED);
  await rig.clock.advance(1_000);
  expect(dialled().slice(-2)).toEqual([A, B]);
  rig.net.newest.end(NO_KEY);
  await rig.clock.advance(1_000);
  await rig.openAndAnswer();
  const scout = rig.net.newest;
  expect(scout.target.url).toBe(B);
  scout.open();
  await rig.clock.advance(3);
  scout.answer();
  rig.net.sockets.at(-2)?.end(REFUSED);
  await rig.clock.advance(1_000);
  expect(dialled().at(-1)).toBe(B);
});

it('[L13] the time of the last switch is that of the last other address', async () => {
  await measured(tooMany(3_600_000));
  rig.net.sockets[0]?.end(REFUSED);
  expect(rig.view().about.routing?.switchedAt).toBeNull();
});

it('[L6] [L13] an address that is measured again is so soon after the venue has let in another socket there', async () => {
  const paths = ['ws://a.example/1', 'ws://a.example/2'];
  rig = new LinkRig(at(paths));
  await rig.openAndAnswer();
  rig.net.newest.end(tooMany(3_600_000));
  await allAnswer(60_000);
  // Not by a reconnect, which itself forgets what was waited for.
  rig.link.rotate();
  await rig.openAndAnswer();
  await allAnswer(29_000);
  expect(dialled()).toEqual([...paths, paths[0]]);
  await allAnswer(2_000);
  expect(dialled()).toEqual([...paths, paths[0], paths[1]]);
});

it('[D3] [L13] a wait for an address that is taken out of the settings ends; one that the next has asked for does not', async () => {
  rig = new LinkRig(at([A, B]));
  rig.net.newest.end(tooMany(600_000));
  await rig.clock.advance(200);
  rig.net.newest.end(tooMany(900_000));
  rig.link.configure(at([B]));
  await rig.clock.advance(60_000);
  expect(dialled()).toEqual([A, B]);
  rig.link.configure(at(['ws://c.example/', B]));
  expect(dialled()).toEqual([A, B]);
  rig.link.configure(at(['ws://c.example/']));
  expect(dialled()).toEqual([A, B, 'ws://c.example/']);
});

it('[D3] [L6] another main address does not cut short what was asked at the one that is dialled', async () => {
  rig = new LinkRig(at([A, B]));
  rig.net.newest.end(REFUSED);
  await rig.clock.advance(200);
  rig.net.newest.end(tooMany(600_000));
  await rig.clock.advance(200);
  // Back at A, which has asked for nothing.
  rig.net.newest.end(tooMany(900_000));
  expect(rig.view().about.routes.find(({ inUse }) => inUse)?.url).toBe(B);
  rig.link.configure(at(['ws://c.example/', B]));
  await rig.clock.advance(10_000);
  expect(dialled()).toEqual([A, B, A]);
});
