import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { RestartFile } from '../src/main/restartFile.ts';
import { realDisk } from '../src/main/settings/disk.ts';
import { failing } from './settings/storeBench.ts';

const folder = mkdtempSync(join(tmpdir(), 'warmwire-restarts-'));
const file = join(folder, 'deeper', 'restarts.json');
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('[H6] restarts of venues are there again after a restart of Warmwire, the last that was saved', async () => {
  const troubles: string[] = [];
  const first = new RestartFile(file, (message) => troubles.push(message));
  expect(await first.read()).toEqual({});
  first.save({ venue: [1] });
  first.save({ venue: [1, 2] });
  await first.close();
  expect(await new RestartFile(file, () => undefined).read()).toEqual({ venue: [1, 2] });
  expect(troubles).toEqual([]);
  writeFileSync(file, '{"version":1,"restarts":{"venue":["x"]}}');
  expect(await first.read()).toEqual({});
  expect(troubles).toEqual([expect.stringMatching(/cannot be read: daily restarts are learned anew/)]);
});

it('[H6] [S4] a full disk loses nothing but the file: it is said, and the next save goes through', async () => {
  const troubles: string[] = [];
  let full = true;
  const open: typeof realDisk.open = (...input) =>
    full
      ? Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }))
      : realDisk.open(...input);
  const kept = new RestartFile(file, (message) => troubles.push(message), { ...realDisk, open });
  kept.save({ venue: [1] });
  await kept.close();
  expect(troubles).toEqual([expect.stringContaining('restarts of venues cannot be kept')]);
  full = false;
  kept.save({ venue: [1, 2] });
  await kept.close();
  expect(JSON.parse(readFileSync(file, 'utf8')).restarts).toEqual({ venue: [1, 2] });
});

it('[H6] times that cannot be read are set aside before others are written', async () => {
  const first = new RestartFile(file, () => undefined);
  first.save({ venue: [1, 2] });
  await first.close();
  const troubles: string[] = [];
  const next = new RestartFile(file, (message) => troubles.push(message), failing('EMFILE', 'readFile'));
  expect(await next.read()).toEqual({});
  next.save({ other: [9] });
  next.save({ other: [9, 10] });
  await next.close();
  expect(JSON.parse(readFileSync(`${file}.earlier`, 'utf8')).restarts).toEqual({ venue: [1, 2] });
  expect(JSON.parse(readFileSync(file, 'utf8')).restarts).toEqual({ other: [9, 10] });
  expect(troubles).toEqual([expect.stringMatching(/cannot be read: .* it will be set aside$/)]);
});

it('[H6] what is saved while an earlier file is still being read is written after that', async () => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{"version":1,"restarts":{"venue":[1]}}');
  const answered = Promise.withResolvers<void>();
  const readFile = async (path: string) => {
    await answered.promise;
    return realDisk.readFile(path, 'utf8');
  };
  const kept = new RestartFile(file, () => undefined, { ...realDisk, readFile: readFile as never });
  const reading = kept.read();
  kept.save({ venue: [1, 2] });
  answered.resolve();
  expect(await reading).toEqual({ venue: [1] });
  await kept.close();
  expect(JSON.parse(readFileSync(file, 'utf8')).restarts).toEqual({ venue: [1, 2] });
});
