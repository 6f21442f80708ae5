import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { widenThreadPool } from '../../src/main/hosts/threadPool.ts';
import { GymVenue } from '../gym/venue.ts';
import { portOf, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const TOKEN = 'the-right-token-of-this-test';
const HANGS = pathToFileURL(join(import.meta.dirname, 'hangOnSignal.ts'));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-pool-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('[H6] how many threads the user wants for disk and names is left as it is', () => {
  const env: NodeJS.ProcessEnv = { UV_THREADPOOL_SIZE: '7' };
  widenThreadPool(env);
  expect(env.UV_THREADPOOL_SIZE).toBe('7');
});

it.skipIf(process.platform === 'win32')(
  '[H6] a disk that hangs keeps no link from looking up its venue’s name: it is dialled again as ever',
  async () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const venue = await GymVenue.open();
    writeFileSync(join(folder, 'w.toml'), `[link.one]\nurl = "ws://localhost:${venue.port}"\n`);
    const env = { HUNG_FILE: pipe, NODE_OPTIONS: `--import=${HANGS}` };
    const run = startProgram({ folder, token: TOKEN, env }, '--no-open', '--port', '0');
    await portOf(run);
    await until(() => expect(venue.present.length).toBe(1));
    run.child.kill('SIGUSR2');
    await until(() => expect(run.err()).toContain('hangs'));
    venue.newest.socket.destroy();
    await until(() => expect(venue.guests.length).toBe(2));
    closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK));
    run.child.kill('SIGTERM');
    expect(await run.exit).toBe(0);
    await venue.close();
  },
);
