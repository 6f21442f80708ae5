import { expect, it } from 'vitest';
import { TEN_LINKS } from '../renderer/fakeLinks.ts';
import { clock, engine, serveFakeEngine, server, source } from './apiRig.ts';
import { ask, Listener } from './apiServer.ts';
import { aPool, FakeEngine } from './fakeEngine.ts';

/** What the API says when the engine itself says nothing. */
serveFakeEngine({ heard: false });

const gate = async () => {
  const { status, json } = await ask(server.port, '/api/gate/tokyo');
  return [status, (json as { error?: { code: string } }).error?.code ?? 'open'];
};

it('G1: an engine that was not heard for over a second closes every gate, and the stream says so by itself', async () => {
  source.mirror.follow(engine);
  engine.open('tokyo');
  const listener = await Listener.open(server.port, '/api/gate/stream?heartbeat_secs=60');
  const one = await Listener.open(server.port, '/api/gate/tokyo/stream?heartbeat_secs=60');
  await listener.said(1);
  await one.said(1);
  clock.sleep(1_000);
  expect(await gate()).toEqual([200, 'open']);
  clock.sleep(1);
  expect(await gate()).toEqual([503, 'engine-silent']);
  expect(await ask(server.port, '/api/gate')).toMatchObject({
    status: 503,
    json: {
      success: false,
      error: { code: 'engine-silent' },
      data: [{ link: 'tokyo', open: false, state: 'unknown' }],
    },
  });

  await clock.advance(250);
  await listener.said(2);
  expect(listener.last).toMatchObject({ name: 'gates', data: [{ link: 'tokyo', open: false, state: 'unknown' }] });
  await one.said(2);
  expect(one.last).toMatchObject({ name: 'gate', data: { open: false, state: 'unknown' } });

  engine.frame();
  await listener.said(3);
  expect(listener.last).toMatchObject({ name: 'gates', data: [{ open: true }] });
  expect(await gate()).toEqual([200, 'open']);
  listener.close();
  one.close();
});

it('G1: an engine that is being restarted has a code of its own, and no gate of before outlives the restart', async () => {
  const stop = source.mirror.follow(engine);
  engine.open('tokyo');
  engine.open('gone-meanwhile');
  expect(await gate()).toEqual([200, 'open']);
  source.mirror.lost();
  expect(await gate()).toEqual([503, 'engine-restarting']);
  engine.frame();
  expect(await gate()).toEqual([503, 'engine-restarting']);

  stop();
  const next = new FakeEngine(clock);
  next.close('tokyo', { kind: 'measuring', pings: 0, of: 20 });
  source.mirror.follow(next);
  expect(await gate()).toEqual([503, 'gate-closed']);
  expect((await ask(server.port, '/api/gate/gone-meanwhile')).status).toBe(404);
});

it('G1: a reader that was away while everything changed begins with everything, not with what came after', async () => {
  const stop = source.mirror.follow(engine);
  engine.open('tokyo');
  engine.open('chicago');
  const first = await Listener.open(server.port, '/api/gate/stream');
  await first.said(1);
  engine.close('tokyo', { kind: 'stale', why: 'late' });
  await first.said(2);
  const { id } = first.last;
  first.close();
  engine.open('tokyo');

  source.mirror.lost();
  stop();
  const next = new FakeEngine(clock);
  next.close('chicago', { kind: 'measuring', pings: 0, of: 20 });
  source.mirror.follow(next);
  next.open('tokyo');

  const again = await Listener.open(server.port, '/api/gate/stream', { headers: { 'last-event-id': id } });
  await again.said(1);
  expect(again.events[0]).toMatchObject({
    name: 'gates',
    data: [
      { link: 'chicago', open: false },
      { link: 'tokyo', open: true },
    ],
  });
  again.close();
});

it('G1: before the engine has said anything there is no link, and all gates are a 503 that says starting', async () => {
  expect(await ask(server.port, '/api/gate')).toMatchObject({
    status: 503,
    json: { error: { code: 'engine-starting' } },
  });
});

it('[G1] an engine that has said nothing yet knows no link, and none that is unknown: each gate is a 503, and so is its stream', async () => {
  const codes = async () => {
    const answers = ['/api/gate/tokyo', '/api/gate/tokyo/stream'].map((path) => ask(server.port, path));
    return (await Promise.all(answers)).map(({ status, json }) => [
      status,
      (json as { error?: { code: string } }).error?.code,
    ]);
  };
  expect(await codes()).toEqual(Array(2).fill([503, 'engine-starting']));
  source.mirror.lost();
  expect(await codes()).toEqual(Array(2).fill([503, 'engine-restarting']));
  source.mirror.follow(engine);
  expect(await codes()).toEqual(Array(2).fill([404, 'unknown-link']));
});

it('G3: an engine that answers nothing holds up no scrape, and the metrics say that it is not heard', async () => {
  source.mirror.follow(engine);
  engine.setLinks(TEN_LINKS);
  engine.open('demo-tokyo');
  engine.isStuck = true;
  const scrape = ask(server.port, '/metrics');
  await asked();
  await clock.advance(2_000);
  const { status, text } = await scrape;
  expect(status).toBe(200);
  expect(text).toContain('\nwarmwire_engine_up 0\n');
  expect(text).toContain('\nconnection_gate_open{connection="demo-tokyo",venue="Demo"} 0\n');
  expect(text).not.toContain('connection_rtt_seconds_count');
});

it('G2: a reconnect that the engine does not answer is a 503 that says so', async () => {
  source.mirror.follow(engine);
  engine.setLinks(TEN_LINKS);
  engine.isStuck = true;
  const answer = ask(server.port, '/api/links/kraken-v2/reconnect', { method: 'POST' });
  await asked();
  await clock.advance(10_000);
  expect(await answer).toMatchObject({ status: 503, json: { error: { code: 'engine-silent' } } });
});

