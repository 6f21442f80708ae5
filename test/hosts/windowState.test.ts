import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepWindowState, readWindowState, shownOn } from '../../src/main/hosts/windowState.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'warmwire-window-')), 'window.json');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true, force: true }));

const SCREENS = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
];
const LONG_MS = 30_000;
const recalled = async (path = file) => shownOn(SCREENS, await readWindowState(path, LONG_MS));
const at = (x: number, y: number) => ({ bounds: { x, y, width: 1280, height: 800 }, maximized: false });

it('[D1] the window opens where it was left', async () => {
  await keepWindowState(file, { ...at(2000, 40), maximized: true });
  expect(await recalled()).toEqual({ ...at(2000, 40), maximized: true });
});

it.each([
  ['on a screen that is gone', at(4000, 40)],
  ['above every screen', at(100, -900)],
  ['with only a sliver left of it', at(-1250, 40)],
])('[D1] a place %s is forgotten', async (_where, state) => {
  await keepWindowState(file, state);
  expect(await recalled()).toBeNull();
});

it.each(['', '{', 'null', '{"bounds":{"x":"1"}}', '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":false}'])(
  '[D1] a file that says %j harms nothing',
  async (text) => {
    writeFileSync(file, text);
    expect(await recalled()).toBeNull();
  },
);

it('[D1] a folder that cannot be written costs only the place', async () => {
  await keepWindowState(join(file, 'nowhere', 'window.json'), at(0, 0));
  expect(await recalled(join(file, 'nowhere', 'window.json'))).toBeNull();
});

it.skipIf(process.platform === 'win32')('[D1] a disk that does not answer costs only the place', async () => {
  // As such a disk: nobody writes into it.
  spawnSync('mkfifo', [file]);
  expect(await readWindowState(file, 1)).toBeNull();
  writeFileSync(file, '');
});
