import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mustBeClosed } from './support/leaks.ts';

/** `scripts/start.mjs` under a shell, as npm runs it. `npm test` builds before it runs. */
const ROOT = resolve(import.meta.dirname, '..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-start-'));
  writeFileSync(join(folder, 'w.toml'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly shell: ChildProcess;
  /** Of `start.mjs`. */
  readonly pid: number;
  readonly address: string;
  readonly said: () => string;
  /** When the last process that can write has ended. */
  readonly silence: Promise<unknown>;
}

async function start(args: string, env: Record<string, string>): Promise<Run> {
  const { npm_lifecycle_event, DISPLAY, WAYLAND_DISPLAY, ...own } = process.env;
  const shell = spawn('sh', ['-c', `node scripts/start.mjs ${args} --port 0 --no-open & echo "pid $!"; wait`], {
    cwd: ROOT,
    env: {
      ...own,
      WARMWIRE_CONFIG: join(folder, 'w.toml'),
      WARMWIRE_DATA: join(folder, 'data'),
      WARMWIRE_TOKEN: 'the-token-of-these-tests',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const silence = once(shell, 'close');
  let said = '';
  let ended = false;
  void silence.then(() => {
    ended = true;
  });
  const pid = (): number => Number(/pid (\d+)/.exec(said)?.[1]);
  mustBeClosed(
    'a started Warmwire',
    () => !ended,
    () => process.kill(pid(), 'SIGTERM'),
  );
  await new Promise<void>((up, failed) => {
    void silence.then(() => failed(new Error(`ended before it was up: ${said}`)));
    for (const output of [shell.stdout, shell.stderr]) {
      output?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (/#token=the-token-of-these-tests\n/.test(said)) up();
      });
    }
  });
  return { shell, pid: pid(), address: /http:\S+\//.exec(said)?.[0] ?? '', said: () => said, silence };
}

it.skipIf(process.platform === 'win32')(
  '[L17] a SIGTERM that ends npm’s shell ends Warmwire politely, and nothing stays behind',
  async () => {
    const run = await start('--headless', { npm_lifecycle_event: 'start' });
    run.shell.kill('SIGTERM');
    await run.silence;
    expect(run.said()).toContain('Warmwire stopped');
  },
);

it.skipIf(process.platform === 'win32')('[L17] a SIGHUP is passed on: Warmwire ends politely', async () => {
  const run = await start('--headless', {});
  process.kill(run.pid, 'SIGHUP');
  await run.silence;
  expect(run.said()).toContain('Warmwire stopped');
});

it.skipIf(process.platform === 'win32')('[L17] without npm it outlives the shell that started it', async () => {
  const run = await start('--headless', {});
  run.shell.kill('SIGTERM');
  await once(run.shell, 'exit');
  // Nothing is to happen: longer than it would take to notice.
  await setTimeout(1_200);
  expect((await fetch(run.address)).status).toBe(200);
  process.kill(run.pid, 'SIGTERM');
  await run.silence;
  expect(run.said()).toContain('Warmwire stopped');
});

it.runIf(process.platform === 'linux').each([
  ['installed', '(no display): serving'],
  ['missing', '(no display, and its binary is not installed): serving'],
])('[G4] without a display and with the binary %s the one line names Electron and every reason', async (name, why) => {
  mkdirSync(join(folder, 'installed'));
  writeFileSync(join(folder, 'installed', 'electron'), '');
  const run = await start('', { ELECTRON_OVERRIDE_DIST_PATH: join(folder, name) });
  expect(run.said()).toContain(
    `Electron cannot open a window here ${why} the same page in the browser instead (headless mode).\n`,
  );
  process.kill(run.pid, 'SIGTERM');
  await run.silence;
});
