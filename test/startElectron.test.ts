import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mustBeClosed } from './support/leaks.ts';

/** `scripts/start.mjs` in a project of its own, whose electron package is what a test says. */
const FALLBACK = 'serving the same page in the browser instead (headless mode).\n';
const DOWNLOADING = /^Downloading Electron, about 120 MB/;
/** Loaded before it: its seconds pass so many times as fast. */
const hurried = (times: number): string =>
  `const real = setInterval; globalThis.setInterval = (task, ms) => real(task, ms / ${times});`;
const WINDOWS =
  "if (process.argv[1].endsWith('start.mjs')) Object.defineProperty(process, 'platform', { value: 'win32' });";

let folder: string;
const write = (path: string, text: string): void => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const inElectron = (path: string): string => `node_modules/electron/${path}`;
const leavesNoDownload = (): void => expect(readdirSync(join(folder, inElectron('.')))).not.toContain('download');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-electron-test-'));
  write('scripts/start.mjs', '');
  copyFileSync(resolve(import.meta.dirname, '../scripts/start.mjs'), join(folder, 'scripts/start.mjs'));
  write('out/main/cli.js', "console.log('headless', process.argv0);");
  write(inElectron('package.json'), '{ "version": "45.4.1" }');
  mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node_modules/node/bin/node'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What an install writes, without the last of it: `path.txt`. */
function unpack(version: string): void {
  write(inElectron('dist/electron'), '#!/bin/sh\necho desktop\n');
  chmodSync(join(folder, inElectron('dist/electron')), 0o755);
  write(inElectron('dist/version'), version);
}

const installer = (text: string): void => write(inElectron('install.js'), `const fs = require('node:fs');\n${text}`);
const INSTALLS = `
  fs.mkdirSync(__dirname + '/dist', { recursive: true });
  fs.writeFileSync(__dirname + '/dist/electron', '#!/bin/sh\\necho desktop as installed\\n', { mode: 0o755 });
  fs.writeFileSync(__dirname + '/dist/version', 'v45.4.1');
  fs.writeFileSync(__dirname + '/path.txt', 'electron');
`;

async function start(
  before: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly out: string; readonly err: string }> {
  const { npm_lifecycle_event, ELECTRON_OVERRIDE_DIST_PATH, ...own } = process.env;
  write('before.mjs', before);
  const child = spawn(process.execPath, [join(folder, 'scripts/start.mjs')], {
    env: {
      ...own,
      DISPLAY: ':99',
      NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'before.mjs')).href}`,
      ...env,
    },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  mustBeClosed(
    'a start',
    () => child.exitCode === null && child.signalCode === null,
    () => child.kill('SIGKILL'),
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  await once(child, 'close');
  return { out, err };
}

describe.skipIf(process.platform === 'win32')('start on a machine with a display', () => {
  it('[G4] a download that is refused is the browser at once, in one line without a trace', async () => {
    installer("throw new Error('fetch failed');");
    const { out, err } = await start('');
    expect(err).toBe(`Electron's binary cannot be had here: ${FALLBACK}`);
    expect(out).toMatch(/^headless/);
  });

  it('[D1] a download that goes on may take its time, says how far it is, and is the desktop', async () => {
    installer(`
      const os = require('node:os');
      const file = fs.mkdtempSync(os.tmpdir() + '/download-') + '/electron.zip';
      let tens = 0;
      const timer = setInterval(() => {
        fs.appendFileSync(file, Buffer.alloc(1e6));
        tens += 1;
        if (tens < 8) return;
        clearInterval(timer);
        ${INSTALLS}
      }, 10_000);
    `);
    // The installer itself takes a while to be there.
    const { out, err } = await start(hurried(10));
    expect(out).toBe('desktop as installed\n');
    expect(err).toMatch(DOWNLOADING);
    expect(err).toMatch(/\n {2}\d MB so far\n/);
    expect(err).not.toContain('instead');
    leavesNoDownload();
  });

  it('[G4] a download of which nothing comes any more is given up, with what it has left', async () => {
    installer(`
      fs.mkdirSync(__dirname + '/dist', { recursive: true });
      fs.writeFileSync(__dirname + '/dist/electron', 'half');
      setInterval(() => undefined, 1e9);
    `);
    const { out, err } = await start(hurried(100));
    expect(err).toMatch(DOWNLOADING);
    leavesNoDownload();
    expect(err).toContain(`nothing came of Electron for 60 s: ${FALLBACK}`);
    expect(out).toMatch(/^headless/);
  });

  it('[G4] a folder that takes no download is the browser', async () => {
    installer(INSTALLS);
    write(inElectron('download'), 'no folder');
    const { err } = await start('');
    expect(err).toBe(`Electron's binary cannot be had here: ${FALLBACK}`);
  });

  it('[D1] what is half unpacked, or of another version, is installed anew; what is whole is opened at once', async () => {
    installer(INSTALLS);
    unpack('45.4.1');
    expect((await start('')).out).toBe('desktop as installed\n');
    unpack('44.0.0');
    expect((await start('')).out).toBe('desktop as installed\n');
    installer("throw new Error('not asked for');");
    unpack('45.4.1');
    expect((await start('')).out).toBe('desktop\n');
  });

  it('[C1] a path is meant from where npm was called, and not from the folder that it goes to', async () => {
    installer("throw new Error('fetch failed');");
    write('out/main/cli.js', 'console.log(process.cwd());');
    mkdirSync(join(folder, 'elsewhere'));
    const calledFrom = join(realpathSync(folder), 'elsewhere');
    const npm = { npm_lifecycle_event: 'start', INIT_CWD: calledFrom };
    expect((await start('', npm)).out).toBe(`${calledFrom}\n`);
    expect((await start('', { INIT_CWD: calledFrom })).out, 'without npm').toBe(`${realpathSync(folder)}\n`);
  });

  it('[D1] a desktop that has refused its start is not followed by the browser', async () => {
    unpack('45.4.1');
    write(inElectron('path.txt'), 'electron');
    write(inElectron('dist/electron'), '#!/bin/sh\nexit 2\n');
    expect(await start('')).toEqual({ out: '', err: '' });
    write(inElectron('dist/electron'), '#!/bin/sh\nexit 1\n');
    expect((await start('')).out).toMatch(/^headless/);
  });

  it('[G4] on Windows the program is started by node.exe, and not by what npm has put into .bin', async () => {
    installer("throw new Error('fetch failed');");
    write('node_modules/.bin/node', 'no program');
    symlinkSync(process.execPath, join(folder, 'node_modules/node/bin/node.exe'));
    rmSync(join(folder, 'node_modules/node/bin/node'));
    expect((await start(WINDOWS)).out).toMatch(/^headless .*node\.exe\n$/);
  });
});
