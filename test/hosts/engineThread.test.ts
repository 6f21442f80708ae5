import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { EngineThread } from '../../src/main/hosts/engineThread.ts';
import type { SnapshotFrame } from '../../src/shared/snapshot.ts';
import { GymVenue } from '../gym/venue.ts';
import { engineConfig, linkConfig } from '../support/linkConfig.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'warmwire-thread-'));
let thread: EngineThread;
afterEach(async () => {
  await thread.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('[L17] an engine thread that dies is started again with its links, and every open stream starts anew', async () => {
  process.env.DYING_ENGINE_FLAG = join(folder, 'died');
  const venue = await GymVenue.open();
  const died = vi.fn();
  thread = new EngineThread(new URL('dyingEngine.ts', import.meta.url), died);
  const frames: SnapshotFrame[] = [];
  thread.follow((client) => client.snapshots(null, (frame) => frames.push(frame)));
  await thread.configure(engineConfig([linkConfig({ dialUrl: venue.url })]));
  await until(() => expect(venue.present.length).toBe(1));
  const pending = thread.client.acknowledgeFailure({ link: 'venue' });
  expect(await pending).toMatchObject({ ok: false, problem: { kind: 'disconnected' } });
  await until(() => expect(died).toHaveBeenCalledWith('the test killed it'));
  frames.length = 0;
  await until(() => expect(venue.guests.length).toBe(2));
  await until(() => expect(frames[0]).toMatchObject({ kind: 'whole' }));
  expect(await thread.client.acknowledgeFailure({ link: 'venue' })).toEqual({ ok: true, value: null });
  await thread.stop();
  await venue.close();
});
