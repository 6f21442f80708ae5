import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import type { DownReason } from '../../../src/shared/linkState.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const A = 'ws://a.example/';
const B = 'ws://b.example/';
const REFUSED: DownReason = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' };
const NO_KEY: DownReason = { kind: 'http', status: 401, retryAfterMs: null };
const EXPIRED: DownReason = { kind: 'tls', code: 'CERT_HAS_EXPIRED', message: 'expired' };
const tooMany = (retryAfterMs: number | null): DownReason => ({ kind: 'http', status: 429, retryAfterMs });

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
  rig.link.configure(at(['ws://c.example/']));
  expect(dialled()).toEqual([A, B, 'ws://c.example/']);
});

it.each(['waits for another', 'is being dialled', 'waits in the queue of another'])(
  '[D3] [L6] [L13] the only address that stays is not dialled before it may be, though the link %s',
  async (what) => {
    const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { dials: 1, dials_window_secs: 20 } });
    rig = new LinkRig(at([A, B], what.startsWith('waits in') ? { preset } : {}));
    rig.net.newest.end(REFUSED);
    await rig.clock.advance(200);
    expect(dialled()).toEqual([A, B]);
    rig.net.newest.end(tooMany(600_000));
    if (what === 'waits for another') {
      await rig.clock.advance(300);
      rig.net.newest.end(tooMany(null));
    } else await rig.clock.advance(300);
    const before = dialled().length;
    rig.link.configure(at([B]));
    expect(rig.view().state).toMatchObject({ kind: 'waiting', reason: { kind: 'http', status: 429 } });
    rig.link.wake();
    await rig.clock.advance(598_000);
    expect(dialled()).toHaveLength(before);
    await rig.clock.advance(2_000);
    expect(dialled().slice(before)).toEqual([B]);
  },
);

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
  expect(new Set(dialled().slice(3))).toEqual(new Set(['ws://c.example/']));
});

/** Lets time pass; each dial that has not ended is answered by its address, `null`: it is let in. Answers what was dialled when, s. */
async function play(seconds: number, answer: (url: string) => DownReason | null): Promise<string[]> {
  const from = rig.clock.now();
  const known = new Set(rig.net.sockets.filter(({ pingCount }) => pingCount > 0));
  const dials: string[] = [];
  const look = (): void => {
    for (const socket of rig.net.sockets) {
      if (known.has(socket) || socket.isCut) continue;
      known.add(socket);
      dials.push(`${socket.target.url} ${Math.round((rig.clock.now() - from) / 1_000)}`);
      const reason = answer(socket.target.url);
      if (reason === null) socket.open();
      else socket.end(reason);
    }
    for (const socket of rig.net.open) socket.answer();
  };
  look();
  for (let passed = 0; passed < seconds * 1_000; passed += 50) {
    await rig.clock.advance(50);
    look();
  }
  return dials;
}
const count = (dials: readonly string[], url: string) => dials.filter((one) => one.startsWith(`${url} `)).length;

it.each<[string, DownReason]>([
  ['it does not know', { kind: 'http', status: 404, retryAfterMs: null }],
  ['that sends it elsewhere', { kind: 'http', status: 301, retryAfterMs: null }],
  ['whose certificate has expired', EXPIRED],
  ['that broke the protocol', { kind: 'protocol', code: 1002, message: 'x' }],
  ['that limits the rate', tooMany(null)],
])('[L13] [L18] a link does not wait for an address %s while it has another', async (_what, reason) => {
  rig = new LinkRig(at([A, B]));
  await play(5, (url) => (url === A ? reason : null));
  expect(rig.state).toBe('up');
  expect(dialled().slice(0, 2)).toEqual([A, B]);
  expect(rig.view().state).toMatchObject({ since: rig.clock.now() - 4_900 });
});

it.each<[string, DownReason, number]>([
  ['does not know the link', { kind: 'http', status: 404, retryAfterMs: null }, 30],
  ['has an expired certificate', EXPIRED, 300],
  ['limits the rate', tooMany(null), 30],
])('[L13] [L18] where each address %s, none is dialled before its time', async (_what, reason, everySecs) => {
  rig = new LinkRig(at([A, B]));
  const dials = await play(10 * everySecs, () => reason);
  for (const url of [A, B]) {
    const times = dials.filter((one) => one.startsWith(url)).map((one) => Number(one.split(' ')[1]));
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(everySecs);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * everySecs + 1);
  }
});

it('[L13] [L6] two addresses of a host that limits the rate are one to it', async () => {
  rig = new LinkRig(at(['ws://a.example/1', 'ws://a.example/2']));
  const dials = await play(25, () => tooMany(null));
  expect(dials).toHaveLength(1);
});

it.each<[string, DownReason]>([
  ['a slot that is taken', { kind: 'told', class: 'slot', text: 'x' }],
  ['another session in its place', { kind: 'told', class: 'evicted', text: 'x' }],
])('[L13] [L18] %s is waited for at every address', async (_what, reason) => {
  rig = new LinkRig(at([A, B]));
  const dials = await play(9, () => reason);
  expect(dials).toHaveLength(1);
});

