import { afterEach, expect, it } from 'vitest';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

const RULE = { url: 'https://api.example/bullet', field: 'data.token', endpoint: 'data.servers.0.endpoint' };
const preset = PresetSchema.parse({ ...PLAIN_PRESET, token: RULE });
const dialUrl = 'wss://venue.example/?token={token}&connectId=ww';
const config = linkConfig({ preset, url: dialUrl, dialUrl, routes: [{ url: dialUrl, dialUrl }] });

let rig: LinkRig;
afterEach(() => rig.end());

const asked: string[] = [];
let answer: (text: string) => void;
let refuse: (why: Error) => void;
function start(): void {
  asked.length = 0;
  rig = new LinkRig(config, undefined, (url, method) => {
    asked.push(`${method} ${url}`);
    return new Promise((resolve, reject) => {
      answer = resolve;
      refuse = reject;
    });
  });
}
const state = () => rig.link.figures.view().state;
/** What was promised has been told to whom it concerns. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('[L10] a venue that wants a token in the address is asked for one before every dial, and may name its server', async () => {
  start();
  expect(state()).toMatchObject({ kind: 'connecting', phase: 'token' });
  expect(rig.net.sockets).toHaveLength(0);
  answer('{"data":{"token":"a b&c","servers":[{"endpoint":"wss://other.example/endpoint"}]}}');
  await settled();
  expect(rig.net.newest.target.url).toBe('wss://other.example/endpoint?token=a%20b%26c&connectId=ww');
  // The address that people see has no token.
  rig.net.newest.open();
  expect(JSON.stringify(rig.link.figures.view())).not.toContain('a%20b');
  rig.net.newest.end({ kind: 'cut', code: 'ECONNRESET' });
  await rig.clock.advance(150);
  expect(asked).toEqual(['POST https://api.example/bullet', 'POST https://api.example/bullet']);
});

it('[L10] without a token the link waits and tries again, and says who gave none', async () => {
  start();
  answer('{"code":"400"}');
  await settled();
  const host = 'api.example';
  expect(state()).toMatchObject({ kind: 'waiting', reason: { kind: 'token', host, message: 'its answer has none' } });
  await rig.clock.advance(150);
  refuse(new Error('answers HTTP 503'));
  await settled();
  expect(state()).toMatchObject({
    kind: 'waiting',
    attempt: 3,
    reason: { kind: 'token', message: 'answers HTTP 503' },
  });
  expect(rig.net.sockets).toHaveLength(0);
});

it('[L10] a token that comes too late dials nothing; one for a server that is less safe is used on our own', async () => {
  start();
  await rig.clock.advance(5_000);
  expect(state()).toMatchObject({ kind: 'waiting', reason: { kind: 'dial-timeout', phase: 'token' } });
  answer('{"data":{"token":"late"}}');
  await settled();
  expect(rig.net.sockets).toHaveLength(0);
  await rig.clock.advance(150);
  answer('{"data":{"token":"t","servers":[{"endpoint":"ws://plain.example/"}]}}');
  await settled();
  expect(rig.net.newest.target.url).toBe('wss://venue.example/?token=t&connectId=ww');
});
