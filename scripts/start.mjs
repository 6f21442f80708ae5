// npm start: builds what is out of date, then opens the desktop app; where Electron cannot run, the headless host.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const at = (...parts) => join(root, ...parts);
const say = (line) => process.stderr.write(`${line}\n`);
const args = process.argv.slice(2);
const wantsHeadless = args.includes('--headless');
/** The one that npm installed beside Warmwire: the system's own may be an older one. What npm puts into .bin is no program on Windows. */
const node = at('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
/** Of a download, seconds: without a byte more it is given up; so often it is said how far it is. */
const NO_PROGRESS_SECS = 60;
const SAY_EVERY_SECS = 10;
const TOO_SOON_MS = 5_000;
/** Of a desktop that has said what is wrong with its start. */
const REFUSED = 2;
const LOOK_FOR_PARENT_MS = 500;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

let child = null;
let ending = false;
goBack();
endWithNpm();
buildIfNeeded();
const electron = wantsHeadless ? null : await findElectron();
if (electron?.binary) openDesktop(electron.binary);
else {
  if (electron) say(`${electron.why}: serving the same page in the browser instead (headless mode).`);
  openHeadless();
}

function openDesktop(binary) {
  const startedAt = Date.now();
  run(binary, [root, ...args], (code) => {
    if (code === 0 || code === REFUSED || ending || Date.now() - startedAt > TOO_SOON_MS) process.exit(code);
    say(`Electron ended at once with code ${code}: serving the same page in the browser instead (headless mode).`);
    openHeadless();
  });
}

function openHeadless() {
  run(node, [at('out', 'main', 'cli.js'), ...args], (code) => process.exit(code));
}

function run(command, commandArgs, onEnd, options = { stdio: 'inherit' }) {
  child = spawn(command, commandArgs, options);
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

/** npm goes to this project's folder. A relative path is meant from where npm was called. */
function goBack() {
  const { npm_lifecycle_event: script, INIT_CWD: calledFrom } = process.env;
  if (script && calledFrom && process.cwd() === root && existsSync(calledFrom)) process.chdir(calledFrom);
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

/** @returns {Promise<{ binary: string } | { binary: null, why: string }>} */
async function findElectron() {
  const installed = electronBinary();
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    const noBinary = installed ? '' : ', and its binary is not installed';
    return { binary: null, why: `Electron cannot open a window here (no display${noBinary})` };
  }
  if (installed) return { binary: installed };
  const came = await downloadElectron();
  const downloaded = electronBinary();
  if (downloaded) return { binary: downloaded };
  const why = came ? "Electron's binary cannot be had here" : `nothing came of Electron for ${NO_PROGRESS_SECS} s`;
  return { binary: null, why };
}

/** One that was not unpacked to its end has no `path.txt` yet. A folder that the user names is taken as it is. */
function electronBinary() {
  const name = textOf('path.txt');
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const isWhole =
    name !== null && textOf('dist', 'version')?.replace(/^v/, '') === JSON.parse(textOf('package.json')).version;
  if (!given && !isWhole) return null;
  const binary = join(given || at('node_modules', 'electron', 'dist'), name ?? 'electron');
  return existsSync(binary) ? binary : null;
}

function textOf(...path) {
  const file = at('node_modules', 'electron', ...path);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** Since Electron 45 npm does not do it. A slow line has its time. Answers false if nothing came for too long. */
async function downloadElectron() {
  const installer = at('node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return true;
  const folder = at('node_modules', 'electron', 'download');
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    return true;
  }
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
  const came = await new Promise((done) => {
    let [secs, idleSecs, before] = [0, 0, 0];
    const timer = setInterval(() => {
      const bytes = sizeOf(at('node_modules', 'electron'));
      if (secs === 0)
        say('Downloading Electron, about 120 MB, for this first start (npm start -- --headless does without) …');
      secs += 1;
      idleSecs = bytes === before ? idleSecs + 1 : 0;
      before = bytes;
      if (secs % SAY_EVERY_SECS === 0) say(`  ${Math.round(sizeOf(folder) / 1e6)} MB so far`);
      if (idleSecs >= NO_PROGRESS_SECS) child.kill('SIGKILL');
    }, 1_000);
    const ended = (code) => {
      clearInterval(timer);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      if (ending) process.exit(code);
      done(idleSecs < NO_PROGRESS_SECS);
    };
    run(process.execPath, [installer], ended, { stdio: 'ignore', env });
  });
  child = null;
  return came;
}

/** Bytes in it; what goes away meanwhile counts as nothing. */
function sizeOf(path) {
  try {
    const stats = lstatSync(path);
    if (!stats.isDirectory()) return stats.size;
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
  } catch {
    return 0;
  }
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
  const built = spawnSync(node, [tool, 'build', '--logLevel', 'warn'], {
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
