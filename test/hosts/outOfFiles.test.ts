import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WakeWatch } from '../../src/main/engine/wakeWatch.ts';
import { lastKnown } from '../../src/main/lastKnown.ts';
import type { MonoMs, WallMs } from '../../src/shared/units.ts';
import { GymVenue } from '../gym/venue.ts';
import { portOf, type Run, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const SILENT = pathToFileURL(join(import.meta.dirname, 'silentSystem.ts'));

let folder: string;
let venue: GymVenue;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-files-'));
  venue = await GymVenue.open();
  writeFileSync(join(folder, 'w.toml'), `[link.one]\nurl = "${venue.url}"\n`);
});
afterEach(async () => {
  await venue.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (env: Record<string, string> = {}): Run =>
  startProgram({ folder, token: 'the-right-token-of-this-test', env }, '--no-open', '--port', '0');

/** Resolves at so many more pings, of which a new link sends one a second. */
async function pings(count: number): Promise<void> {
  let seen = 0;
  venue.newest.ws.on('ping', () => {
    seen += 1;
  });
  await until(() => expect(seen).toBeGreaterThanOrEqual(count));
}

async function keepsItsLink(run: Run): Promise<void> {
  expect(venue.upgrades).toBe(1);
  run.child.kill('SIGTERM');
  expect(await run.exit, run.err()).toBe(0);
}

it('[L16] what the system does not tell just now is as it was told last', () => {
  let tell = (): string => {
    throw new Error('EMFILE');
  };
  const addresses = lastKnown<string | null>(() => tell(), null);
  expect(addresses()).toBe(null);
  tell = () => 'eth0 192.0.2.7';
  expect(addresses()).toBe('eth0 192.0.2.7');
  tell = () => {
    throw new Error('EMFILE');
  };
  expect(addresses()).toBe('eth0 192.0.2.7');
});

it('[L16] addresses that become known are no other network; others after them are', () => {
  let addresses: string | null = null;
  let seconds = 0;
  const watch = new WakeWatch(0 as MonoMs, 0 as WallMs, () => addresses);
  const look = (): ReturnType<WakeWatch['look']> => {
    seconds += 1;
    return watch.look((1_000 * seconds) as MonoMs, (1_000 * seconds) as WallMs);
  };
  expect(look()).toBe(null);
  addresses = 'eth0 192.0.2.7';
  expect(look()).toBe(null);
  addresses = 'wlan0 192.0.2.8';
  expect(look()).toBe('network');
});

it('[L16] a system that never tells its addresses, nor its memory, costs no link', async () => {
  const run = start({ NODE_OPTIONS: `--import=${SILENT}` });
  await portOf(run);
  await until(() => expect(venue.present.length).toBe(1));
  await pings(3);
  await keepsItsLink(run);
});

it.runIf(process.platform === 'linux')(
  '[L16] a program whose file descriptors are used up keeps its link, and answers again once it has some',
  async () => {
    const run = start();
    const port = await portOf(run);
    await until(() => expect(venue.present.length).toBe(1));
    const allow = (soft: string): void => {
      expect(spawnSync('prlimit', ['--pid', `${run.child.pid}`, `--nofile=${soft}:`]).status).toBe(0);
    };
    // Fewer than it has open already.
    allow('10');
    await pings(3);
    allow('1024');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    await keepsItsLink(run);
  },
);
