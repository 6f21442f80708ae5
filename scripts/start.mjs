// npm start: builds what is out of date, then opens the desktop app; where Electron cannot run, the headless host.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const at = (...parts) => join(root, ...parts);
const say = (line) => process.stderr.write(`${line}\n`);
const args = process.argv.slice(2);
const wantsHeadless = args.includes('--headless');
const DOWNLOAD_LIMIT_MS = 60_000;
const TOO_SOON_MS = 5_000;
const LOOK_FOR_PARENT_MS = 500;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

let child = null;
let ending = false;
endWithNpm();
buildIfNeeded();
const electron = wantsHeadless ? null : findElectron();
if (electron?.binary) openDesktop(electron.binary);
else {
  if (electron) say(`${electron.why}: serving the same page in the browser instead (headless mode).`);
  openHeadless();
}

function openDesktop(binary) {
  const startedAt = Date.now();
  run(binary, [root, ...args], (code) => {
    if (code === 0 || ending || Date.now() - startedAt > TOO_SOON_MS) process.exit(code);
    say(`Electron ended at once with code ${code}: serving the same page in the browser instead (headless mode).`);
    openHeadless();
  });
}

function openHeadless() {
  run(at('node_modules', '.bin', 'node'), [at('out', 'main', 'cli.js'), ...args], (code) => process.exit(code));
}

function run(command, commandArgs, onEnd) {
  child = spawn(command, commandArgs, { stdio: 'inherit' });
  for (const signal of ENDING_SIGNALS) process.on(signal, end);
  child.on('error', (error) => {
    say(`Warmwire cannot start: ${error.message}. Run npm ci first.`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    for (const name of ENDING_SIGNALS) process.off(name, end);
    onEnd(code ?? 128 + constants.signals[signal]);
  });
}

function end(signal) {
  ending = true;
  child.kill(signal);
}

/** A SIGTERM to npm ends npm and its shell, and no shell passes it on: who is left behind ends by itself. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const look = () => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    // After a Ctrl-C npm goes first: a second signal would cut the polite end short.
    if (child === null) process.exit(143);
    if (!ending) end('SIGTERM');
  };
  const timer = setInterval(look, LOOK_FOR_PARENT_MS).unref();
}

/** @returns {{ binary: string } | { binary: null, why: string }} */
function findElectron() {
  const installed = electronBinary();
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    const noBinary = installed ? '' : ', and its binary is not installed';
    return { binary: null, why: `Electron cannot open a window here (no display${noBinary})` };
  }
  if (installed) return { binary: installed };
  const installer = at('node_modules', 'electron', 'install.js');
  if (existsSync(installer)) spawnSync(process.execPath, [installer], { stdio: 'ignore', timeout: DOWNLOAD_LIMIT_MS });
  const downloaded = electronBinary();
  return downloaded ? { binary: downloaded } : { binary: null, why: "Electron's binary cannot be had here" };
}

function electronBinary() {
  const pathFile = at('node_modules', 'electron', 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH || at('node_modules', 'electron', 'dist');
  const binary = join(folder, name);
  return existsSync(binary) ? binary : null;
}

function buildIfNeeded() {
  const outputs = ['main/index.js', 'main/cli.js', 'preload/index.cjs', 'renderer/index.html'].map((file) =>
    at('out', file),
  );
  const oldestOutput = Math.min(...outputs.map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0)));
  const sources = ['src', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
  if (Math.max(...sources.map((source) => newest(at(source)))) <= oldestOutput) return;
  say('Building Warmwire …');
  const tool = at('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const built = spawnSync(at('node_modules', '.bin', 'node'), [tool, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (built.status === 0) return;
  say(existsSync(tool) ? 'The build failed; see above.' : 'Warmwire is not installed: run npm ci first.');
  process.exit(1);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
