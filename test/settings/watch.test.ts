import { rename, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type DiskCalls, realDisk } from '../../src/main/settings/disk.ts';
import { watchesThat } from './fakeWatches.ts';
import { A, B, bench, failing, names, nextView } from './storeBench.ts';

it.each([['fail' as const], ['say nothing' as const]])(
  '[D3] edits are noticed where the system’s watches %s, written in place and put in its place',
  async (what) => {
    watchesThat(what);
    const { file, open } = await bench(A);
    const store = await open();
    const inPlace = nextView(store, ({ text }) => text === B);
    await writeFile(file, B);
    await inPlace;
    const replaced = nextView(store, ({ text }) => text === A);
    await writeFile(`${file}.new`, A);
    await rename(`${file}.new`, file);
    expect((await replaced).running).toBe('this file');
  },
);

/** A disk whose files can be read again once it is `mended`, which changes nothing of the files. */
function faultyDisk(): { readonly calls: DiskCalls; fail(): void; mend(): void } {
  let calls: DiskCalls = realDisk;
  return {
    calls: { ...realDisk, readFile: ((...input: [string]) => calls.readFile(...input)) as typeof realDisk.readFile },
    fail: () => {
      calls = failing('EIO', 'readFile');
    },
    mend: () => {
      calls = realDisk;
    },
  };
}

it('[C2] [D3] a file that could not be read is taken once it can be, which its disk tells nobody', async () => {
  const { open } = await bench(B);
  const disk = faultyDisk();
  disk.fail();
  const store = await open({ calls: disk.calls });
  expect(store.view()).toMatchObject({
    running: 'the built-in settings',
    fileTrouble: 'the settings file cannot be read: EIO',
  });
  const found = nextView(store, ({ running }) => running === 'this file');
  disk.mend();
  await found;
  expect(names(store)).toEqual(['a', 'b']);
});
