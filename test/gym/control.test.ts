import net from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ControlFrame, nextControl } from '../../src/shared/controlFrame.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription, TEXT_PRESET } from '../support/linkConfig.ts';
import { GymRig } from './rig.ts';
import { JsonTalk } from './scripts.ts';
import { GymVenue } from './venue.ts';

let rig: GymRig;
let venue: GymVenue;
let frames: readonly ControlFrame[];
beforeEach(async () => {
  rig = new GymRig();
  venue = await GymVenue.open();
  frames = [];
});
afterEach(async () => {
  await rig.stop();
  await venue.close();
});

async function watch(change: Partial<LinkConfig>): Promise<void> {
  const url = venue.url;
  await rig.run(linkConfig({ url, dialUrl: url, routes: [{ url, dialUrl: url }], ...change }));
  rig.engine.control({ link: 'venue' }, (update) => {
    frames = nextControl(frames, update);
  });
}

const lines = (): string[] =>
  frames.map(({ direction, kind, bytes }) => `${direction === 'sent' ? '>' : '<'} ${kind} ${bytes}`);
const only = (kind: ControlFrame['kind']): ControlFrame[] => frames.filter((frame) => frame.kind === kind);

it('[L2] the inspector shows protocol pings with their pongs, the venue’s own with our answers, and how it closed', async () => {
  await watch({});
  await rig.until(() => only('pong').some(({ rttMs }) => rttMs !== null), 'a pong');
  const [ping] = only('ping');
  const pong = only('pong').find(({ rttMs }) => rttMs !== null);
  expect(ping).toMatchObject({ direction: 'sent', carrier: 'protocol', generation: 1 });
  expect(pong).toMatchObject({ direction: 'received', carrier: 'protocol', notes: [] });
  expect(pong?.bytes).toBe(ping?.bytes);
  expect(pong?.rttMs).toBeCloseTo((pong?.wall ?? 0) - (ping?.wall ?? 0), 3);
  const payload = Buffer.from([0, 7, 255]);
  venue.newest.ws.ping(payload);
  await rig.until(() => only('ping').some(({ direction }) => direction === 'received'), 'the ping of the venue');
  expect(lines().filter((line) => line.endsWith(payload.toString('latin1')))).toEqual([
    `< ping ${payload.toString('latin1')}`,
    `> pong ${payload.toString('latin1')}`,
  ]);
  venue.newest.ws.close(1012, 'service restart');
  await rig.until(() => only('close').length > 0, 'the close');
  expect(only('close')[0]).toMatchObject({ direction: 'received', bytes: '\u0003\u00f4service restart', size: 17 });
});

it('[L2] [L9] in a JSON dialect it shows ids, subscriptions and acks, the venue’s ping byte for byte, and one row of heartbeats', async () => {
  new JsonTalk(rig, venue).everyMs = 10;
  await watch({ preset: JSON_PRESET, subscriptions: [subscription('BTC')], expectsData: true });
  await rig.until(() => only('pong').length > 0, 'a pong');
  expect(lines()).toContain('> subscribe {"op":"sub","s":"BTC","id":1}');
  expect(lines()).toContain('< ack {"op":"subscribed","id":1}');
  expect(lines()).toContain('> ping {"op":"ping","id":2}');
  expect(lines()).toContain('< pong {"op":"pong","id":2}');
  const guest = venue.newest.ws;
  guest.send('{"ping":12345678901234567890.10}');
  for (let i = 0; i < 5; i += 1) guest.send('{"op":"heartbeat"}');
  guest.send('{"op":"error","id":99}');
  await rig.until(() => only('refusal').length > 0, 'the refusal');
  expect(lines()).toContain('< ping {"ping":12345678901234567890.10}');
  expect(lines()).toContain('> pong {"pong":12345678901234567890.10}');
  expect(only('heartbeat').map(({ count }) => count)).toEqual([5]);
  expect(lines().filter((line) => line.includes('"n":'))).toEqual([]);
  guest.send('{"op":"pong","id":77}');
  await rig.until(() => only('pong').some(({ notes }) => notes.includes('foreign')), 'the foreign pong');
});

