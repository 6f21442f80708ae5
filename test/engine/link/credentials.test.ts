import { afterEach, expect, it } from 'vitest';
import { SecretMask } from '../../../src/main/engine/link/credentials.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig | null = null;
afterEach(() => {
  rig?.end();
  rig = null;
});

const SECRET = 'k"3 y&/=+ö';

it('[L10] a secret in an address is one part of it, whatever bytes it has', async () => {
  const url = 'wss://venue.example/?token={secret:KEY}&sign={hmac-sha256-base64:KEY:{now_s}}&v=1';
  rig = new LinkRig(linkConfig({ url, dialUrl: url, policy: { initialReconnectDelayMs: 100 } }));
  // Without the secret nothing was dialled; with it the next try is.
  rig.secrets = { KEY: SECRET };
  await rig.clock.advance(0);
  rig.link.reconnect('hard');
  const dialled = new URL(rig.net.newest.target.url);
  expect(dialled.searchParams.get('token')).toBe(SECRET);
  expect(dialled.searchParams.get('sign')).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(dialled.searchParams.get('v')).toBe('1');
});

it('[L10] what is told to others has no secret in it, nor one as it stands in an address', () => {
  const mask = new SecretMask(() => SECRET);
  mask.read('KEY');
  const told = mask.clean({ at: `wss://venue.example/?token=${encodeURIComponent(SECRET)}`, plain: SECRET });
  expect(told).toEqual({ at: 'wss://venue.example/?token=•••', plain: '•••' });
});
