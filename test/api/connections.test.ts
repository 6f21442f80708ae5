import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { type ApiServer, type Ask, ask, serveApi } from './apiServer.ts';
import { aPool, FakeEngine, fakeSource } from './fakeEngine.ts';

/** Row G2's bodies, word for word. The pools come from a fake engine. */
let engine: FakeEngine;
let server: ApiServer;

const HTTP_ORIGIN = { ...(aPool().origins[0] as ReturnType<typeof aPool>['origins'][number]), url: 'http://10.0.0.1' };

beforeEach(async () => {
  const clock = new FakeClock();
  engine = new FakeEngine(clock);
  const source = fakeSource(engine, clock);
  source.mirror.follow(engine);
  server = await serveApi({ clock, source });
  engine.setPools([
    aPool(),
    aPool({
      name: 'fix/gate',
      origins: [
        {
          ...HTTP_ORIGIN,
          state: { kind: 'failing', why: 'refused', attempts: 2, retryAt: HTTP_ORIGIN.nextRefreshAt as never },
        },
      ],
      counters: { ...aPool().counters, requests: 0, reused: 0 },
      active: 0,
      idle: 0,
      averageAgeMs: null,
      alerts: [{ kind: 'reuse', text: 'reuse is low', setting: 'idle_timeout_secs' }],
    }),
  ]);
});
afterEach(() => server.close());

const get = async (path: string) => (await ask(server.port, `/api/connections/${path}`)).json;
const post = (path: string, body?: string) => {
  const headers: Ask['headers'] = body === undefined ? {} : { 'content-type': 'application/json' };
  return ask(server.port, `/api/connections/${path}`, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body }),
  });
};

/** What stats say of all, and details once more. */
const OVERVIEW = {
  totalProviders: 2,
  totalActiveConnections: 1,
  totalIdleConnections: 2,
  totalRequests: 40,
  overallReuseRate: 95,
};

it('G2: stats, rates in percent, and no rate where nothing was asked', async () => {
  expect(await get('stats')).toEqual({
    success: true,
    data: {
      ...OVERVIEW,
      providers: [
        {
          provider: 'kraken',
          protocol: 'https',
          activeConnections: 1,
          idleConnections: 2,
          totalRequests: 40,
          reuseCount: 38,
          reuseRate: 95,
        },
        {
          provider: 'fix/gate',
          protocol: 'http',
          activeConnections: 0,
          idleConnections: 0,
          totalRequests: 0,
          reuseCount: 0,
          reuseRate: null,
        },
      ],
    },
  });
});

it('G2: details with the age in seconds and a status, and the providers by name', async () => {
  expect(await get('details')).toEqual({
    success: true,
    data: {
      overview: OVERVIEW,
      providers: [
        {
          provider: 'kraken',
          protocol: 'https',
          connections: { active: 1, idle: 2, total: 3 },
          performance: { totalRequests: 40, reuseCount: 38, reuseRate: 95, averageConnectionAge: 45 },
          status: 'healthy',
        },
        {
          provider: 'fix/gate',
          protocol: 'http',
          connections: { active: 0, idle: 0, total: 0 },
          performance: { totalRequests: 0, reuseCount: 0, reuseRate: null, averageConnectionAge: null },
          status: 'failing',
        },
      ],
    },
  });
  expect(await get('providers')).toEqual({
    success: true,
    data: [
      { provider: 'kraken', protocol: 'https', status: 'healthy' },
      { provider: 'fix/gate', protocol: 'http', status: 'failing' },
    ],
  });
});

it('G2: health is false with every issue in a sentence, and true without one', async () => {
  expect(await get('health')).toEqual({
    success: true,
    data: {
      healthy: false,
      totalConnections: 3,
      activeConnections: 1,
      idleConnections: 2,
      reuseRate: 95,
      issues: ['fix/gate: http://10.0.0.1 is failing: refused', 'fix/gate: reuse is low'],
    },
  });
  engine.setPools([aPool()]);
  expect(await get('health')).toMatchObject({ data: { healthy: true, issues: [] } });
});

it('P5: one provider tells how ready each origin is, and an unknown one names the nearest', async () => {
  expect(await get('provider/kraken')).toMatchObject({
    success: true,
    data: {
      provider: 'kraken',
      issues: [],
      origins: [
        {
          url: 'https://api.kraken.com',
          state: 'warm',
          ready: 2,
          idleSecs: [1, 10],
          idleLimitSecs: 30,
          idleLimitSource: 'learned',
          nextRefreshInSecs: 10,
          lastWarmMs: 12.5,
          lastColdMs: 92,
        },
      ],
    },
  });
  expect(await get(`provider/${encodeURIComponent('fix/gate')}`)).toMatchObject({ data: { provider: 'fix/gate' } });
  expect(await ask(server.port, '/api/connections/provider/karken')).toMatchObject({
    status: 404,
    json: { error: { code: 'unknown-provider', fix: expect.stringContaining('did you mean kraken?') } },
  });
});

it('G2: destroy closes the sockets of a provider, of one protocol where it is named', async () => {
  expect(await post('destroy/kraken', '{"protocol":"https"}')).toMatchObject({
    status: 200,
    json: { success: true, data: { provider: 'kraken', protocol: 'https', closed: 3 } },
  });
  expect(await post('destroy/kraken')).toMatchObject({ json: { data: { protocol: null } } });
  expect(engine.asked).toEqual([
    { pool: 'kraken', protocol: 'https' },
    { pool: 'kraken', protocol: null },
  ]);
  expect((await post('destroy/kraken', '{"protocol":"ftp"}')).status).toBe(400);
  expect((await post('destroy/nobody', '{}')).status).toBe(404);
  expect(engine.asked.length).toBe(2);
});

it('G2: without a single pool the answers are empty, not wrong', async () => {
  engine.setPools([]);
  expect(await get('stats')).toMatchObject({ data: { totalProviders: 0, overallReuseRate: null, providers: [] } });
  expect(await get('health')).toMatchObject({ data: { healthy: true, totalConnections: 0 } });
  expect(await ask(server.port, '/api/connections/provider/x')).toMatchObject({
    status: 404,
    json: { error: { fix: expect.stringContaining('no provider at all yet') } },
  });
});
