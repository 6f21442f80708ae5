import { lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mayMount, mount } from '../support/mounts.ts';
import { A, B, bench, names, nextView } from './storeBench.ts';

/** The settings file is a link to one on a disk, which comes and goes as a mounted one does: without a word. */
async function onDisk() {
  const made = await bench(null);
  const disk = join(made.folder, 'mnt');
  const target = join(disk, 'w.toml');
  await mkdir(disk);
  await writeFile(target, A);
  await symlink(target, made.file);
  const come = async (text: string): Promise<void> => {
    const other = join(made.folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'w.toml'), text);
    // What lies under a mounted disk is still there.
    await rename(disk, join(made.folder, 'under')).catch(() => undefined);
    await rename(other, disk);
  };
  const go = async (): Promise<void> => {
    await rename(disk, join(made.folder, 'away'));
    await mkdir(disk);
  };
  return { ...made, disk, target, come, go };
}

it.each([[true], [false]])(
  '[D3] the file that a link leads to is taken when its disk comes late: its folder there %s',
  async (isThere) => {
    const { disk, open, come, go } = await onDisk();
    await (await open()).close();
    await go();
    if (!isThere) await rm(disk, { recursive: true });
    const store = await open();
    expect(names(store)).toEqual(['a']);
    const came = nextView(store, (view) => view.running === 'this file');
    await come(B);
    expect((await came).text).toBe(B);
    const edited = nextView(store, (view) => view.text === A);
    await writeFile(join(disk, 'w.toml'), A);
    await edited;
  },
);

it('[D3] and when it goes and comes back while Warmwire runs', async () => {
  const { open, come, go } = await onDisk();
  const store = await open();
  const gone = nextView(store, (view) => view.fileTrouble !== null);
  await go();
  expect((await gone).fileTrouble).toContain('the settings file is gone');
  const came = nextView(store, (view) => view.text === B);
  await come(B);
  expect((await came).running).toBe('this file');
});

it.skipIf(!mayMount)(
  '[D3] edits on a disk that was mounted late are noticed, in place and put in its place',
  async () => {
    const { target, file, disk, open } = await onDisk();
    await rm(target);
    const store = await open();
    const came = nextView(store, ({ text }) => text === A);
    mount(disk, '-t', 'tmpfs', 'tmpfs');
    await writeFile(target, A);
    await came;
    for (const text of [B, A, B]) {
      const edited = nextView(store, (view) => view.text === text);
      await writeFile(target, text);
      await edited;
    }
    const replaced = nextView(store, (view) => view.text === A);
    await writeFile(join(disk, 'new'), A);
    await rename(join(disk, 'new'), target);
    await replaced;
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
  },
);

it('[D3] a link that leads nowhere now is noticed, and Apply makes the file that it leads to', async () => {
  const { folder, file, open } = await onDisk();
  const store = await open();
  const gone = nextView(store, (view) => view.fileTrouble !== null);
  const next = join(folder, 'next.toml');
  await symlink('../next.toml', `${file}.new`);
  await rename(`${file}.new`, file);
  const { revision } = await gone;
  expect(await store.apply(B, revision)).toMatchObject({ ok: true, value: { kind: 'applied' } });
  expect([(await lstat(file)).isSymbolicLink(), await readFile(next, 'utf8')]).toEqual([true, B]);
});

it('[D3] a link into a folder that is not there stays a link, and the answer says what to do', async () => {
  const { disk, file, open } = await onDisk();
  const store = await open();
  await rm(disk, { recursive: true });
  expect(await store.apply(B, null)).toMatchObject({
    ok: false,
    problem: { kind: 'no-folder', message: 'the file is a link into a folder that is not there' },
  });
  expect((await lstat(file)).isSymbolicLink()).toBe(true);
});
