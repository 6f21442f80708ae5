import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { endWithin, Stuck, signalFilter } from '../../src/main/hosts/ending.ts';
import { mustBeClosed } from '../support/leaks.ts';

it('[L17] one Ctrl-C that comes several times is one; a second one later is another', () => {
  let now = 0;
  const isNew = signalFilter(() => now);
  expect([isNew(), isNew()]).toEqual([true, false]);
  now = 250;
  expect(isNew()).toBe(false);
  now = 900;
  expect([isNew(), isNew()]).toEqual([true, false]);
});

it('[L17] what ends in its time ends, its own fault is told, and what never ends is stuck', async () => {
  expect(await endWithin(60_000, 'late', Promise.resolve(1))).toBe(1);
  await expect(endWithin(60_000, 'late', Promise.reject(new Error('own')))).rejects.toThrow('own');
  await expect(endWithin(0, 'late', new Promise(() => undefined))).rejects.toThrow(Stuck);
});

describe.skipIf(process.platform === 'win32')('on a disk that hangs', () => {
  let folder: string;
  let child: ChildProcessByStdio<null, Readable, Readable>;
  let said = '';
  const run = async (givesUp: string): Promise<void> => {
    folder = mkdtempSync(join(tmpdir(), 'warmwire-hung-'));
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    child = spawn(process.execPath, [resolve(import.meta.dirname, 'hungDisk.ts')], {
      env: { ...process.env, HUNG_FILE: pipe, GIVES_UP: givesUp },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    mustBeClosed(
      'a hung program',
      () => child.exitCode === null && child.signalCode === null,
      () => child.kill('SIGKILL'),
    );
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await once(child.stdout, 'data');
  };
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('[L17] the end says so, and the process is gone', async () => {
    await run('yes');
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(said).toContain('could not end cleanly: the disk has not answered');
  });

  it('[L17] a second signal ends the program at once', async () => {
    await run('no');
    child.kill('SIGTERM');
    await once(child.stdout, 'data');
    const pressing = setInterval(() => child.kill('SIGINT'), 50);
    await once(child, 'close');
    clearInterval(pressing);
    expect(child.signalCode).toBe('SIGINT');
  });
});
