import { request } from 'node:http';
import { resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HeadlessHost, startHeadless } from '../../src/main/hosts/headless.ts';
import { isOwnPeer } from '../../src/main/hosts/peer.ts';
import { FakeClock } from '../support/fakeClock.ts';

const TOKEN = 'right-token';
let clock: FakeClock;
let host: HeadlessHost;
let isOwn: typeof isOwnPeer;
beforeEach(async () => {
  clock = new FakeClock();
  isOwn = isOwnPeer;
  const pageFolder = resolve(import.meta.dirname, '../../src/renderer');
  const started = await startHeadless({ port: 0, token: TOKEN, pageFolder, clock, isOwn: (peer) => isOwn(peer) });
  if (!started.ok) throw new Error(started.problem.message);
  host = started.value;
});
afterEach(() => host.stop());

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** Not `fetch`, which sets Host and the headers of a browser by itself. */
function open(address: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((answered, reject) => {
    request(address, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => answered({ status: response.statusCode ?? 0, body, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}

const NAVIGATION = { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };

it('[G4] the address for the browser has 256 random bits and no token; it hands the token over once', async () => {
  const address = host.openingAddress();
  expect(address).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${host.port}/open/[0-9a-f]{64}$`));
  expect(address).not.toContain(TOKEN);
  const first = await open(address, NAVIGATION);
  expect(first.status).toBe(200);
  expect(first.body).toContain(`sessionStorage.setItem("warmwire.token", "${TOKEN}")`);
  const policy = String(first.headers['content-security-policy']);
  const nonce = /<script nonce="([^"]{20,})">/.exec(first.body)?.[1];
  expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-/);
  expect(policy).toContain(`'nonce-${nonce}'`);
  expect(policy).toContain("frame-ancestors 'none'");
  for (const answer of [first, await open(address, NAVIGATION)]) {
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  }
  const again = await open(address);
  expect(again.status).toBe(410);
  expect(again.body).toMatch(/has been used, or is too old.*works once.*#token=….*end Warmwire/s);
  expect(again.body).toMatch(
    /another account .* may have used.*WARMWIRE_TOKEN<\/code> of your own must be another one/s,
  );
  expect(again.body).not.toContain(TOKEN);
});

it('[G4] another account that reads the address in a command line and comes first gets no token by it, which the browser is told', async () => {
  const address = host.openingAddress();
  isOwn = () => false;
  const theirs = await open(address);
  expect([theirs.status, theirs.body]).toEqual([403, expect.not.stringContaining(TOKEN)]);
  isOwn = () => true;
  const ours = await open(address, NAVIGATION);
  expect(ours.status).toBe(410);
  expect(ours.body).toMatch(/#token=….*Another account .* was turned away, and has no token/s);
  expect((await open(host.openingAddress(), NAVIGATION)).status).toBe(200);
  expect((await open(address)).body).not.toContain('turned away');
});

it('[G4] after a minute the address opens nothing, nor does one that came before another', async () => {
  const slow = host.openingAddress();
  await clock.advance(60_000);
  expect((await open(slow)).status).toBe(200);
  const late = host.openingAddress();
  await clock.advance(60_001);
  expect((await open(late)).status).toBe(410);
  const old = host.openingAddress();
  const last = host.openingAddress();
  expect([(await open(old)).status, (await open(last)).status]).toEqual([410, 200]);
});

it('[G4] a code that was not made opens nothing and uses nothing up', async () => {
  const address = host.openingAddress();
  const base = address.slice(0, address.lastIndexOf('/') + 1);
  for (const code of [
    '',
    'x',
    'f'.repeat(64),
    `${address.slice(base.length)}0`,
    '%00',
    encodeURIComponent('é'.repeat(32)),
  ]) {
    const answer = await open(base + code);
    expect([404, 410], code).toContain(answer.status);
    expect(answer.body).not.toContain(TOKEN);
  }
  expect((await open(address)).status).toBe(200);
});

it.each<[string, Record<string, string>, string?]>([
  ['by a foreign name', { host: 'evil.example' }],
  ['by another page', { 'sec-fetch-site': 'cross-site' }],
  ['by another server of this machine', { 'sec-fetch-site': 'same-site' }],
  ['by a script of another page', { origin: 'https://evil.example' }],
  ['in a frame', { ...NAVIGATION, 'sec-fetch-dest': 'iframe' }],
  ['ahead of a person', { ...NAVIGATION, 'sec-purpose': 'prefetch;prerender' }],
  ['by HEAD', {}, 'HEAD'],
  ['by POST', {}, 'POST'],
])('[G4] it is not opened %s, and is not used up by that', async (_, headers, method) => {
  const address = host.openingAddress();
  const refused = await open(address, headers, method);
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.body).not.toContain(TOKEN);
  expect((await open(address, NAVIGATION)).status).toBe(200);
});