it('[L13] [L18] a person who changes the settings ends the wait for an address with a fault', async () => {
  rig = new LinkRig(at([A, B]));
  await play(60, () => EXPIRED);
  const before = dialled().length;
  rig.link.configure(at([A, B], { ca: 'pem' }));
  await play(1, () => EXPIRED);
  expect(new Set(dialled().slice(before))).toEqual(new Set([A, B]));
});

it('[L13] [L18] an address that once refused the credentials is tried when the venue has let the link in since', async () => {
  const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { sockets: 1 } });
  rig = new LinkRig(at([A, B], { preset }));
  await play(60, () => null);
  rig.net.newest.end(REFUSED);
  await play(60, (url) => (url === B ? NO_KEY : null));
  expect(dialled()).toEqual([A, B, A]);
  rig.net.newest.end(REFUSED);
  await play(60, (url) => (url === A ? REFUSED : null));
  expect(dialled().slice(3)).toEqual([B]);
});

it('[L13] [L18] an address that let its measuring socket in refuses nothing, where the venue answers no ping', async () => {
  const preset = PresetSchema.parse({ ...PLAIN_PRESET, ping: { kind: 'none' } });
  rig = new LinkRig(at([A, B], { preset, policy: { rotateAfterMs: 20_000 } }));
  let first = true;
  await play(60, (url) => {
    if (url !== B || !first) return null;
    first = false;
    return NO_KEY;
  });
  const before = dialled().length;
  rig.net.sockets[rig.view().about.generation - 1]?.end(REFUSED);
  const dials = await play(60, (url) => (url === A ? REFUSED : null));
  expect(dialled()[before]).toBe(B);
  expect(count(dials, A)).toBeLessThan(10);
});

it('[L13] [L18] one that refuses is asked again every 5 minutes while no other can be had, and no link stops for it', async () => {
  await measured(NO_KEY);
  rig.net.sockets[0]?.end(REFUSED);
  const dials = await play(1_500, (url) => (url === B ? NO_KEY : REFUSED));
  expect(count(dials, B)).toBeGreaterThanOrEqual(4);
  expect(count(dials, B)).toBeLessThanOrEqual(5);
  expect(rig.state).not.toBe('failed');
  await play(400, (url) => (url === A ? REFUSED : null));
  expect(rig.state).toBe('up');
});

it('[L13] [L18] one that refused long ago is no place to go to after a first loss', async () => {
  await measured(NO_KEY);
  await allAnswer(600_000);
  rig.net.sockets[0]?.end(REFUSED);
  await rig.clock.advance(200);
  expect(dialled()).toEqual([A, B, A]);
});

it('[L13] a person who closes the breaker of a link that is up has its other addresses measured at once', async () => {
  await measured(REFUSED);
  rig.link.setBreaker(false);
  expect(dialled()).toEqual([A, B, B]);
});

it('[L13] [L18] logins that are refused after the socket opened stop the link once every address has refused', async () => {
  rig = new LinkRig(at([A, B], { preset: JSON_PRESET, subscriptions: [subscription('BTC')] }));
  for (let tries = 0; tries < 2; tries += 1) {
    rig.net.newest.open();
    rig.net.newest.end({ kind: 'told', class: 'credentials', text: 'no such key' });
    await rig.clock.advance(1_000);
  }
  expect(dialled()).toEqual([A, B]);
  expect(rig.state).toBe('failed');
});

it.each(['pauses and resumes it', 'opens and closes its breaker'])(
  '[L13] [L18] what an address refused is over when a person %s',
  async (what) => {
    rig = new LinkRig(at([A, B]));
    await play(1, (url) => (url === A ? NO_KEY : REFUSED));
    const before = dialled().length;
    if (what.startsWith('pauses')) {
      rig.link.configure(at([A, B], { enabled: false }));
      rig.link.configure(at([A, B]));
    } else {
      rig.link.setBreaker(true);
      rig.link.setBreaker(false);
    }
    await play(1, () => REFUSED);
    expect(new Set(dialled().slice(before))).toEqual(new Set([A, B]));
  },
);

it('[L13] [L18] one that refuses is asked again every 5 minutes while the other is banned for longer', async () => {
  await measured(NO_KEY);
  rig.net.sockets[0]?.end({ kind: 'http', status: 418, retryAfterMs: 7_200_000 });
  const dials = await play(7_250, (url) => (url === B ? NO_KEY : REFUSED));
  const before = dials.filter((dial) => Number(dial.split(' ')[1]) < 7_000);
  expect(count(before, A)).toBe(0);
  expect(count(before, B)).toBeGreaterThanOrEqual(21);
  expect(count(before, B)).toBeLessThanOrEqual(24);
  expect(count(dials, A)).toBeGreaterThan(0);
  expect(rig.state).not.toBe('failed');
});
