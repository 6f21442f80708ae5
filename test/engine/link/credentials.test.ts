import { afterEach, expect, it } from 'vitest';
import { fillHeaders, SecretMask } from '../../../src/main/engine/link/credentials.ts';
import { wallMs } from '../../../src/shared/units.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

const SECRET = ' ab+/cd "é"==\n';

it.each([
  ['as it was given', SECRET],
  ['as a header sends it', SECRET.trim()],
  ['inside a JSON text', JSON.stringify(SECRET)],
  ['in an address', `wss://venue/?key=${encodeURIComponent(SECRET)}`],
  ['in an address, trimmed', `wss://venue/?key=${encodeURIComponent(SECRET.trim())}`],
  ['in an address that only escapes what it must', `wss://venue/?key=${encodeURI(SECRET.trim())}`],
  ['as a form sends it', new URLSearchParams({ key: SECRET.trim() }).toString()],
])('[L10] a secret is hidden %s', (_, told) => {
  const mask = new SecretMask(() => SECRET);
  fillHeaders({ 'X-Key': '{secret:KEY}' }, mask.read, wallMs(0));
  const { text } = mask.clean({ text: told });
  expect(text).toContain('•••');
  for (const part of ['ab', 'cd', 'ab+/cd', 'ab%2B%2Fcd']) expect(text).not.toContain(part);
});

it('[L10] what is left of a secret of spaces hides nothing', () => {
  const mask = new SecretMask(() => '    a    ');
  mask.read('KEY');
  expect(mask.clean('a venue that says a word')).toBe('a venue that says a word');
});

it('[L10] of a key in clear a short value is hidden only beside its name: alone it may be any word', () => {
  const mask = new SecretMask(() => null);
  mask.hide(['wss://venue/?key=demo&token=sorrow&sig=a1b2c3d4%3D']);
  expect(
    mask.clean(['demo-tokyo', 'wss://venue/?key=demo', 'no sorrow', 'token=sorrow', 'got a1b2c3d4= and a1b2c3d4%3D']),
  ).toEqual(['demo-tokyo', 'wss://venue/?key=•••', 'no sorrow', 'token=•••', 'got ••• and •••']);
});

it('[L10] of a login in clear a word is hidden in that message only: what another link says may hold it', () => {
  const mask = new SecretMask(() => null);
  const login = '{"op":"login","args":[{"apiKey":"a1b2c3d4","timestamp":"1699"},"spot","swordfish"]}';
  mask.hide([login]);
  expect(mask.clean([login, '{"timestamp":169,"market":"spot"}', 'no a1b2c3d4 here'])).toEqual([
    '{"op":"login","args":[{"apiKey":"•••","timestamp":"•••"},"•••","•••"]}',
    '{"timestamp":169,"market":"spot"}',
    'no ••• here',
  ]);
});

it('[L10] of a login of one line each word that is no plain one is hidden alone, too', () => {
  const mask = new SecretMask(() => null);
  mask.hide(['LOGIN bob a1b2c3d4', '{"action":"auth","params":"s3cr3tK3Y"}']);
  expect(mask.clean(['no bob', 'a1b2c3d4 is wrong', 'LOGIN bob a1b2c3d4', 'unknown s3cr3tK3Y'])).toEqual([
    'no bob',
    '••• is wrong',
    'LOGIN •••',
    'unknown •••',
  ]);
});

it('[L10] of a secret that begins as another one does nothing is left', () => {
  const secrets: Record<string, string> = { SHORT: 'a1b2c3d4', LONG: 'a1b2c3d4_9f8e7d6c5b4a3210' };
  const mask = new SecretMask((name) => secrets[name] ?? null);
  mask.read('SHORT');
  mask.read('LONG');
  expect(mask.clean('token=a1b2c3d4_9f8e7d6c5b4a3210&key=a1b2c3d4')).toBe('token=•••&key=•••');
});

it.each([
  ['no a1b2c3d4_9f8e7d6c5b4a321', 'no •••'],
  ['no a1b2c3d4', 'no •••'],
  ['no a1b2c3d', 'no a1b2c3d'],
  ['no a1b2c3d4_9f8e7d6c5b4a3210, a1b2c3d4_9f', 'no •••, •••'],
  ['dialled wss://venue/?v=1&', 'dialled wss://venue/?v=1&'],
  ['dialled wss://venue/?v=1&token=', 'dialled wss://venue/?v=1&token='],
  ['dialled wss://venue/?v=1&token=hal', 'dialled wss://venue/?v=1&token=•••'],
])(
  '[L10] of a text that ends within a secret, eight characters of it or more, nothing of it is left: %s',
  (told, shown) => {
    const mask = new SecretMask(() => 'a1b2c3d4_9f8e7d6c5b4a3210');
    mask.read('KEY');
    mask.hide(['wss://venue/?v=1&token=halibut&x=y']);
    expect(mask.clean(told)).toBe(shown);
  },
);

let rig: LinkRig | null = null;
afterEach(() => {
  rig?.end();
  rig = null;
});

const KEY = 'k"3 y&/=+ö';

it('[L10] a secret in an address is one part of it, whatever bytes it has', async () => {
  const url = 'wss://venue.example/?token={secret:KEY}&sign={hmac-sha256-base64:KEY:{now_s}}&v=1';
  rig = new LinkRig(linkConfig({ url, dialUrl: url, policy: { initialReconnectDelayMs: 100 } }));
  // Without the secret nothing was dialled; with it the next try is.
  rig.secrets = { KEY };
  await rig.clock.advance(0);
  rig.link.reconnect('hard');
  const dialled = new URL(rig.net.newest.target.url);
  expect(dialled.searchParams.get('token')).toBe(KEY);
  expect(dialled.searchParams.get('sign')).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(dialled.searchParams.get('v')).toBe('1');
});

it('[L10] what is told to others has no secret in it, nor one as it stands in an address', () => {
  const mask = new SecretMask(() => KEY);
  mask.read('KEY');
  const told = mask.clean({ at: `wss://venue.example/?token=${encodeURIComponent(KEY)}`, plain: KEY });
  expect(told).toEqual({ at: 'wss://venue.example/?token=•••', plain: '•••' });
});
