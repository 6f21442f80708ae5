import { expect, it } from 'vitest';
import { homeFolder } from '../../src/main/hosts/homeFolder.ts';

it.each([
  [
    'none',
    () => {
      throw new Error('uv_os_homedir returned ENOENT');
    },
  ],
  ['an empty one', () => ''],
  ['one that is no whole path', () => 'ada'],
])('[C1] an account with %s is told what to set instead, and nothing goes to the working folder', (_, find) => {
  expect(() => homeFolder(find)).toThrow(/^this account has no home folder: set WARMWIRE_CONFIG .* WARMWIRE_DATA/);
  expect(homeFolder(() => '/home/ada')).toBe('/home/ada');
});
