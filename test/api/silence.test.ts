import { expect, it } from 'vitest';
import { TEN_LINKS } from '../renderer/fakeLinks.ts';
import { clock, engine, serveFakeEngine, server, source } from './apiRig.ts';
import { ask, Listener } from './apiServer.ts';
import { FakeEngine } from './fakeEngine.ts';

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
  next.close('tokyo', 'measuring 0/20');
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
  engine.close('tokyo', 'late');
  await first.said(2);
  const { id } = first.last;
  first.close();
  engine.open('tokyo');

  source.mirror.lost();
  stop();
  const next = new FakeEngine(clock);
  next.close('chicago', 'measuring 0/20');
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
  expect((await ask(server.port, '/api/gate/tokyo')).status).toBe(404);
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
  engine.close('tokyo', 'p99 too high');
  expect(await states()).toEqual([false]);
  const links = async () => ((await ask(server.port, '/api/links')).json as { data: unknown[] }).data.length;
  expect(await links()).toBe(0);
  engine.setLinks(TEN_LINKS);
  expect(await links()).toBe(10);
});
