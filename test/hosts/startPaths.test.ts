import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { startPaths } from '../../src/main/hosts/startPaths.ts';
import { realDisk } from '../../src/main/settings/disk.ts';
import { temporaryFolder } from '../settings/fixtures.ts';

const never = new Promise<never>(() => undefined);

/** A file that is not there, in a data folder without a copy of it. */
async function nowhere() {
  const folder = await temporaryFolder();
  const env = { WARMWIRE_DATA: join(folder, 'data') };
  const file = join(folder, 'warmwir.toml');
  return { env, file, from: (calls = realDisk) => startPaths(env, file, calls) };
}

it('[C1] a file that --config names and that is not there ends the start, with its whole path', async () => {
  const { env, file, from } = await nowhere();
  const refusal = `there is no settings file ${file}: --config takes one that is there`;
  await expect(from()).rejects.toThrow(refusal);
  expect((await startPaths({ ...env, WARMWIRE_CONFIG: file }, null, realDisk)).file, 'a place for the first one').toBe(
    file,
  );
  await writeFile(file, '');
  expect((await from()).file).toBe(file);
});

it('[C2] one that has run here before may be away: its copy stands in', async () => {
  const { env, file, from } = await nowhere();
  const { lastGoodFile } = await startPaths({ ...env, WARMWIRE_CONFIG: file }, null, realDisk);
  await mkdir(dirname(lastGoodFile), { recursive: true });
  await writeFile(lastGoodFile, '');
  expect((await from()).lastGoodFile).toBe(lastGoodFile);
});

it('[C2] one whose disk does not answer, or that cannot be looked at, is left to the start', async () => {
  const { file, from } = await nowhere();
  const stat = (async (path: string) => (path === file ? never : realDisk.stat(path))) as typeof realDisk.stat;
  expect((await from({ ...realDisk, stat })).file).toBe(file);
  const refused = () => Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }));
  expect((await from({ ...realDisk, stat: refused })).file).toBe(file);
});
