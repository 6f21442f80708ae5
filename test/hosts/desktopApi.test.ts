import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { desktopToken } from '../../src/main/hosts/apiToken.ts';
import { DesktopApi } from '../../src/main/hosts/desktopApi.ts';
import { ask, Listener, TOKEN } from '../api/apiServer.ts';
import { FakeEngine, fakeSource } from '../api/fakeEngine.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { freePort } from '../support/freePort.ts';
import { mustBeClosed } from '../support/leaks.ts';
import { until } from '../support/until.ts';

/** The desktop's own server as `[api]` of the settings changes. */
let api: DesktopApi;
let stop: () => void;
let folder: string;
let clock: FakeClock;
let token: () => Promise<string>;
const warnings: (string | null)[] = [];

beforeEach(() => {
  warnings.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'warmwire-token-'));
  clock = new FakeClock();
  token = async () => TOKEN;
  const source = fakeSource(new FakeEngine(clock), clock);
  stop = () => source.mirror.stop();
  api = new DesktopApi({
    source,
    clock,
    token: () => token(),
    warn: (message) => warnings.push(message),
    info: () => undefined,
  });
  mustBeClosed(
    'a desktop API',
    () => api.port !== null,
    () => void api.stop(),
  );
});
afterEach(async () => {
  await api.stop();
  stop();
  rmSync(folder, { recursive: true });
});

const refused = (port: number) => expect(ask(port, '/api/gate')).rejects.toThrow(/ECONNREFUSED/);

it('G2: off unless the settings say otherwise; on, off and another port take effect at once', async () => {
  await api.follow({});
  expect(api.port).toBe(null);
  const [first, second] = [await freePort(), await freePort()];
  await api.follow({ api: { port: first } });
  await refused(first);

  await api.follow({ api: { enabled: true, port: first } });
  expect((await ask(first, '/metrics')).status).toBe(200);
  const listener = await Listener.open(first, '/api/gate/stream');
  await api.follow({ api: { enabled: true, port: first }, log: { level: 'debug' } });
  expect(listener.ended).toBe(false);

  await api.follow({ api: { enabled: true, port: second } });
  await listener.until(() => listener.ended);
  await refused(first);
  expect((await ask(second, '/metrics')).status).toBe(200);

  await api.follow({ api: { enabled: false, port: second } });
  await refused(second);
  expect(warnings.filter((warning) => warning !== null)).toEqual([]);
});

it.each(['h2c', 'TLS/1.2', 'websocket'])('[G2] who asks to go on by %s is answered as others are', async (upgrade) => {
  const port = await freePort();
  await api.follow({ api: { enabled: true, port } });
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade, 'http2-settings': 'AAEAAEAAAAIAAAAB' };
  expect((await ask(port, '/metrics', { headers })).status).toBe(200);
  expect((await ask(port, '/metrics', { headers, token: null })).status).toBe(401);
});

/** A program that has the port that the settings name. */
async function portInUse() {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  return { other, port, settings: { api: { enabled: true, port } } };
}

it('G2: a port in use is a warning, and is tried again at once at the next change; everything else goes on', async () => {
  const { other, port, settings } = await portInUse();
  await api.follow(settings);
  expect(warnings.at(-1)).toMatch(new RegExp(`port ${port} is in use by another program; end that, or choose another`));
  expect(api.port).toBe(null);
  other.close();
  await once(other, 'close');
  await api.follow(settings);
  expect(warnings.at(-1)).toBe(null);
  expect((await ask(port, '/metrics')).status).toBe(200);
});

it('[G2] a port in use is tried again every 10 s, and said once', async () => {
  const { other, port, settings } = await portInUse();
  await api.follow(settings);
  const waits = clock.pending;
  await clock.advance(10_000);
  await until(() => expect(clock.pending, 'the next try').toBe(waits));
  expect(warnings).toHaveLength(1);
  other.close();
  await once(other, 'close');
  await clock.advance(10_000);
  await until(() => expect(api.port).toBe(port));
  expect(warnings).toEqual([expect.stringContaining('is in use'), null]);
});

it('[G2] so is a token whose disk was late, until the API is not wanted', async () => {
  let asked = 0;
  token = async () => {
    asked += 1;
    throw new Error('the disk of the token does not answer');
  };
  const settings = { api: { enabled: true, port: await freePort() } };
  await api.follow(settings);
  await clock.advance(10_000);
  await until(() => expect(asked).toBe(2));
  await api.follow({});
  await clock.advance(60_000);
  expect([asked, api.port, warnings.at(-1)]).toEqual([2, null, null]);
});

it('G2: changes that come faster than a server starts end at the last of them', async () => {
  const ports = [await freePort(), await freePort(), await freePort()];
  await Promise.all(ports.map((port) => api.follow({ api: { enabled: true, port } })));
  expect(api.port).toBe(ports[2]);
  for (const port of ports.slice(0, 2)) await refused(port);
  await Promise.all([api.follow({ api: { enabled: true, port: ports[0] as number } }), api.follow({})]);
  expect(api.port).toBe(null);
});

const LONG_MS = 30_000;
const tokenOf = (env: Record<string, string>) => desktopToken(folder, env, LONG_MS);

it('G2: the desktop’s token is the one of the environment, or a kept one that only its owner can read', async () => {
  const file = join(folder, 'api-token');
  expect(await tokenOf({ WARMWIRE_TOKEN: 'a-token-that-was-given' })).toBe('a-token-that-was-given');
  for (const none of ['too-short', 'no/token/that/a/page/could/send']) {
    await expect(tokenOf({ WARMWIRE_TOKEN: none })).rejects.toThrow(/^WARMWIRE_TOKEN (has 9 char|may hold only)/);
  }
  const made = await tokenOf({});
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(file, 'utf8')).toBe(`${made}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await tokenOf({ WARMWIRE_TOKEN: '' })).toBe(made);
  writeFileSync(file, '', { mode: 0o644 });
  chmodSync(file, 0o644);
  expect(await tokenOf({})).toMatch(/^[0-9a-f]{64}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it.each([
  ['is too short', 'my-own-token', /^the token in .*api-token has 12 char.*remove the file/],
  ['cannot be one', 'a token of words, which', /^the token in .*api-token may hold only letters/],
])('[G2] a kept token that %s is refused in words, not replaced: bots may have it', async (_, text, words) => {
  const file = join(folder, 'api-token');
  writeFileSync(file, `${text}\n`);
  await expect(tokenOf({})).rejects.toThrow(words);
  expect(readFileSync(file, 'utf8')).toBe(`${text}\n`);
  rmSync(file);
  mkdirSync(file);
  await expect(tokenOf({})).rejects.toThrow(/api-token is a folder: put a file there .* or remove it/);
});

it.skipIf(process.platform === 'win32')(
  '[G2] a token on a disk that does not answer holds nothing up, and is read by one call, however often it is asked for',
  async () => {
    const file = join(folder, 'api-token');
    // As a disk that hangs: nobody writes into it.
    spawnSync('mkfifo', [file]);
    await expect(desktopToken(folder, {}, 1)).rejects.toThrow(/^the disk of .*api-token does not answer$/);
    const pipe = openSync(file, 'r+');
    rmSync(file);
    writeFileSync(file, 'a-token-of-another-call\n');
    const again = tokenOf({});
    writeSync(pipe, 'a-token-that-came-late\n');
    closeSync(pipe);
    expect(await again).toBe('a-token-that-came-late');
    expect(await tokenOf({})).toBe('a-token-of-another-call');
  },
);
