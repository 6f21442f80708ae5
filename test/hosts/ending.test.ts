import { expect, it } from 'vitest';
import { signalFilter } from '../../src/main/hosts/ending.ts';

it('[L17] one Ctrl-C that comes several times is one; a second one later is another', () => {
  let now = 0;
  const isNew = signalFilter(() => now);
  expect([isNew(), isNew()]).toEqual([true, false]);
  now = 250;
  expect(isNew()).toBe(false);
  now = 900;
  expect([isNew(), isNew()]).toEqual([true, false]);
});
