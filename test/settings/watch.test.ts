import { rename, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { watchesThat } from './fakeWatches.ts';
import { A, B, bench, nextView } from './storeBench.ts';

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
