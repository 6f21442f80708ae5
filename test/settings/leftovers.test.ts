import { spawnSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { realDisk } from '../../src/main/settings/disk.ts';
import { nameBeside, removeLeftovers } from '../../src/main/settings/leftovers.ts';
import { temporaryFolder } from './fixtures.ts';

it('[L10] what a kill has left beside the settings goes at the next start, and nothing else', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'w.toml');
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const left = [`.w.toml.${gone}-abc123`, `.w.toml.${gone}-abc123-x1`, `.w.toml.${process.pid}-abc123-x1`];
  const kept = [
    'w.toml',
    basename(nameBeside(file)),
    `.w.toml.${process.ppid}-abc123-x1`,
    `.other.toml.${gone}-abc123`,
    '.w.toml.swp',
    `.w.toml.${gone}-notes.txt`,
  ];
  for (const name of [...left, ...kept]) await writeFile(join(folder, name), '');
  await removeLeftovers(file, realDisk);
  expect((await readdir(folder)).sort()).toEqual([...kept].sort());
});

it.skipIf(process.platform === 'win32')('[L10] of a link it lies beside the file', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'real'));
  await writeFile(join(folder, 'real/w.toml'), '');
  await writeFile(join(folder, `real/.w.toml.${process.pid}-abc123-x1`), '');
  await symlink(join(folder, 'real/w.toml'), join(folder, 'linked.toml'));
  await removeLeftovers(join(folder, 'linked.toml'), realDisk);
  expect(await readdir(join(folder, 'real'))).toEqual(['w.toml']);
  await removeLeftovers(join(folder, 'nowhere/w.toml'), realDisk);
});
