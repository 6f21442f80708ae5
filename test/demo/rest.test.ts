import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { demoCertificate } from '../../src/main/demo/certificate.ts';
import { Exchanges } from '../../src/main/demo/exchanges.ts';
import { RestExchange } from '../../src/main/demo/restExchange.ts';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import { Pools } from '../../src/main/engine/pool/pools.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { DEFAULT_SETTINGS_TEXT } from '../../src/main/settings/defaultText.ts';
import type { PoolConfig, PoolView } from '../../src/shared/pool.ts';
import { resolved } from '../settings/fixtures.ts';
import { EngineRig } from '../support/engineRig.ts';
import { GET, poolConfig } from '../support/poolRig.ts';
import { FastClock } from './fastClock.ts';

const toDemo = ({ url, ca }: RestExchange, http2: boolean): PoolConfig =>
  poolConfig({
    origins: [{ url: 'demo://rest', dialUrl: url, warmMethod: 'GET', warmPath: '/time' }],
    ca,
    policy: { warmSockets: 0, http2 },
  });

/** The demo on real time, and a pool named `venue` that keeps nothing ready there. */
async function openRest(http2: boolean): Promise<{ readonly demo: RestExchange; readonly pools: Pools }> {
  const demo = await RestExchange.open(systemClock, Math.random);
  const pools = new Pools({ clock: systemClock, random: Math.random, openHttp: createOpenHttp(systemClock) });
  onTestFinished(async () => {
    pools.stop();
    await demo.close();
  });
  pools.configure([toDemo(demo, http2)]);
  return { demo, pools };
}

it.each([false, true])(
  'D5: the demo answers /time and /ping over HTTPS (h2: %s), HEAD too, nothing else',
  async (http2) => {
    const { pools } = await openRest(http2);
    const ask = async (method: string, path: string): Promise<[number, string]> => {
      const answer = await pools.request('venue', { ...GET, method, path });
      if (!answer.ok) throw new Error(answer.problem.message);
      return [answer.value.status, Buffer.from(answer.value.body).toString()];
    };
    const [status, text] = await ask('GET', '/time');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ venue: 'DEMO REST' });
    expect(await ask('HEAD', '/time')).toEqual([200, '']);
    expect(await ask('GET', '/ping?x=1')).toEqual([200, '{}']);
    expect((await ask('GET', '/order'))[0]).toBe(404);
    expect((await ask('POST', '/time'))[0]).toBe(405);
    const seen: PoolView[] = [];
    pools.follow((frame) => seen.push(...frame.pools))();
    expect(seen[0]?.counters).toMatchObject({ connects: 1, requests: 5 });
    expect(seen[0]?.origins[0]?.protocol).toBe(http2 ? 'h2' : 'h1');
  },
);

