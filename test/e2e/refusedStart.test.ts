import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { mustBeClosed } from '../support/leaks.ts';

const ROOT = resolve(import.meta.dirname, '../..');

it.each([
  [['--confg', 'my.toml'], 'there is no option --confg; there is --config'],
  [['--config', '/nowhere/my.toml'], 'there is no settings file /nowhere/my.toml: --config takes one that is there'],
])('[D1] a desktop started with %j says in a box why it does not start', async (args, why) => {
  const [double, main] = ['test/e2e/registerDouble.mjs', 'out/main/index.js'].map((file) => resolve(ROOT, file));
  const child = spawn(process.execPath, ['--import', `${double}`, `${main}`, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  mustBeClosed(
    'a refused desktop',
    () => child.exitCode === null && child.signalCode === null,
    () => child.kill('SIGKILL'),
  );
  const boxes: unknown[] = [];
  child.on('message', (message: { what?: string; value?: unknown }) => {
    if (message.what === 'errorBox') boxes.push(message.value);
  });
  const [code] = await once(child, 'close');
  expect(boxes).toEqual([expect.stringMatching(`^Warmwire cannot start: ${why}`)]);
  expect(code, 'npm start opens no browser instead').toBe(2);
});
