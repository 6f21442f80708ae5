import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, type PathLike, readdirSync, rmSync } from 'node:fs';
import { open, lstat as realLstat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { claimFolder, type FolderClaim } from '../src/main/folderClaim.ts';
import { FakeClock } from './support/fakeClock.ts';
import { until } from './support/until.ts';

let folder: string;
const claims: FolderClaim[] = [];
/** What this process was told of the folder, newest last; nothing while it is its own. */
const claim = async (clock = new FakeClock(), machine = 'here'): Promise<boolean[]> => {
  const told: boolean[] = [];
  claims.push(await claimFolder(folder, clock, (isShared) => told.push(isShared), { machine }));
  return told;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warmwire-claim-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of claims.splice(0)) await one.release();
  rmSync(folder, { recursive: true });
});

it('[C2] a data folder is one process’s: a second one is told, and who comes when both have ended is not', async () => {
  expect(await claim()).toEqual([]);
  expect(await claim()).toEqual([true]);
  claims.push(await claimFolder(join(folder, 'other'), new FakeClock(), () => expect.fail('it is nobody’s')));
  await claims[0]?.release();
  expect(await claim(), 'the second is still there').toEqual([true]);
  for (const one of claims.splice(0)) await one.release();
  expect(await claim()).toEqual([]);
});

it.skipIf(process.platform === 'win32')(
  '[C2] who has another folder for temporary files, as each service of its own has, is told too',
  async () => {
    expect(await claim()).toEqual([]);
    vi.stubEnv('TMPDIR', '/nowhere');
    expect(await claim()).toEqual([true]);
    for (const one of claims.splice(0)) await one.release();
    expect(readdirSync(folder), 'nothing is left of it').toEqual([]);
  },
);

it.each([
  ['has too long a path for a socket', () => join(folder, 'x'.repeat(100))],
  ['cannot hold one', () => join(import.meta.filename, 'data')],
])('[C2] a data folder that %s is one process’s all the same', async (_, path) => {
  const told: boolean[] = [];
  for (let start = 0; start < 2; start += 1) {
    claims.push(await claimFolder(path(), new FakeClock(), (isShared) => told.push(isShared)));
  }
  expect(told).toEqual([true]);
});

it.skipIf(process.platform === 'win32')(
  '[C2] [G4] what another account has put into the folder for temporary files claims nothing, and stays; in the data folder it does',
  async () => {
    const lstat = (async (path: string) => ({ ...(await realLstat(path)), uid: 4_242 })) as typeof realLstat;
    const told: boolean[] = [];
    const claimed = async (path: string): Promise<void> => {
      claims.push(await claimFolder(path, new FakeClock(), (isShared) => told.push(isShared), { lstat }));
    };
    vi.stubEnv('TMPDIR', folder);
    for (let start = 0; start < 2; start += 1) await claimed(join(folder, 'x'.repeat(100)));
    expect(told).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(2);
    for (let start = 0; start < 2; start += 1) await claimed(folder);
    expect(told).toEqual([true]);
  },
);

it('[C2] who is not the first takes the folder over when that has ended, and the next start is told of it', async () => {
  const clock = new FakeClock();
  await claim();
  const told = await claim(clock);
  await clock.advance(2_000);
  // A try that finds the name taken arms the next one.
  await until(() => expect(clock.pending).toBe(1));
  expect(told).toEqual([true]);
  await claims[0]?.release();
  await clock.advance(2_000);
  await until(() => expect(told).toEqual([true, false]));
  expect(clock.pending).toBe(0);
  expect(await claim()).toEqual([true]);
});

it('[C2] who was not the first and has ended tries no more', async () => {
  const clock = new FakeClock();
  await claim();
  const told = await claim(clock);
  await clock.advance(2_000);
  await claims[1]?.release();
  expect(clock.pending).toBe(0);
  await claims[0]?.release();
  expect(await claim()).toEqual([]);
  expect(told).toEqual([true]);
});

