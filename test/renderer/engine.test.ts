import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine, nextSnapshot, type Sight, selectNames } from '../../src/renderer/store/engine.ts';
import type { Loss } from '../../src/renderer/wire.ts';
import type { AppClient } from '../../src/shared/contract.ts';
import { appContract } from '../../src/shared/contract.ts';
import { connect, serve } from '../../src/shared/rpc.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import { wirePair } from '../support/wirePair.ts';
import { FakeApp } from './fakeApp.ts';
import { HOSTILE_LINKS, TEN_LINKS } from './fakeLinks.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A page's engine over a real serve/connect pair, whose wire can be cut. */
function page(specs = TEN_LINKS, sight?: Sight) {
  const app = new FakeApp(specs);
  let cut: (loss: Loss) => void = () => undefined;
  let opened = 0;
  const engine = createEngine((onLost) => {
    opened += 1;
    const pair = wirePair();
    let loss: Loss = 'lost';
    serve(appContract, app.client, pair.far);
    cut = (why) => {
      loss = why;
      pair.cut();
    };
    return connect(appContract, pair.near, () => onLost(loss)).client;
  }, sight);
  return { app, engine, cut: (loss: Loss) => cut(loss), opened: () => opened, state: () => engine.store.getState() };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1);

test('[D1] the first whole makes the page live, in the order of the settings', async () => {
  const { app, state } = page();
  expect(state().connection.kind).toBe('opening');
  await settle();
  expect(state().connection.kind).toBe('live');
  expect(selectNames(state())).toEqual(TEN_LINKS.map((link) => link.name));
  expect(state().app?.version).toBe('0.1.0');
  expect(state().settings?.revision).toBe('r1');
  app.stop();
});

test('[D1] a lost wire keeps the old numbers, says since when, and is dialled again with growing waits', async () => {
  const { app, engine, cut, opened, state } = page();
  await settle();
  const before = state().snapshot;
  const lostAt = Date.now();
  const client: AppClient = state().client;
  cut('lost');
  expect(state().connection).toMatchObject({ kind: 'lost', sinceWall: lostAt });
  expect(state().snapshot).toBe(before);
  await vi.advanceTimersByTimeAsync(499);
  expect(opened()).toBe(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(opened()).toBe(2);
  expect(state().connection.kind).toBe('live');
  expect(state().client).not.toBe(client);
  cut('lost');
  engine.retryNow();
  await settle();
  expect(opened()).toBe(3);
  engine.retryNow();
  expect(opened()).toBe(3);
  app.stop();
});

test('[D1] a refused token is not dialled again', async () => {
  const { app, cut, opened, state } = page();
  await settle();
  cut('refused');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened()).toBe(1);
  expect(state().connection.kind).toBe('refused');
  app.stop();
});

test('[D1] the waits between dials grow from 0.5 s to 5 s when nothing answers', async () => {
  const dials: number[] = [];
  const silent = new Proxy({}, { get: () => () => () => undefined }) as AppClient;
  const engine = createEngine((onLost) => {
    dials.push(Date.now());
    queueMicrotask(() => onLost('lost'));
    return silent;
  });
  await vi.advanceTimersByTimeAsync(20_000);
  const waits = dials.slice(1).map((at, i) => at - (dials[i] ?? 0));
  expect(waits.slice(0, 6)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  expect(engine.store.getState().connection.kind).toBe('lost');
});

test('[D1] names that objects know are links like any other', async () => {
  const { app, state } = page(HOSTILE_LINKS);
  await settle();
  for (const { name } of HOSTILE_LINKS) expect(state().snapshot?.links[name]?.name).toBe(name);
  expect(state().snapshot?.links.toString).toBeUndefined();
  app.stop();
});

test('[D1] a delta replaces only the links it names, and says nothing before the first whole', () => {
  const at = { at: monoMs(1), wall: wallMs(1) };
  const link = (name: string) => ({ name }) as unknown as Snapshot['links'][string];
  const whole = {
    ...at,
    machine: { loopP99Ms: 1, loopMaxMs: 1, stalls: 0, rssBytes: 0, heapBytes: 0, heapLimitBytes: 0, inflatedBytes: 0 },
    order: ['a', 'b'],
    links: { a: link('a'), b: link('b') },
  };
  const held = nextSnapshot(null, { kind: 'whole', snapshot: whole });
  const delta = { at: monoMs(2), wall: wallMs(2), links: { b: { health: { level: 'healthy' as const } } } };
  expect(nextSnapshot(null, { kind: 'delta', delta })).toBeNull();
  const next = nextSnapshot(held, { kind: 'delta', delta });
  expect(next?.links.a).toBe(held?.links.a);
  expect(next?.links.b).not.toBe(held?.links.b);
  expect(next?.order).toBe(held?.order);
});

test('[D2] a hidden page is told no points for its sparklines, and has the missed ones when it is seen again', async () => {
  let hidden = false;
  let change = (): void => undefined;
  const { app, engine } = page(TEN_LINKS, {
    hidden: () => hidden,
    onChange: (listener) => {
      change = listener;
    },
  });
  await settle();
  const look = (now: boolean): void => {
    hidden = now;
    change();
  };
  look(true);
  await settle();
  const { version } = engine.series;
  const newest = () => engine.series.values('demo-tokyo', 120);
  const before = newest();
  await vi.advanceTimersByTimeAsync(5000);
  expect(engine.series.version).toBe(version);
  look(false);
  await settle();
  expect(engine.series.version).toBe(version + 1);
  expect(newest()).not.toEqual(before);
  app.stop();
});

test('[D2] a wire that comes back to an engine that keeps less takes no event from the page', async () => {
  const { app, cut, state } = page();
  await settle();
  const before = state().events;
  app.forgetEvents();
  cut('lost');
  app.happen('demo-tokyo', { kind: 'settings', changed: ['url'] });
  await vi.advanceTimersByTimeAsync(600);
  expect(state().connection.kind).toBe('live');
  expect(state().events.slice(0, -1)).toEqual(before);
  expect(state().events.at(-1)?.happening.kind).toBe('settings');
  app.stop();
});

test('[D1] the same problem is shown once, and only the last few', async () => {
  const { app, engine, state } = page();
  const problem = (message: string) => ({ kind: 'x', message, where: 'w', hint: 'h' });
  for (const message of ['a', 'b', 'b', 'c', 'd', 'e']) engine.notify(problem(message));
  expect(state().problems.map((held) => held.problem.message)).toEqual(['b', 'c', 'd', 'e']);
  engine.dismiss(state().problems[0]?.id ?? -1);
  expect(state().problems).toHaveLength(3);
  app.stop();
});