const dataOf = async (path: string) => ((await ask(server.port, path)).json as { data: unknown }).data;

it.each([
  ['is held up', 'has not been heard for over a second', () => clock.sleep(1_001)],
  ['died', 'died and is being started again', () => source.mirror.lost()],
])('[G2] of an engine that %s nothing is said to be well or ready: the reason is', async (_, why, happens) => {
  source.mirror.follow(engine);
  engine.setLinks(TEN_LINKS);
  engine.setPools([aPool()]);
  expect(await dataOf('/api/links/demo-tokyo')).toMatchObject({ state: 'up', health: 'healthy' });
  expect(await dataOf('/api/connections/health')).toMatchObject({ healthy: true });
  await dataOf('/api/links');
  happens();
  const reason = expect.stringContaining(why);
  const unknown = { state: 'unknown', health: 'unknown', sentence: reason, healthReasons: [reason], verdicts: [] };
  expect(await dataOf('/api/links/demo-tokyo')).toMatchObject(unknown);
  expect(await dataOf('/api/links')).toMatchObject(TEN_LINKS.map(() => unknown));
  expect(await dataOf('/api/connections/health')).toMatchObject({ healthy: false, issues: [reason] });
  expect(await dataOf('/api/connections/providers')).toMatchObject([{ status: 'unknown' }]);
  expect(await dataOf('/api/connections/details')).toMatchObject({ providers: [{ status: 'unknown' }] });
  expect(await dataOf('/api/connections/provider/kraken')).toMatchObject({
    status: 'unknown',
    issues: [reason],
    origins: [{ state: 'unknown', ready: 0, idleSecs: [], nextRefreshInSecs: null }],
  });
});

it('[G2] the age of a socket does not grow on while nobody tells that it is still there', async () => {
  source.mirror.follow(engine);
  engine.setLinks(TEN_LINKS);
  const age = async () => ((await dataOf('/api/links/demo-tokyo')) as { uptime: { secs: number } }).uptime.secs;
  const before = await age();
  expect(before).toBeGreaterThan(0);
  clock.sleep(60_000);
  expect(await age()).toBe(before);
});

it('[G2] until the engine has told of its links and pools there is no list of them, and nothing is healthy', async () => {
  const starting = { status: 503, json: { error: { code: 'engine-starting' } } };
  const routes = [
    'links',
    'links/tokyo',
    ...['stats', 'providers', 'details', 'provider/x'].map((of) => `connections/${of}`),
  ];
  for (const route of routes) expect(await ask(server.port, `/api/${route}`), route).toMatchObject(starting);
  expect(await dataOf('/api/connections/health')).toMatchObject({
    healthy: false,
    issues: [expect.stringContaining('is starting')],
  });
  const withoutPools = { snapshots: engine.snapshots, gates: engine.gates, pools: () => () => undefined };
  source.mirror.follow(withoutPools);
  expect(await ask(server.port, '/api/connections/stats')).toMatchObject(starting);
  expect(await dataOf('/api/connections/health')).toMatchObject({ healthy: false });
  source.mirror.follow(engine);
  expect(await dataOf('/api/links')).toEqual([]);
  expect(await dataOf('/api/connections/health')).toMatchObject({ healthy: true });
});

it('[G3] an engine that is not heard leaves no stale sample: no health, no ready socket, and nothing is up', async () => {
  source.mirror.follow(engine);
  engine.setLinks(TEN_LINKS);
  engine.setPools([aPool()]);
  const now =
    /^(connection_health|pool_(ready_sockets|active_connections|idle_connections|pending_requests|failing_origins|alerts|connection_age_seconds)|warmwire_engine_(loop|heap|inflated)\w+)\b/;
  const lines = async () =>
    (await ask(server.port, '/metrics')).text.split('\n').filter((line) => !line.startsWith('#'));
  const names = (all: readonly string[]) => all.filter((line) => now.test(line));
  expect(names(await lines()).length).toBeGreaterThan(15);
  clock.sleep(1_001);
  const silent = await lines();
  expect(names(silent)).toEqual([]);
  const up = silent.filter((line) => line.startsWith('connection_up{'));
  expect(up.length).toBe(9);
  expect(up.filter((line) => !line.endsWith(' 0'))).toEqual([]);
  expect(silent).toContain('pool_requests_total{pool="kraken"} 40');
  expect(silent).toContain('connection_messages_total{connection="demo-tokyo",venue="Demo"} 1204000');
  engine.frame();
  expect(names(await lines()).length).toBeGreaterThan(15);
});

/** Resolves when the limit of what was asked for is armed beside the mirror's watch. */
async function asked(): Promise<void> {
  while (clock.pending < 2) await new Promise((resolve) => setImmediate(resolve));
}

it('G2: what was asked for a moment ago is not served again after a gate or a link has changed', async () => {
  source.mirror.follow(engine);
  engine.open('tokyo');
  const states = async () =>
    ((await ask(server.port, '/api/gate')).json as { data: { open: boolean }[] }).data.map(({ open }) => open);
  expect(await states()).toEqual([true]);
  engine.close('tokyo', { kind: 'p99', p99Ms: 140, limitMs: 100, pings: 100 });
  expect(await states()).toEqual([false]);
  const links = async () => ((await ask(server.port, '/api/links')).json as { data: unknown[] }).data.length;
  expect(await links()).toBe(0);
  engine.setLinks(TEN_LINKS);
  expect(await links()).toBe(10);
});