it('[L2] in a text dialect the pongs have no ids, and one that may answer a missed ping or its probe measures neither', async () => {
  let answers = true;
  venue.onText = (guest, text) => {
    if (text === 'ping' && answers) guest.ws.send('pong');
  };
  await watch({ preset: TEXT_PRESET });
  await rig.until(() => only('pong').length >= 3, 'three pongs');
  expect(lines().slice(0, 4)).toEqual(['> ping ping', '< pong pong', '> ping ping', '< pong pong']);
  answers = false;
  await rig.until(() => rig.happenings('pong-missed').length > 0, 'a miss');
  const before = only('pong');
  expect(before.every(({ rttMs }) => rttMs !== null)).toBe(true);
  venue.newest.ws.send('pong');
  await rig.until(() => only('pong').length > before.length, 'one pong more');
  expect(only('pong').at(-1)).toMatchObject({ rttMs: null, notes: [] });
});

it('[L2] on a socket of lines they are lines, and its end is no close frame', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (String(chunk).includes('ping\n')) socket.write('pong\n');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  await watch({ preset: TEXT_PRESET, url, dialUrl: url, routes: [{ url, dialUrl: url }] });
  await rig.until(() => only('pong').length > 0, 'a pong');
  expect(frames.slice(0, 2)).toMatchObject([
    { direction: 'sent', kind: 'ping', carrier: 'line', bytes: 'ping' },
    { direction: 'received', kind: 'pong', carrier: 'line', bytes: 'pong' },
  ]);
  await rig.engine.reconnectLink({ link: 'venue', manner: 'graceful' });
  await rig.until(() => only('cut').length > 0, 'the end of the first socket');
  expect(only('cut')[0]).toMatchObject({ direction: 'sent', carrier: 'none', generation: 1 });
  expect(only('close')).toEqual([]);
  await rig.stop();
  server.close();
});

it('[L10] no login and no secret is in clear in the stream, wherever it stands in a message', async () => {
  rig.secrets = { VENUE_KEY: 'k3y-of-the-venue', VENUE_SECRET: 'très "secret"\nindeed' };
  const login =
    '{"op":"login","key":"{secret:VENUE_KEY}","pass":"{secret:VENUE_SECRET}","sign":"{hmac-sha256-hex:VENUE_SECRET:{now_s}}"}';
  const preset = PresetSchema.parse({ ...JSON_PRESET, login, greetings: ['"op":"hello"'] });
  await watch({ preset });
  let heard = '';
  venue.onText = (guest, text) => {
    if (!text.includes('"login"')) return;
    heard = text;
    guest.ws.send(`{"op":"hello","x":"${'y'.repeat(160)}","key":"k3y-of-the-venue"}`);
    guest.ws.send(`{"op":"error","msg":${text}}`);
    guest.ws.ping('k3y-of-the-venue');
  };
  await rig.until(() => only('refusal').length > 0 && only('message').length > 0, 'both answers');
  await rig.until(() => frames.some(({ direction, kind }) => direction === 'received' && kind === 'ping'), 'the ping');
  expect(heard).toContain('k3y-of-the-venue');
  expect(only('login')[0]?.bytes).toBe(login.slice(0, 200));
  expect(only('login')[0]?.bytes).not.toContain(JSON.parse(heard).sign);
  const everything = JSON.stringify(frames) + JSON.stringify(rig.events);
  const parts = ['k3y-of', 'of-the-venue', 'secret\\"', 'indeed', Buffer.from('très').toString('latin1')];
  for (const part of parts) expect(everything).not.toContain(part);
  expect(everything).toContain(Buffer.from('•••').toString('latin1'));
});

