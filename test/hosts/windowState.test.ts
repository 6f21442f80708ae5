import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepWindowState, readWindowState } from '../../src/main/hosts/windowState.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'warmwire-window-')), 'window.json');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true, force: true }));

const SCREENS = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
];
const at = (x: number, y: number) => ({ bounds: { x, y, width: 1280, height: 800 }, maximized: false });

it('[D1] the window opens where it was left', async () => {
  await keepWindowState(file, { ...at(2000, 40), maximized: true });
  expect(readWindowState(file, SCREENS)).toEqual({ ...at(2000, 40), maximized: true });
});

it.each([
  ['on a screen that is gone', at(4000, 40)],
  ['above every screen', at(100, -900)],
  ['with only a sliver left of it', at(-1250, 40)],
])('[D1] a place %s is forgotten', async (_where, state) => {
  await keepWindowState(file, state);
  expect(readWindowState(file, SCREENS)).toBeNull();
});

it.each(['', '{', 'null', '{"bounds":{"x":"1"}}', '{"bounds":{"x":0,"y":0,"width":1,"height":1},"maximized":false}'])(
  '[D1] a file that says %j harms nothing',
  (text) => {
    writeFileSync(file, text);
    expect(readWindowState(file, SCREENS)).toBeNull();
  },
);

it('[D1] a folder that cannot be written costs only the place', async () => {
  await keepWindowState(join(file, 'nowhere', 'window.json'), at(0, 0));
  expect(readWindowState(join(file, 'nowhere', 'window.json'), SCREENS)).toBeNull();
});
