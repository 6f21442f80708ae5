import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EngineMirror } from '../../src/main/api/mirror.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { EngineThread } from '../../src/main/hosts/engineThread.ts';
import { RestartNews } from '../../src/main/hosts/restartNews.ts';
import { RestartPace } from '../../src/main/hosts/restartPace.ts';
import type { RestartTimes } from '../../src/shared/restartHabit.ts';
import type { SnapshotFrame } from '../../src/shared/snapshot.ts';
import { GymVenue } from '../gym/venue.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { engineConfig, linkConfig } from '../support/linkConfig.ts';
import { until } from '../support/until.ts';

let folder: string;
let thread: EngineThread;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-thread-'));
  process.env.DYING_ENGINE_FLAG = join(folder, 'died');
});
afterEach(async () => {
  await thread?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('[L17] an engine thread that dies is started again with its links, and every open stream starts anew', async () => {
  const venue = await GymVenue.open();
  const died = vi.fn();
  thread = new EngineThread(new URL('dyingEngine.ts', import.meta.url), died);
  const frames: SnapshotFrame[] = [];
  thread.follow((client) => client.snapshots(null, (frame) => frames.push(frame)));
  await thread.configure(engineConfig([linkConfig({ dialUrl: venue.url })]));
  await until(() => expect(venue.present.length).toBe(1));
  const pending = thread.client.acknowledgeFailure({ link: 'venue' });
  expect(await pending).toMatchObject({ ok: false, problem: { kind: 'disconnected' } });
  await until(() => expect(died).toHaveBeenCalledWith(expect.stringContaining('the test killed it')));
  frames.length = 0;
  await until(() => expect(venue.guests.length).toBe(2));
  await until(() => expect(frames[0]).toMatchObject({ kind: 'whole' }));
  expect(await thread.client.acknowledgeFailure({ link: 'venue' })).toEqual({ ok: true, value: null });
  await thread.stop();
  await venue.close();
});

it('[L8] a breaker that a person holds open stays open when the engine is started again, and nothing is dialled', async () => {
  const [one, held] = [await GymVenue.open(), await GymVenue.open()];
  const mirror = new EngineMirror(systemClock);
  const died = vi.fn(() => mirror.lost());
  const stateOf = (link: string) => mirror.snapshot?.links[link]?.state;
  thread = new EngineThread(new URL('dyingEngine.ts', import.meta.url), died, {
    heldOpen: () => mirror.heldOpen(),
    restarts: () => ({}),
  });
  thread.follow((client) => mirror.follow(client));
  const links = [linkConfig({ name: 'held', dialUrl: held.url }), linkConfig({ name: 'one', dialUrl: one.url })];
  await thread.configure(engineConfig(links));
  await until(() => expect([one.present.length, held.present.length]).toEqual([1, 1]));
  await thread.client.setBreaker({ link: 'held', open: true });
  await until(() => expect(mirror.heldOpen()).toEqual(['held']));
  await thread.client.acknowledgeFailure({ link: 'one' });
  await until(() => expect(died).toHaveBeenCalledTimes(1));
  await until(() => expect(mirror.standing).toBe('heard'));
  await until(() => expect(one.present.length).toBe(1));
  await until(() => expect(stateOf('one')?.kind).toBe('up'));
  expect(stateOf('held')).toMatchObject({ kind: 'blocked', until: null });
  expect(held.upgrades, 'asked for once, before').toBe(1);
  await thread.client.setBreaker({ link: 'held', open: false });
  await until(() => expect(held.present.length).toBe(1));
  mirror.stop();
  await thread.stop();
  await Promise.all([one.close(), held.close()]);
});

it.each([
  ['before it was paused', ['breaker', 'pause']],
  ['while it was paused', ['pause', 'breaker']],
] as const)(
  '[L8] a breaker that was held open %s outlives the engine, and keeps the resumed link shut',
  async (_, order) => {
    const [one, held] = [await GymVenue.open(), await GymVenue.open()];
    const mirror = new EngineMirror(systemClock);
    const died = vi.fn(() => mirror.lost());
    const stateOf = (link: string) => mirror.snapshot?.links[link]?.state;
    const configure = (enabled: boolean) =>
      thread.configure(
        engineConfig([
          linkConfig({ name: 'held', dialUrl: held.url, enabled }),
          linkConfig({ name: 'one', dialUrl: one.url }),
        ]),
      );
    thread = new EngineThread(new URL('dyingEngine.ts', import.meta.url), died, {
      heldOpen: () => mirror.heldOpen(),
      restarts: () => ({}),
    });
    thread.follow((client) => mirror.follow(client));
    await configure(true);
    await until(() => expect([one.present.length, held.present.length]).toEqual([1, 1]));
    for (const act of order) {
      if (act === 'pause') await configure(false);
      else await thread.client.setBreaker({ link: 'held', open: true });
      if (act === 'pause') await until(() => expect(stateOf('held')?.kind).toBe('paused'));
    }
    await until(() => expect(stateOf('held')).toEqual({ kind: 'paused', held: true }));
    await thread.client.acknowledgeFailure({ link: 'one' });
    await until(() => expect(died).toHaveBeenCalledTimes(1));
    expect(mirror.heldOpen()).toEqual(['held']);
    await until(() => expect(mirror.standing).toBe('heard'));
    await until(() => expect(stateOf('one')?.kind).toBe('up'));
    expect(stateOf('held')).toEqual({ kind: 'paused', held: true });

    await configure(true);
    await until(() => expect(stateOf('held')).toMatchObject({ kind: 'blocked', until: null }));
    expect(held.upgrades, 'asked for once, before').toBe(1);
    await configure(false);
    await thread.client.setBreaker({ link: 'held', open: false });
    await until(() => expect(stateOf('held')).toEqual({ kind: 'paused' }));
    mirror.stop();
    await thread.stop();
    await Promise.all([one.close(), held.close()]);
  },
);

it('[H6] an engine that is started again is told of every stop of a venue that was seen until then', async () => {
  const venue = await GymVenue.open();
  const died = vi.fn();
  let restarts: RestartTimes = { venue: [1_000] };
  thread = new EngineThread(new URL('dyingEngine.ts', import.meta.url), died, {
    heldOpen: () => [],
    restarts: () => restarts,
  });
  await thread.configure(engineConfig([linkConfig({ dialUrl: venue.url })]));
  await until(() => expect(venue.present.length).toBe(1));
  restarts = { venue: [1_000, 2_000] };
  void thread.client.acknowledgeFailure({ link: 'venue' });
  await until(() => expect(venue.guests.length).toBe(2));
  const told = readFileSync(`${process.env.DYING_ENGINE_FLAG}.restarts`, 'utf8').trim().split('\n');
  expect(told.map((line) => JSON.parse(line))).toEqual([{ venue: [1_000] }, { venue: [1_000, 2_000] }]);
  await thread.stop();
  await venue.close();
});

it('[L17] the waits before a restart grow, and begin anew after the engine ran well for 10 minutes', () => {
  const pace = new RestartPace();
  const waits = (livedMs: number, times: number): number[] => Array.from({ length: times }, () => pace.next(livedMs));
  expect(waits(1_000, 8)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(waits(600_000, 2)).toEqual([500, 500]);
  expect(waits(599_999, 2)).toEqual([1000, 2000]);
});

it('[L17] a restart is told with its time, for an hour after the last one', () => {
  const clock = new FakeClock();
  const told: (string | null)[] = [];
  const news = new RestartNews(clock, (sentence) => told.push(sentence));
  news.died('out of memory');
  expect(told).toEqual([expect.stringMatching(/^the engine had to be restarted at \d\d:\d\d:\d\d \(out of memory\)/)]);
  clock.advanceSync(59 * 60_000);
  news.died('again');
  clock.advanceSync(59 * 60_000);
  expect(told.slice(1)).toEqual([expect.stringContaining('(again)')]);
  clock.advanceSync(60_000);
  expect(told.at(-1)).toBeNull();
  news.stop();
});