it('D5: the certificate of the demo is good for as long as any start may last', async () => {
  const startedMs = Date.now() - 5 * 365 * 86_400_000;
  const { key, cert } = await demoCertificate(new Date(startedMs));
  const server = https.createServer({ key, cert }, (_request, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const status = await new Promise((resolve, reject) => {
    const asked = https.get({ host: '127.0.0.1', port, ca: cert, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
  });
  expect(status).toBe(200);
});

it('D5: a connection to the demo that is idle for 20 s is closed', async () => {
  const clock = new FastClock();
  const demo = await RestExchange.open(clock, Math.random);
  onTestFinished(() => demo.close());
  const ended = new Promise<void>((resolve) => {
    const target = { url: demo.url, ca: demo.ca, http2: false, noDelay: true, tcpKeepAliveMs: 0 };
    const socket = createOpenHttp(systemClock)(target, {
      opened: () => socket.send(GET, () => undefined),
      ended: () => resolve(),
    });
  });
  await ended;
  expect(demo.view().clients).toBe(0);
});

it('[D6] the REST exchange can be slowed and frozen, and its idle sockets killed', async () => {
  const clock = new FastClock();
  const demo = await RestExchange.open(clock, Math.random);
  const pools = new Pools({ clock: systemClock, random: Math.random, openHttp: createOpenHttp(systemClock) });
  onTestFinished(async () => {
    pools.stop();
    await demo.close();
    expect(clock.waiting).toBe(0);
  });
  pools.configure([toDemo(demo, false)]);
  const askedMs = async (): Promise<number> => {
    const since = clock.now();
    expect(await pools.request('venue', { ...GET, method: 'GET', path: '/ping' })).toMatchObject({ ok: true });
    return clock.now() - since;
  };
  await askedMs();
  await demo.inject({ kind: 'slow', forSecs: 600, byMs: 4000 });
  expect(await askedMs()).toBeGreaterThanOrEqual(4000);
  await demo.inject({ kind: 'freeze', forSecs: 10 });
  expect(await askedMs()).toBeGreaterThanOrEqual(9900);
  expect(demo.view().injection).toMatchObject({ number: 2, secsLeft: null });
  expect(demo.view().clients).toBe(1);
  await demo.inject({ kind: 'kill' });
  expect(demo.view().clients).toBe(0);
  await askedMs();
});

it.each([false, true])(
  '[D6] the REST exchange answers 503, 429 and half an answer on command (h2: %s)',
  async (http2) => {
    const { demo, pools } = await openRest(http2);
    const ask = (method: string) => pools.request('venue', { ...GET, method, path: '/time' });
    await demo.inject({ kind: 'unavailable', forSecs: 60 });
    expect(await ask('GET')).toMatchObject({ ok: true, value: { status: 503 } });
    await demo.inject({ kind: 'rate-limit', forSecs: 60, retryAfterSecs: 7 });
    expect(await ask('GET')).toMatchObject({ ok: true, value: { status: 429, headers: { 'retry-after': '7' } } });
    expect(demo.view().clients).toBe(1);
    await demo.inject({ kind: 'cut', forSecs: 60 });
    for (const method of ['GET', 'HEAD']) expect(await ask(method)).toMatchObject({ ok: false });
    await demo.recover();
    expect(await ask('GET')).toMatchObject({ ok: true, value: { status: 200 } });
  },
);

it('[D6] the REST exchange refuses connects, and comes back at the same port', async () => {
  const { demo, pools } = await openRest(false);
  const ask = () => pools.request('venue', { ...GET, method: 'GET', path: '/ping' });
  expect(await ask()).toMatchObject({ ok: true });
  const { url } = demo;
  await demo.inject({ kind: 'refuse', forSecs: 60 });
  expect(demo.view().clients).toBe(0);
  expect(await ask()).toMatchObject({ ok: false, problem: { message: expect.stringContaining('ECONNREFUSED') } });
  await demo.recover();
  expect(demo.url).toBe(url);
  expect(await ask()).toMatchObject({ ok: true });
});

it('[D6] the REST exchange closes idle connections early, those that are idle already, too, and only as long as it shall', async () => {
  const clock = new FastClock();
  const demo = await RestExchange.open(clock, Math.random);
  onTestFinished(() => demo.close());
  const target = { url: demo.url, ca: demo.ca, http2: false, noDelay: true, tcpKeepAliveMs: 0 };
  const livedMs = (begun: () => void): Promise<number> =>
    new Promise((resolve) => {
      let since = 0;
      const socket = createOpenHttp(systemClock)(target, {
        opened: () =>
          socket.send(GET, () => {
            since = clock.now();
            begun();
          }),
        ended: () => resolve(clock.now() - since),
      });
    });
  expect(await livedMs(() => void demo.inject({ kind: 'idle-close', forSecs: 600, afterSecs: 3 }))).toBeLessThan(5_000);
  expect(await livedMs(() => void demo.recover())).toBeGreaterThan(15_000);
});

it('D5: plain HTTP to the demo’s port harms nobody', async () => {
  const demo = await RestExchange.open(systemClock, Math.random);
  onTestFinished(() => demo.close());
  await new Promise<void>((resolve) => {
    http.get(demo.url.replace('https', 'http')).on('error', () => resolve());
  });
});

it('D5: the pool of the first settings is warm on the demo', async () => {
  const exchanges = await Exchanges.open(systemClock, Math.random);
  onTestFinished(() => exchanges.close());
  const rig = new EngineRig();
  const [addresses, authority] = [await exchanges.addresses(null), await exchanges.authority(null)];
  const { config } = resolved(DEFAULT_SETTINGS_TEXT, {
    demoAddresses: new Map(addresses.ok ? Object.entries(addresses.value) : []),
    demoCa: authority.ok ? authority.value : null,
  });
  await rig.engine.configure({ ...config, links: [] });
  await new Promise<void>((resolve) => {
    rig.engine.pools(null, ({ pools: [demo] }) => {
      if (demo?.origins[0]?.state.kind === 'warm' && demo.origins[0].protocol === 'h2') resolve();
    });
  });
  await rig.stop();
});
