import fs from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, expect, it } from 'vitest';
import { A, B, bench, nextView } from './storeBench.ts';

const { watch } = fs;
const watchesBy = (other: typeof fs.watch): void => {
  fs.watch = other;
  syncBuiltinESMExports();
};
afterEach(() => watchesBy(watch));

const refused = (): never => {
  throw Object.assign(new Error('no space left for watches'), { code: 'ENOSPC' });
};
/** As on a disk whose edits are made by another machine. */
const silent = ((path: string) => watch(path, () => undefined)) as typeof fs.watch;

it.each([
  ['a system without watches to give', refused as typeof fs.watch],
  ['a disk that tells nothing', silent],
])('[D3] edits are noticed on %s, written in place and put in its place', async (_, other) => {
  watchesBy(other);
  const { file, open } = await bench(A);
  const store = await open();
  const inPlace = nextView(store, ({ text }) => text === B);
  await writeFile(file, B);
  await inPlace;
  const replaced = nextView(store, ({ text }) => text === A);
  await writeFile(`${file}.new`, A);
  await rename(`${file}.new`, file);
  await replaced;
});