it.each([
  ['a close reason, which has room for 123 bytes', null, (login: string) => login.slice(0, 123)],
  ['its last word before it closes', (login: string) => `{"bye":1,"x":"${'y'.repeat(150)}",${login}`, () => ''],
])('[L10] nor the beginning of a secret where the venue’s repetition of it is cut: %s', async (_, said, reason) => {
  const secret = `s3${'cr3tOfTheVenue'.repeat(9)}`;
  rig.secrets = { VENUE_KEY: secret };
  const preset = PresetSchema.parse({
    ...JSON_PRESET,
    login: '{"op":"login","a":"b","key":"{secret:VENUE_KEY}"}',
    farewells: [{ match: '"bye"', class: 'slow', text: 'it is full' }],
  });
  await watch({ preset });
  venue.onText = (guest, text) => {
    if (!text.includes('"login"')) return;
    if (said !== null) guest.ws.send(said(text));
    guest.ws.close(4000, reason(text));
  };
  await rig.until(() => rig.link()?.state.kind === 'waiting', 'the next try');
  const everything = JSON.stringify([frames, rig.events, rig.snapshot]);
  expect(everything).not.toContain(secret.slice(0, 4));
  expect(everything).toContain('login');
});

it('[L10] nor is a key that the settings have in clear: in addresses, messages, answers and events', async () => {
  const url = `${venue.url}?token=t0p-of-the-h1ll%2F9&v=1`;
  const message = '{"op":"auth","passphrase":"three green walls","sig":"abc"}';
  const raw = { name: 'raw', channel: 'raw', symbol: '', unsubscribe: null, data: [], sequence: null, identity: null };
  const preset = PresetSchema.parse({ ...JSON_PRESET, greetings: ['"op":"hello"'] });
  venue.onText = (guest, text) => {
    if (!text.includes('"auth"')) return;
    guest.ws.send(`{"op":"hello","you":"t0p-of-the-h1ll/9","said":"three green walls"}`);
    guest.ws.send(`{"op":"error","msg":${text}}`);
    guest.ws.close(4000, 'no t0p-of-the-h1ll/9');
  };
  await watch({
    preset,
    url,
    dialUrl: url,
    routes: [{ url, dialUrl: url }],
    subscriptions: [{ ...raw, subscribe: message }],
  });
  await rig.until(() => only('close').length > 0, 'the close');
  await rig.until(() => rig.link()?.state.kind === 'waiting', 'the next try');
  const trials: unknown[] = [];
  const stop = rig.engine.trial(
    linkConfig({ name: 'trial', url, dialUrl: url, routes: [{ url, dialUrl: url }] }),
    (view) => trials.push(view),
  );
  await rig.until(() => trials.length > 1, 'a trial');
  stop();
  const everything = JSON.stringify([frames, rig.events, rig.snapshot, trials]);
  for (const part of ['t0p', 'h1ll', 'green', '"abc', 'sig\\":\\"abc']) expect(everything, part).not.toContain(part);
  expect(rig.link()?.about.url).toBe(`${venue.url}?token=•••&v=1`);
});

it('[L19] exchanges of the next socket follow in the same list, and a reader of another life of the link begins anew', async () => {
  await watch({});
  await rig.until(() => only('pong').length > 0, 'a pong');
  await rig.engine.reconnectLink({ link: 'venue', manner: 'hard' });
  await rig.until(
    () => frames.some(({ generation, kind }) => generation === 2 && kind === 'pong'),
    'the second socket',
  );
  expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, i) => i + 1));
  expect(only('cut')).toMatchObject([{ direction: 'sent', generation: 1, carrier: 'none' }]);
  await rig.run();
  await rig.until(() => frames.length === 0, 'an empty list');
  await rig.engine.configure({ links: [], pools: [], gateReopenMs: 5000, shutdownGraceMs: 1000 });
  const { url } = venue;
  await rig.run(linkConfig({ url, dialUrl: url, routes: [{ url, dialUrl: url }] }));
  await rig.until(() => only('pong').length > 0, 'a pong of the new link');
  expect(frames[0]).toMatchObject({ seq: 1, generation: 1 });
});

it('[L9] a thousand data frames leave the list as it was', async () => {
  const talk = new JsonTalk(rig, venue);
  talk.everyMs = 1;
  await watch({
    preset: JSON_PRESET,
    subscriptions: [subscription('BTC')],
    expectsData: true,
    policy: linkConfig({ policy: { warmupPings: 1 } }).policy,
  });
  await rig.until(() => only('pong').length > 0 && rig.link().counters.dataMessages > 0, 'a pong');
  await rig.pass(500);
  const before = frames;
  await rig.pass(1_000);
  expect(rig.link().counters.dataMessages).toBeGreaterThan(500);
  expect(frames).toBe(before);
});