/** A process that claims the folder and is killed; `meanwhile` it lives. */
async function killed(meanwhile: () => Promise<void>): Promise<void> {
  const script = `import { claimFolder } from ${JSON.stringify(new URL('../src/main/folderClaim.ts', import.meta.url).href)};
    const clock = { now: () => 0, at: () => () => undefined };
    await claimFolder(${JSON.stringify(folder)}, clock, () => console.log('shared'), { machine: 'here' }); console.log('claimed');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said).trim()).toBe('claimed');
  await meanwhile();
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('[C2] a process that was killed claims nothing any more', async () => {
  await killed(async () => expect(await claim()).toEqual([true]));
  expect(await claim()).toEqual([true]);
  for (const one of claims.splice(0)) await one.release();
  expect(await claim()).toEqual([]);
});

it('[C2] of several that start at once after one was killed at most one believes that it is alone', async () => {
  for (let round = 0; round < 3; round += 1) {
    await killed(() => Promise.resolve());
    const told = await Promise.all(Array.from({ length: 8 }, () => claim()));
    expect(told.filter((one) => one.length === 0).length).toBeLessThanOrEqual(1);
    expect(await claim(), 'and who comes later is told').toEqual([true]);
    for (const one of claims.splice(0)) await one.release();
  }
});

it.skipIf(process.platform === 'win32')(
  '[C2] what another machine has in a folder of both stays: nothing answers here while its process lives there',
  async () => {
    await killed(() => Promise.resolve());
    const left = readdirSync(folder);
    expect(left).toHaveLength(1);
    expect(await claim(new FakeClock(), 'there')).toEqual([]);
    for (const one of claims.splice(0)) await one.release();
    expect(readdirSync(folder)).toEqual(left);
    expect(await claim()).toEqual([]);
    for (const one of claims.splice(0)) await one.release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

it.skipIf(process.platform === 'win32')(
  '[L17] a disk that hangs holds up the end of a claim, and nothing else',
  async () => {
    let hangs: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => {
      hangs = resolve;
    });
    let goesOn: () => void = () => undefined;
    const unlink = async (path: PathLike): Promise<void> => {
      if (!String(path).endsWith('.sock')) return rmSync(path);
      hangs();
      await new Promise<void>((resolve) => {
        goesOn = resolve;
      });
      rmSync(path);
    };
    const held = await claimFolder(folder, new FakeClock(), () => undefined, { unlink });
    const released = held.release();
    await hanging;
    expect(readdirSync(folder), 'what is closed unlinks its path on the only thread').toHaveLength(1);
    goesOn();
    await released;
    expect(readdirSync(folder)).toEqual([]);
  },
);

it.skipIf(process.platform === 'win32')(
  '[C2] no socket is bound in a folder until its disk has just taken a file: that would hold up the only thread',
  async () => {
    const hanging = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const held = async (...args: Parameters<typeof open>) => {
      hanging.resolve();
      await answered.promise;
      return open(...args);
    };
    let isClaimed = false;
    const claiming = claimFolder(folder, new FakeClock(), () => undefined, { open: held }).then((one) => {
      claims.push(one);
      isClaimed = true;
    });
    await Promise.race([hanging.promise, claiming]);
    expect(await claim(), 'another is not held up, and finds nothing').toEqual([]);
    expect([isClaimed, readdirSync(folder).length]).toEqual([false, 1]);
    answered.resolve();
    await claiming;
    expect(readdirSync(folder).filter((name) => name.endsWith('.sock'))).toHaveLength(2);
    expect(readdirSync(folder), 'what was tried is taken away').toHaveLength(2);
  },
);

it.skipIf(process.platform === 'win32')(
  '[C2] where no folder takes a socket the claim says that nobody sees it',
  async () => {
    claims.push(await claimFolder(folder, new FakeClock(), () => undefined));
    expect(claims[0]?.isVisible).toBe(true);
    vi.stubEnv('TMPDIR', join(import.meta.filename, 'none'));
    claims.push(await claimFolder(join(import.meta.filename, 'data'), new FakeClock(), () => undefined));
    expect(claims[1]?.isVisible).toBe(false);
  },
);
