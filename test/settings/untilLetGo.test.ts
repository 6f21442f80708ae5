import { writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { realDisk, replaceFile, revisionOf } from '../../src/main/settings/disk.ts';
import { untilLetGo } from '../../src/main/settings/untilLetGo.ts';
import { bench } from './storeBench.ts';

/** A file that is held for so many tries. */
function held(code: string, tries: number) {
  const waits: number[] = [];
  let asked = 0;
  const task = async (): Promise<void> => {
    asked += 1;
    if (asked <= tries) throw Object.assign(new Error(code), { code });
  };
  const pause = async (ms: number) => waits.push(ms);
  return { task, pause, waits };
}

it.each(['EPERM', 'EACCES', 'EBUSY'])(
  '[D3] on Windows a file that is held (%s) is replaced once it is let go',
  async (code) => {
    const { task, pause, waits } = held(code, 3);
    await untilLetGo(task, 'win32', pause);
    expect(waits).toEqual([100, 100, 100]);
  },
);

it.each([
  ['win32', 'EPERM', 2_000],
  ['win32', 'ENOSPC', 0],
  ['linux', 'EPERM', 0],
] as const)('[D3] on %s %s is believed after %i ms', async (platform, code, ms) => {
  const { task, pause, waits } = held(code, Number.POSITIVE_INFINITY);
  await expect(untilLetGo(task, platform, pause)).rejects.toThrow(code);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(ms);
});

it('[D3] what another program saves while it holds the settings file is not written over', async () => {
  const { file } = await bench('before');
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'win32' });
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: platform }));
  const rename = vi.fn(async () => {
    await writeFile(file, 'theirs');
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  });
  expect(await replaceFile(file, 'ours', { ...realDisk, rename }, revisionOf('before'))).toMatchObject({
    kind: 'changed',
  });
  expect(rename).toHaveBeenCalledOnce();
});
