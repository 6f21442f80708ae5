import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type DiskCalls, realDisk, replaceFile } from '../../src/main/settings/disk.ts';
import { mayMount, mount } from '../support/mounts.ts';
import { A, B, bench } from './storeBench.ts';

/** As the system refuses to put another file in the place of one that is mounted by itself. */
const busy: Partial<DiskCalls> = { rename: () => Promise.reject(Object.assign(new Error('busy'), { code: 'EBUSY' })) };

it.each([[B], [A.slice(0, -1)], ['']])('[C2] a file that cannot be replaced is written in place: %j', async (text) => {
  const { file } = await bench(A);
  const before = await stat(file);
  expect(await replaceFile(file, text, { ...realDisk, ...busy })).toBeNull();
  expect(await readFile(file, 'utf8')).toBe(text);
  expect((await stat(file)).ino).toBe(before.ino);
  expect(await readdir(dirname(file))).toEqual(['warmwire.toml']);
});

it.each([
  ['ENOSPC', 'disk-full'],
  ['EIO', 'save-failed'],
  ['EBUSY', 'in-use'],
])('[C2] one that can neither be written whole has its old text again: %s', async (code, kind) => {
  const { file } = await bench(A);
  let broken = true;
  const open: DiskCalls['open'] = async (path, flags, mode) => {
    const handle = await realDisk.open(path, flags, mode);
    if (path !== file || !broken) return handle;
    broken = false;
    handle.writeFile = async () => {
      await handle.write('[link.b');
      throw Object.assign(new Error(code), { code });
    };
    return handle;
  };
  expect(await replaceFile(file, B, { ...realDisk, ...busy, open })).toMatchObject({ kind });
  expect(await readFile(file, 'utf8')).toBe(A);
});

it('[C2] of one that can neither be written whole nor put back it is not said that it is as it was', async () => {
  const { file } = await bench(A);
  const open: DiskCalls['open'] = async (path, flags, mode) => {
    const handle = await realDisk.open(path, flags, mode);
    if (path === file) handle.writeFile = () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
    return handle;
  };
  expect(await replaceFile(file, B, { ...realDisk, ...busy, open })).toMatchObject({
    kind: 'torn',
    hint: 'look at its disk and save again; your text is still here',
  });
});

it('[D3] what another program writes into it right behind a text that is applied is a conflict, and stays', async () => {
  const { file, open: openStore } = await bench(A);
  const theirs = `${A}# theirs\n`;
  const open: DiskCalls['open'] = async (path, flags, mode) => {
    const handle = await realDisk.open(path, flags, mode);
    if (path !== file) return handle;
    const close = handle.close.bind(handle);
    handle.close = async () => {
      await close();
      await writeFile(file, theirs);
    };
    return handle;
  };
  const store = await openStore({ calls: { ...realDisk, ...busy, open } });
  const outcome = await store.apply(B, store.view().revision);
  expect(outcome).toMatchObject({ ok: true, value: { kind: 'conflict', diskText: theirs } });
  expect(await readFile(file, 'utf8')).toBe(theirs);
});

it.skipIf(!mayMount).each([
  ['from the same disk', []],
  ['from another disk, in a folder that is read-only', ['-t', 'tmpfs', 'tmpfs']],
])('[C2] a Pause is saved in a settings file that is mounted by itself, %s', async (_, disk) => {
  const { folder, file, open } = await bench(A);
  const host = join(folder, 'state');
  await realDisk.mkdir(host);
  if (disk.length > 0) mount(host, ...disk);
  await writeFile(join(host, 'host.toml'), A);
  if (disk.length > 0) {
    mount(dirname(file), '--bind', dirname(file));
  }
  mount(file, '--bind', join(host, 'host.toml'));
  if (disk.length > 0) mount(dirname(file), '-o', 'remount,bind,ro');
  const store = await open({ lastGoodFile: join(folder, 'last-good.toml') });
  expect(await store.setLinkEnabled('a', false)).toMatchObject({ ok: true });
  expect(store.view().unsaved).toEqual([]);
  expect(await readFile(join(host, 'host.toml'), 'utf8')).toBe(`${A}enabled = false\n`);
  expect(await store.apply(B, store.view().revision)).toMatchObject({ ok: true, value: { kind: 'applied' } });
});
