import { constants, createHmac, generateKeyPairSync, verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import { PLAIN_PRESET, type Preset, PresetSchema } from '../../src/shared/preset.ts';
import { presetCards } from '../../src/shared/presetCard.ts';
import { linkConfig } from '../support/linkConfig.ts';
import { GymRig } from './rig.ts';
import { type Door, GymVenue } from './venue.ts';

/** Venues that want a key, or a signature, in the headers of the upgrade. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KALSHI = builtInPresets().get('kalshi') as Preset;
const KEY_ID = 'a952bcbe-ec3b-4b5b-b8f9-11dae589608c';

let rig: GymRig;
let venue: GymVenue;
let asked: IncomingHttpHeaders[];
beforeEach(async () => {
  rig = new GymRig();
  venue = await GymVenue.open();
  asked = [];
  venue.doorFor = ({ headers }): Door => {
    asked.push(headers);
    return { kind: 'open' };
  };
});
afterEach(async () => {
  await rig.stop();
  await venue.close();
});

const run = (preset: Preset) => rig.run(linkConfig({ url: venue.url, dialUrl: venue.url, preset }));

/** True if Kalshi would let these headers in. */
function isSigned(headers: IncomingHttpHeaders | undefined): boolean {
  const text = `${headers?.['kalshi-access-timestamp']}GET/trade-api/ws/v2`;
  const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return verify('sha256', Buffer.from(text), key, Buffer.from(`${headers?.['kalshi-access-signature']}`, 'base64'));
}

it.each([
  ['as it is in the file', PEM],
  ['with its line breaks written as \\n', PEM.trim().replaceAll('\n', '\\n')],
])('[L10] each dial to Kalshi is signed anew by RSA-PSS with the key %s', async (_how, key) => {
  rig.secrets = { KALSHI_KEY_ID: KEY_ID, KALSHI_PRIVATE_KEY: key };
  await run(KALSHI);
  await rig.up('venue', 1);
  await rig.pass(1_000);
  venue.newest.socket.destroy();
  await rig.up('venue', 2);
  const times = asked.map((headers) => Number(headers['kalshi-access-timestamp']));
  expect(asked.map(isSigned)).toEqual([true, true]);
  expect(asked[0]).toMatchObject({ 'kalshi-access-key': KEY_ID });
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000);
  expect(Math.abs((times[1] ?? 0) - rig.clock.wall())).toBeLessThan(1_000);
  expect(isSigned({ ...asked[0], 'kalshi-access-timestamp': '1' })).toBe(false);
});

it('[L10] neither the key nor a signature is in what any reader is told, whatever becomes of the dial', async () => {
  rig.secrets = { KALSHI_KEY_ID: KEY_ID, KALSHI_PRIVATE_KEY: PEM };
  const told: unknown[] = [];
  rig.engine.control({ link: 'venue' }, (frame) => told.push(frame));
  venue.doorFor = ({ headers }): Door => {
    asked.push(headers);
    return asked.length === 1
      ? { kind: 'status', status: 503, headers: { location: `${headers['kalshi-access-signature']}` } }
      : { kind: 'open' };
  };
  await run(KALSHI);
  await rig.up('venue', 2);
  await rig.pass(5_000);
  const all = JSON.stringify([rig.events, rig.snapshot, told]);
  for (const headers of asked) expect(all).not.toContain(headers['kalshi-access-signature']);
  for (const secret of [KEY_ID, PEM.split('\n')[1] ?? PEM, 'PRIVATE KEY']) expect(all).not.toContain(secret);
});

it.each([
  ['is missing', {}, /no credential called KALSHI_PRIVATE_KEY/],
  ['is no key', { KALSHI_PRIVATE_KEY: 'hunter2hunter2' }, /KALSHI_PRIVATE_KEY is no private key/],
  [
    'is a public one',
    { KALSHI_PRIVATE_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    /no private/,
  ],
])('[L10] a private key that %s stops the link with its name and without a dial', async (_what, secrets, words) => {
  rig.secrets = { KALSHI_KEY_ID: KEY_ID, ...secrets };
  await run(KALSHI);
  await rig.until(() => rig.link().state.kind === 'failed', 'failed', 1_000);
  expect(JSON.stringify(rig.link().state)).toMatch(words);
  expect(JSON.stringify(rig.events)).not.toContain('hunter2');
  expect(venue.upgrades).toBe(0);
  await rig.pass(60_000);
  expect(venue.upgrades).toBe(0);
});

it('[L10] a signature by HMAC and a plain key are written as they are; other venues get no headers', async () => {
  rig.secrets = { KEY: 'a"b\\c', SECRET: 's3cret' };
  const headers = { 'X-Key': '{secret:KEY}', 'X-Sign': '{hmac-sha256-hex:SECRET:{now_s}}', 'X-Time': '{now_s}' };
  await run(PresetSchema.parse({ ...PLAIN_PRESET, headers }));
  await rig.up();
  const time = `${asked[0]?.['x-time']}`;
  expect(asked[0]).toMatchObject({
    'x-key': 'a"b\\c',
    'x-sign': createHmac('sha256', 's3cret').update(time).digest('hex'),
  });
  await run(PLAIN_PRESET);
  await rig.until(() => asked.length === 2, 'dialled anew');
  expect(Object.keys(asked[1] ?? {}).filter((name) => name.startsWith('x-'))).toEqual([]);
});

it('[L10] the headers do not follow a redirect', async () => {
  rig.secrets = { KALSHI_KEY_ID: KEY_ID, KALSHI_PRIVATE_KEY: PEM };
  const elsewhere = await GymVenue.open();
  venue.door = { kind: 'status', status: 302, headers: { location: elsewhere.url } };
  venue.doorFor = null;
  await run(KALSHI);
  await rig.verdict('settings fault');
  expect(elsewhere.upgrades).toBe(0);
  await elsewhere.close();
});

it('[C3] [L10] the wizard names the credentials of the headers, and a header must have the name of one', () => {
  const card = presetCards(new Map([['kalshi', KALSHI]]), (name) => name === 'KALSHI_KEY_ID')[0];
  expect(card?.secrets).toEqual([
    { name: 'KALSHI_KEY_ID', isSet: true },
    { name: 'KALSHI_PRIVATE_KEY', isSet: false },
  ]);
  expect(PresetSchema.safeParse({ ...PLAIN_PRESET, headers: { 'X Key': 'a' } }).success).toBe(false);
  expect(PresetSchema.safeParse({ ...PLAIN_PRESET, headers: { 'X-Key\r\nHost': 'a' } }).success).toBe(false);
});
