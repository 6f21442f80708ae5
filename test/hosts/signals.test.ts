import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GymVenue } from '../gym/venue.ts';
import { freePort } from '../support/freePort.ts';
import { portOf, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

const TOKEN = 'the-right-token-of-this-test';

const FAULTY = pathToFileURL(join(import.meta.dirname, 'faultOnSignal.ts'));

/** The disk of the settings never answers. */
const HANGING = `
import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { stat } = promises;
promises.stat = (path, ...rest) => (String(path).endsWith('w.toml') ? new Promise(() => {}) : stat(path, ...rest));
syncBuiltinESMExports();
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(process.platform === 'win32')(
  '[L17] a terminal that is closed (SIGHUP) ends Warmwire politely: links closed 1000, log written, no socket left',
  async () => {
    const venue = await GymVenue.open();
    writeFileSync(join(folder, 'w.toml'), `[link.one]\nurl = "${venue.url}"\n`);
    const run = startProgram({ folder, token: TOKEN, env: { TMPDIR: folder } }, '--no-open', '--port', '0');
    await portOf(run);
    await until(() => expect(venue.present.length).toBe(1));
    const closed = once(venue.present[0]?.ws as NonNullable<(typeof venue.present)[0]>['ws'], 'close');
    run.child.kill('SIGHUP');
    expect((await closed)[0]).toBe(1000);
    expect(await run.exit).toBe(0);
    expect(readFileSync(join(folder, 'data/log/warmwire.log'), 'utf8')).toContain('Warmwire stopped');
    expect(readdirSync(folder, { recursive: true }).filter((name) => `${name}`.endsWith('.sock'))).toEqual([]);
    await venue.close();
  },
);

it.skipIf(process.platform === 'win32')(
  '[L17] an error that nobody caught is a polite end with code 1: one line says what and where, the log has its stack',
  async () => {
    const venue = await GymVenue.open();
    writeFileSync(join(folder, 'w.toml'), `[link.one]\nurl = "${venue.url}"\n`);
    const env = { NODE_OPTIONS: `--import=${FAULTY}` };
    const run = startProgram({ folder, token: TOKEN, env }, '--no-open', '--port', '0');
    await portOf(run);
    await until(() => expect(venue.present.length).toBe(1));
    const closed = once(venue.newest.ws, 'close');
    run.child.kill('SIGUSR2');
    expect((await closed)[0]).toBe(1000);
    expect(await run.exit).toBe(1);
    const logFile = join(folder, 'data/log/warmwire.log');
    const said = run.err().split('\n');
    expect(said.filter((line) => line.startsWith('Warmwire ends'))).toEqual([
      `Warmwire ends by a fault of its own: made by the test at wss://venue.test/?apiKey=•••. The log has it: ${logFile}`,
    ]);
    const log = readFileSync(logFile, 'utf8');
    expect(log).toMatch(/"level":"error".*nobody caught.*faultOnSignal\.ts/);
    expect(log).toContain('made by the first');
    expect(log).toContain('Warmwire stopped');
    expect(log).not.toContain('AbCdEf12345');
    await venue.close();
  },
);

it.skipIf(process.platform === 'win32')(
  '[L17] a signal while it still starts is a polite end: no address is printed, no browser opened, no error said',
  async () => {
    writeFileSync(join(folder, 'w.toml'), '');
    const port = await freePort();
    const env = { DISPLAY: ':0', PATH: folder };
    const run = startProgram({ folder, token: TOKEN, env }, '--port', String(port));
    await until(async () => expect((await fetch(`http://127.0.0.1:${port}/api/links`)).status).toBe(503));
    run.child.kill('SIGTERM');
    expect(await run.exit, run.err()).toBe(0);
    expect(run.out()).toBe('');
    expect(run.err()).not.toContain('TypeError');
    expect(run.err()).toContain('Warmwire stopped');
  },
);

it.skipIf(process.platform === 'win32')(
  '[L17] a signal ends a start that waits for a disk that hangs, and the end says so',
  async () => {
    // No ordinary file hangs, and no other is read.
    const hang = join(folder, 'hang.mjs');
    writeFileSync(hang, HANGING);
    const port = await freePort();
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(hang).href}` };
    const run = startProgram({ folder, token: TOKEN, env }, '--no-open', '--port', String(port));
    await until(async () => expect((await fetch(`http://127.0.0.1:${port}/api/links`)).status).toBe(503));
    run.child.kill('SIGTERM');
    await run.exit;
    // The start waits for it no longer than 2 s, the end likewise.
    expect(run.err()).toMatch(/"Warmwire stopped"[\s\S]*could not end cleanly: the disk has not answered within 2 s/);
  },
);
