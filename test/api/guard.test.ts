import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { type ApiServer, type Ask, ask, Listener, serveApi, TOKEN } from './apiServer.ts';
import { FakeEngine, fakeSource } from './fakeEngine.ts';

let engine: FakeEngine;
let server: ApiServer;

async function start(limits?: { requestsPerSec: number; refusalsPerMinute: number }): Promise<void> {
  engine = new FakeEngine(systemClock);
  const source = fakeSource(engine, systemClock);
  source.mirror.follow(engine);
  engine.open('a');
  server = await serveApi({ clock: systemClock, source, ...(limits === undefined ? {} : { limits }) });
}
beforeEach(() => start());
afterEach(() => server.close());

/** Status and code. */
async function met(path: string, options: Ask = {}): Promise<string> {
  const { status, json } = await ask(server.port, path, options);
  const body = json as { success: boolean; error?: { code: string; message: string; fix: string } } | null;
  if (body?.error === undefined) return String(status);
  expect(body.success).toBe(false);
  expect(body.error.message).toMatch(/^[A-Z].*\.$/);
  expect(body.error.fix.length).toBeGreaterThan(5);
  return `${status} ${body.error.code}`;
}

const PATHS = ['/api/gate', '/api/gate/a', '/api/gate/stream', '/metrics', '/api/openapi.json', '/api/nothing'];

it.each(PATHS)('G2: %s wants the token in the header, and nothing is said without it', async (path) => {
  expect(await met(path, { token: null })).toBe('401 no-token');
  expect(await met(path, { token: 'wrong' })).toBe('401 bad-token');
  expect(await met(path, { token: `${TOKEN}x` })).toBe('401 bad-token');
  expect(await met(path, { token: null, headers: { authorization: `Basic ${TOKEN}` } })).toBe('401 no-token');
});

it('G2: the token in the query opens streams, and nothing else', async () => {
  expect(await met(`/api/gate?token=${TOKEN}`, { token: null })).toBe('401 no-token');
  expect(await met(`/metrics?token=${TOKEN}`, { token: null })).toBe('401 no-token');
  expect(await met('/api/gate/stream?token=wrong', { token: null })).toBe('401 bad-token');
  const listener = await Listener.open(server.port, `/api/gate/stream?token=${TOKEN}`, { token: null });
  await listener.said(1);
  listener.close();
});

it.each(['/api/gate', '/metrics'])('G2: %s is not for foreign hosts and pages, token or not', async (path) => {
  const { port } = server;
  for (const host of [`evil.example:${port}`, `127.0.0.1:${port + 1}`, '127.0.0.1', 'localhost']) {
    expect([host, await met(path, { headers: { host } })]).toEqual([host, '403 foreign-host']);
  }
  for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${port + 1}`, `https://127.0.0.1:${port}`]) {
    expect([origin, await met(path, { headers: { origin } })]).toEqual([origin, '403 foreign-origin']);
  }
  expect(await met(path, { headers: { host: `localhost:${port}`, origin: `http://localhost:${port}` } })).toBe('200');
  const preflight = await ask(port, path, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
  expect(preflight.headers['access-control-allow-origin']).toBe(undefined);
});

it('G2: wrong methods, names, paths and bodies are each answered by what is wrong and how to put it right', async () => {
  const json = { 'content-type': 'application/json' };
  const post = (body: string, headers: Record<string, string> = json): Ask => ({ method: 'POST', body, headers });
  const refused = await ask(server.port, '/api/gate/a', { method: 'DELETE' });
  expect(refused).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
    json: { error: { code: 'wrong-method' } },
  });
  const post405 = await ask(server.port, '/api/links/a/reconnect');
  expect(post405).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  expect(await met('/api/gate/stream', { method: 'HEAD' })).toBe('405');
  expect(await met('/metrics', post('{}'))).toBe('405 wrong-method');
  expect(await met('/api/gate', post('x'.repeat(5_000)))).toBe('405 wrong-method');
  expect(await met('/api/nothing')).toBe('404 unknown-route');
  expect(await met('/api/')).toBe('404 unknown-route');
  expect(await met('/api/gate/%zz')).toBe('400 malformed');
  expect(await met(`/api/gate/${'a'.repeat(5_000)}`)).toBe('404 unknown-route');
  const destroy = '/api/connections/destroy/a';
  expect(await met(destroy, post('{"protocol":"ftp"}'))).toBe('404 unknown-provider');
  expect(await met(destroy, post('{'))).toBe('400 malformed');
  expect(await met(destroy, post('[]'.padEnd(5_000)))).toBe('413 body-too-large');
  expect(await met(destroy, post('a=b', { 'content-type': 'text/csv' }))).toBe('415 not-json');
  expect(await met('/api/gate/a', { method: 'HEAD' })).toBe('200');
});

it('G2: strangers are slowed down, and whoever has the token is not held up by them', async () => {
  await server.close();
  await start({ requestsPerSec: 1_000, refusalsPerMinute: 5 });
  for (let i = 0; i < 5; i += 1) expect(await met('/api/gate', { token: 'guess' })).toBe('401 bad-token');
  const slowed = await ask(server.port, '/api/gate', { token: 'guess' });
  expect(slowed).toMatchObject({ status: 429, json: { error: { code: 'too-many-refusals' } } });
  expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0);
  expect(await met('/api/gate')).toBe('200');
});

it('G2: too many requests even with the token are a 429 that says how long to wait', async () => {
  await server.close();
  await start({ requestsPerSec: 3, refusalsPerMinute: 5 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(server.port, '/api/gate')));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ headers: { 'retry-after': '1' }, json: { error: { code: 'too-many-requests' } } });
});
