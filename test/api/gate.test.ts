import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineMirror } from '../../src/main/api/mirror.ts';
import type { LinkConfig } from '../../src/shared/engineConfig.ts';
import { GymVenue } from '../gym/venue.ts';
import { EngineRig } from '../support/engineRig.ts';
import { engineConfig, linkConfig } from '../support/linkConfig.ts';
import { type ApiServer, ask, Listener, serveApi } from './apiServer.ts';

/** The trading gate as a bot meets it: real engine, real venue, real HTTP. */
const HOSTILE = ['a/b?c#d%20"e"', '🚀 moon', '__proto__', 'x'.repeat(400), 'stream'];

let venue: GymVenue;
let rig: EngineRig;
let server: ApiServer;

const quick = (name: string, change: Partial<LinkConfig> = {}): LinkConfig =>
  linkConfig({
    name,
    url: venue.url,
    dialUrl: venue.url,
    routes: [{ url: venue.url, dialUrl: venue.url }],
    ...change,
    policy: { pingIntervalMs: 10, warmupPings: 0, pongTimeoutMs: 2_000, fitP99Ms: 2_000 },
  });
const run = (...links: LinkConfig[]) => rig.engine.configure(engineConfig(links, { gateReopenMs: 300 }));

beforeEach(async () => {
  venue = await GymVenue.open();
  rig = new EngineRig();
  const mirror = new EngineMirror(rig.clock);
  mirror.follow(rig.engine);
  const { reconnectLink, destroyPool, scrape } = rig.engine;
  server = await serveApi({
    clock: rig.clock,
    source: {
      version: '0',
      mirror,
      engine: { reconnectLink, destroyPool, scrape },
      gateReopenMs: () => 300,
      onBug: (where, error) => expect.unreachable(`${where}: ${error}`),
    },
  });
});
afterEach(async () => {
  await server.close();
  await rig.stop();
  await venue.close();
});

const gate = (name: string) => ask(server.port, `/api/gate/${encodeURIComponent(name)}`);
const opened = (listener: Listener) =>
  listener.until(() => listener.events.some(({ data }) => (data as { open?: boolean }).open === true));

it('G1: 200 exactly while the gate is open; an opened breaker is a sentence, told at once, and it opens again later', async () => {
  await rig.engine.configure(engineConfig([quick('one')], { gateReopenMs: 600_000 }));
  const listener = await Listener.open(server.port, '/api/gate/one/stream');
  expect(await gate('one')).toMatchObject({
    status: 503,
    json: { success: false, error: { code: 'gate-closed' }, data: { open: false, state: 'closed' } },
  });
  await run(quick('one'));
  await opened(listener);
  expect(await gate('one')).toMatchObject({ status: 200, json: { success: true, data: { open: true, reasons: [] } } });

  const before = listener.events.length;
  await rig.engine.setBreaker({ link: 'one', open: true });
  await listener.said(before + 1);
  expect(listener.events[before]).toMatchObject({ name: 'gate', data: { link: 'one', open: false } });
  const shut = await gate('one');
  expect(shut.status).toBe(503);
  expect(shut.json).toMatchObject({ error: { message: expect.stringMatching(/^The breaker is open.*\.$/) } });

  await rig.engine.setBreaker({ link: 'one', open: false });
  await listener.until(() => (listener.last.data as { open: boolean }).open);
  expect((await gate('one')).status).toBe(200);
  const told = listener.events.slice(before).map(({ data }) => (data as { sentence: string }).sentence);
  expect(told.some((sentence) => sentence.startsWith('fit again, opens in 0.3 s'))).toBe(true);
  listener.close();
});

it('G1: an unknown link is a 404 that names the nearest, a paused one a 503 of its own, a removed one is gone', async () => {
  await run(quick('kraken-spot'), quick('resting', { enabled: false }));
  expect(await gate('kraken-spto')).toMatchObject({
    status: 404,
    json: {
      success: false,
      error: { code: 'unknown-link', fix: expect.stringContaining('did you mean kraken-spot?') },
    },
  });
  await rig.state('paused', 'resting');
  const listener = await Listener.open(server.port, '/api/gate/resting/stream');
  await listener.said(1);
  await listener.until(() => (listener.last.data as { state: string }).state === 'paused');
  expect(await gate('resting')).toMatchObject({
    status: 503,
    json: { error: { code: 'gate-paused', message: 'The link is paused.' }, data: { state: 'paused' } },
  });
  await run(quick('kraken-spot'));
  await listener.until(() => (listener.last.data as { state: string }).state === 'gone');
  expect((await gate('resting')).status).toBe(404);
  listener.close();
});

it('G1: all gates at once, and every one of them under its own name whatever stands in it', async () => {
  const names = ['plain', ...HOSTILE];
  await run(...names.map((name) => quick(name)));
  const all = await Listener.open(server.port, '/api/gate/stream');
  await all.said(1);
  expect(all.events[0]?.name).toBe('gates');
  const open = new Set<string>();
  await all.until(() => {
    for (const { name, data } of all.events) {
      const told = name === 'gate' ? [data] : (data as unknown[]);
      for (const one of told as { link: string; open: boolean }[]) if (one.open) open.add(one.link);
    }
    return open.size === names.length;
  });
  const list = await ask(server.port, '/api/gate');
  expect(list.status).toBe(200);
  const { data } = list.json as { data: { link: string }[] };
  expect(data.map(({ link }) => link).sort()).toEqual([...names].sort());
  for (const name of names.filter((one) => one !== 'stream')) {
    expect([name, await gate(name)]).toMatchObject([name, { status: 200, json: { data: { link: name } } }]);
    expect(await ask(server.port, `/api/links/${encodeURIComponent(name)}`)).toMatchObject({
      status: 200,
      json: { data: { name, url: venue.url, urlInUse: venue.url } },
    });
  }
  all.close();
});

it('L11: a reconnect by the API gives the link a new socket without a gap; a paused link says so', async () => {
  await run(quick('one'), quick('resting', { enabled: false }));
  await rig.state('up', 'one');
  await rig.state('paused', 'resting');
  const first = venue.newest.id;
  const post = (name: string, body?: string) =>
    ask(server.port, `/api/links/${name}/reconnect`, {
      method: 'POST',
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
  expect(await post('one')).toMatchObject({ status: 200, json: { data: { link: 'one', manner: 'graceful' } } });
  await rig.until(() => (rig.link('one')?.about.generation ?? 0) > 1 && rig.link('one')?.state.kind === 'up');
  expect(venue.newest.id).toBeGreaterThan(first);
  expect(rig.link('one')?.counters.disconnects).toBeLessThanOrEqual(1);
  expect(await post('one', '{"manner":"rude"}')).toMatchObject({ status: 400, json: { error: { code: 'bad-input' } } });
  expect(await post('one', '{"maner":"hard"}')).toMatchObject({ status: 400 });
  expect(await post('resting')).toMatchObject({ status: 409, json: { error: { code: 'paused' } } });
  expect(await post('nobody')).toMatchObject({ status: 404, json: { error: { code: 'unknown-link' } } });
});
