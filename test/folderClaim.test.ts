import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimFolder, type FolderClaim } from '../src/main/folderClaim.ts';

let folder: string;
const claims: FolderClaim[] = [];
const claim = async (): Promise<boolean> => {
  const made = await claimFolder(folder);
  claims.push(made);
  return made.isFirst;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-claim-'));
});
afterEach(async () => {
  for (const one of claims.splice(0)) await one.release();
  rmSync(folder, { recursive: true });
});

it('[C2] a data folder is one process’s: a second one is told, and the next after the first has ended is not', async () => {
  expect(await claim()).toBe(true);
  expect(await claim()).toBe(false);
  const other = await claimFolder(join(folder, 'other'));
  claims.push(other);
  expect(other.isFirst).toBe(true);
  await claims[0]?.release();
  expect(await claim()).toBe(true);
});

it('[C2] a process that was killed claims nothing any more', async () => {
  const script = `import { claimFolder } from ${JSON.stringify(new URL('../src/main/folderClaim.ts', import.meta.url).href)};
    console.log((await claimFolder(${JSON.stringify(folder)})).isFirst); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said).trim()).toBe('true');
  expect(await claim()).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await claim()).toBe(true);
});
