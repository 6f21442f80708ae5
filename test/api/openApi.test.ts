import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiSource } from '../../src/main/api/apiSource.ts';
import { TEN_LINKS } from '../renderer/fakeLinks.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { type ApiServer, type Ask, ask, serveApi } from './apiServer.ts';
import { aPool, FakeEngine, fakeSource } from './fakeEngine.ts';

/** The document against the routes, both ways, and real answers against the document. */
interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}
interface OpenApi {
  readonly paths: Record<string, Record<string, Operation>>;
}

const OPERATIONS = [
  'GET /api/connections/details',
  'GET /api/connections/health',
  'GET /api/connections/provider/{name}',
  'GET /api/connections/providers',
  'GET /api/connections/stats',
  'GET /api/connections/stream',
  'GET /api/gate',
  'GET /api/gate/stream',
  'GET /api/gate/{link}',
  'GET /api/gate/{link}/stream',
  'GET /api/links',
  'GET /api/links/{name}',
  'GET /api/openapi.json',
  'GET /metrics',
  'POST /api/connections/destroy/{provider}',
  'POST /api/links/{name}/reconnect',
];
const STREAMS = OPERATIONS.filter((operation) => operation.endsWith('stream'));

let clock: FakeClock;
let engine: FakeEngine;
let source: ApiSource & { readonly bugs: unknown[] };
let server: ApiServer;
let document: OpenApi;

beforeEach(async () => {
  clock = new FakeClock();
  engine = new FakeEngine(clock);
  source = fakeSource(engine, clock);
  source.mirror.follow(engine);
  server = await serveApi({ clock, source, limits: { requestsPerSec: 1_000, refusalsPerMinute: 40 } });
  engine.setLinks(TEN_LINKS);
  for (const { name } of TEN_LINKS) engine.open(name);
  engine.close('okx-spot', { kind: 'not-up', state: 'waiting' }, { kind: 'stale', why: 'silent' });
  engine.setPools([aPool(), aPool({ name: 'other', averageAgeMs: null, enabled: false })]);
  document = (await ask(server.port, '/api/openapi.json')).json as OpenApi;
});
afterEach(() => server.close());

/** Asks, and holds the answer against what the document says of this operation and status. */
async function check(operation: string, path: string, status: number, options: Ask = {}): Promise<void> {
  const [method = '', template = ''] = operation.split(' ');
  const answer = await ask(server.port, path, { method, ...options });
  expect([path, answer.status]).toEqual([path, status]);
  const content = document.paths[template]?.[method.toLowerCase()]?.responses[status]?.content ?? {};
  const media = String(answer.headers['content-type']).split(';')[0] ?? '';
  expect([path, status, Object.keys(content)]).toEqual([path, status, [media]]);
  if (media !== 'application/json' || operation === 'GET /api/openapi.json') return;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  const isValid = ajv.compile(content[media]?.schema ?? {});
  isValid(answer.json);
  expect([path, status, isValid.errors]).toEqual([path, status, null]);
}

const pathOf = (operation: string): string =>
  (operation.split(' ')[1] ?? '')
    .replace('{link}', 'okx-spot')
    .replace('{provider}', 'kraken')
    .replace('links/{name}', 'links/okx-spot')
    .replace('{name}', 'kraken');

it('G2: the document is valid OpenAPI 3.1 and names every route and no other', async () => {
  const result = await new Validator().validate(document as never);
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(OPERATIONS);
  const served = server.routes.map((route) => route.replace(/:(\w+)/g, '{$1}')).filter((route) => !route.endsWith('*'));
  expect(documented.filter((operation) => !served.includes(operation))).toEqual([]);
  const undocumented = served.filter((route) => !documented.includes(route));
  // HEAD comes with GET; what else is not documented is refused.
  for (const route of undocumented.filter((one) => !one.startsWith('HEAD'))) {
    const answer = await ask(server.port, pathOf(route), { method: route.split(' ')[0] ?? '' });
    expect([route, answer.status]).toEqual([route, 405]);
  }
  // Every documented path answers; whatever else is asked for is an unknown route or a wrong method.
  for (const operation of OPERATIONS) {
    const wrong = await ask(server.port, pathOf(operation), { method: 'DELETE' });
    expect([operation, wrong.status]).toEqual([operation, 405]);
    expect(wrong.headers.allow).toContain(operation.split(' ')[0]);
  }
});

it('G2: what is really answered is what the document says, where all is well', async () => {
  for (const operation of OPERATIONS.filter((one) => !STREAMS.includes(one))) {
    const status = operation === 'GET /api/gate/{link}' ? 503 : 200;
    await check(operation, pathOf(operation), status);
  }
  await check('GET /api/gate/{link}', '/api/gate/kraken-v2', 200);
  for (const { name } of TEN_LINKS) await check('GET /api/links/{name}', `/api/links/${name}`, 200);
});

it('G2: and where it is not', async () => {
  for (const operation of OPERATIONS) {
    await check(operation, pathOf(operation), 401, { token: null });
    await check(operation, pathOf(operation), 403, { headers: { host: 'evil.example' } });
  }
  const json = { 'content-type': 'application/json' };
  await check('GET /api/gate/{link}', '/api/gate/nobody', 404);
  await check('GET /api/gate/{link}/stream', '/api/gate/nobody/stream', 404);
  await check('GET /api/links/{name}', '/api/links/nobody', 404);
  await check('GET /api/connections/provider/{name}', '/api/connections/provider/nobody', 404);
  await check('POST /api/links/{name}/reconnect', '/api/links/okx-spot/reconnect', 400, {
    body: '{"x":1}',
    headers: json,
  });
  await check('POST /api/links/{name}/reconnect', '/api/links/okx-spot/reconnect', 415, {
    body: 'x',
    headers: { 'content-type': 'a/b' },
  });
  await check('POST /api/connections/destroy/{provider}', '/api/connections/destroy/kraken', 413, {
    body: 'x'.repeat(2_000),
    headers: json,
  });
  source.mirror.lost();
  await check('GET /api/gate', '/api/gate', 503);
  await check('GET /api/gate/{link}', '/api/gate/kraken-v2', 503);
  const told = OPERATIONS.filter((one) => /^GET .api.(links|connections)/.test(one) && !STREAMS.includes(one));
  for (const operation of told) await check(operation, pathOf(operation), 200);
  for (let i = 0; i < 41; i += 1) await ask(server.port, '/metrics', { token: 'x' });
  for (const operation of OPERATIONS) await check(operation, pathOf(operation), 429, { token: 'x' });
});

it('G2: a fault of our own is a 500 in the same form, and reaches the log', async () => {
  engine.scraped = { links: { 'kraken-v2': null as never } };
  await check('GET /metrics', '/metrics', 500);
  expect(source.bugs).toEqual(['GET /metrics', expect.any(TypeError)]);
});

it('[G2] and where the engine has not told of anything yet', async () => {
  await server.close();
  source = fakeSource(engine, clock);
  server = await serveApi({ clock, source });
  const listed = OPERATIONS.filter((one) => /\/api\/(links|connections|gate)/.test(one) && !STREAMS.includes(one));
  for (const operation of listed) await check(operation, pathOf(operation), operation.endsWith('health') ? 200 : 503);
});
