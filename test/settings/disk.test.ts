import type { Stats } from 'node:fs';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DiskCalls,
  type Pause,
  readingRevision,
  readSettled,
  realDisk,
  replaceFile,
  revisionOf,
} from '../../src/main/settings/disk.ts';
import { temporaryFolder } from './fixtures.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'warmwire.toml');
});

describe('readSettled', () => {
  /** A clock of its own: `does` at its time, once the clock has come there. */
  const clock = (at: number, does: () => Promise<void>): { readonly pause: Pause; readonly now: () => number } => {
    let now = 0;
    let done = false;
    const pause = async (ms: number): Promise<void> => {
      now += ms;
      if (now < at || done) return;
      done = true;
      await does();
    };
    return { pause, now: () => now };
  };

  it('[D3] a file that an editor empties and writes 1.9 s later is never taken as empty', async () => {
    await writeFile(file, '');
    const { pause, now } = clock(1_900, () => writeFile(file, 'new'));
    expect(await readSettled(file, revisionOf('old'), realDisk, pause)).toMatchObject({ text: 'new' });
    expect(now()).toBeLessThan(2_500);
  });

  it('[D3] one that stays empty is meant so after 2 s', async () => {
    await writeFile(file, '');
    const { pause, now } = clock(Number.POSITIVE_INFINITY, () => Promise.resolve());
    expect(await readSettled(file, revisionOf('old'), realDisk, pause)).toMatchObject({ text: '' });
    expect(now()).toBeGreaterThanOrEqual(2_000);
    expect(now()).toBeLessThan(2_500);
  });

  it.each([
    ['a text', () => writeFile(file, 'new'), revisionOf('new')],
    ['nothing at all', () => Promise.resolve(), 'no file'],
  ])('[D3] %s is taken after 150 ms', async (_, does, revision) => {
    await does();
    const { pause, now } = clock(Number.POSITIVE_INFINITY, () => Promise.resolve());
    const reading = await readSettled(file, revisionOf('old'), realDisk, pause);
    expect(reading.kind === 'missing' ? 'no file' : readingRevision(reading)).toBe(revision);
    expect(now()).toBe(150);
  });

  it('[D3] the empty file that is known is known at once', async () => {
    await writeFile(file, '');
    const { pause, now } = clock(Number.POSITIVE_INFINITY, () => Promise.resolve());
    await readSettled(file, revisionOf(''), realDisk, pause);
    expect(now()).toBe(0);
  });
});

describe('replaceFile', () => {
  /** As if the file that is replaced were another account's. */
  function owned(by: { uid: number; gid: number }, mayChown: (uid: number) => boolean) {
    const given: (readonly [uid: number, gid: number])[] = [];
    let made: { uid: number; gid: number } | null = null;
    const calls: DiskCalls = {
      ...realDisk,
      stat: (async (path: string) => {
        const about = await realDisk.stat(path);
        const own = path === file ? by : (made ?? { uid: 1000, gid: 1000 });
        return Object.assign(Object.create(Object.getPrototypeOf(about)) as Stats, about, own);
      }) as DiskCalls['stat'],
      chown: async (_path, uid, gid) => {
        if (!mayChown(uid)) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
        given.push([uid, gid]);
        made = { uid, gid };
      },
    };
    return { calls, given };
  }

  it.skipIf(process.platform === 'win32')('[C2] what was answered as saved is on the disk, its name too', async () => {
    const done: string[] = [];
    const calls: DiskCalls = {
      ...realDisk,
      open: async (path, flags, mode) => {
        const handle = await realDisk.open(path, flags, mode);
        const sync = async (): Promise<void> => void done.push(path === folder ? 'folder' : 'file');
        return Object.assign(handle, { sync });
      },
      rename: async (from, to) => {
        await realDisk.rename(from, to);
        done.push('rename');
      },
    };
    expect(await replaceFile(file, 'text', calls)).toBeNull();
    expect(done).toEqual(['file', 'rename', 'folder']);
    const unopened = {
      ...realDisk,
      open: (async (path, flags, mode) => {
        if (path === folder) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
        return realDisk.open(path, flags, mode);
      }) as DiskCalls['open'],
    };
    expect(await replaceFile(file, 'other', unopened), 'a folder may be one that nobody can open').toBeNull();
  });

  it.each([
    ['root gives it back to its owner', () => true, [[7, 8]]],
    ['its group stays where the owner may not be another', (uid: number) => uid === 1000, [[1000, 8]]],
    ['who may neither saves it all the same', () => false, []],
  ])('[C2] the owner of a file: %s', async (_, mayChown, wanted) => {
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    const { calls, given } = owned({ uid: 7, gid: 8 }, mayChown);
    expect(await replaceFile(file, 'new', calls)).toBeNull();
    expect(given).toEqual(wanted);
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['warmwire.toml']);
  });

  it('[L10] while it is written nobody else can read what only its owner could', async () => {
    await writeFile(file, 'old');
    await chmod(file, 0o600);
    const modes: number[] = [];
    const chmodding = async (path: Parameters<DiskCalls['chmod']>[0], mode: Parameters<DiskCalls['chmod']>[1]) => {
      modes.push((await stat(`${path}`)).mode & 0o777);
      await realDisk.chmod(path, mode);
    };
    expect(await replaceFile(file, 'new', { ...realDisk, chmod: chmodding })).toBeNull();
    expect(modes).toEqual([0o600]);
  });

  it('[L10] a new file is its owner’s only, whatever the umask would let it be', async () => {
    const before = process.umask(0);
    try {
      expect(await replaceFile(join(folder, 'new/a'), 'x', realDisk)).toBeNull();
    } finally {
      process.umask(before);
    }
    expect((await stat(join(folder, 'new/a'))).mode & 0o777).toBe(0o600);
  });
});
