import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCaFile } from '../../src/main/settings/caFile.ts';
import { GYM_CA, GYM_CA_FILE } from '../gym/venue.ts';
import { temporaryFolder } from './fixtures.ts';

const messageOf = (path: string): string | null => {
  const read = readCaFile(path);
  return read.ok ? null : read.problem.message.replace(path, 'it');
};

it('[C2] a certificate file is read; one that is none, or is gone, says so', async () => {
  const other = join(await temporaryFolder(), 'other.pem');
  await writeFile(other, 'hello');
  expect(readCaFile(GYM_CA_FILE)).toEqual({ ok: true, value: GYM_CA });
  expect(messageOf(other)).toBe('it holds no PEM certificate');
  expect(messageOf('/nowhere.pem')).toBe('it cannot be read (ENOENT)');
});

it.skipIf(process.platform === 'win32')('[C2] a pipe, a device, a folder and a huge file hold up nobody', async () => {
  const folder = await temporaryFolder();
  const [pipe, huge] = [join(folder, 'pipe'), join(folder, 'huge.pem')];
  execFileSync('mkfifo', [pipe]);
  await writeFile(huge, GYM_CA.padEnd(1024 * 1024 + 1));
  for (const path of [pipe, '/dev/zero', folder]) expect(messageOf(path)).toBe('it is not an ordinary file');
  expect(messageOf(huge)).toBe('it has over 1 MiB');
});
