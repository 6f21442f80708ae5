import { expect, it } from 'vitest';
import { homeFolder } from '../../src/main/hosts/homeFolder.ts';

const none = (): never => {
  throw new Error('uv_os_homedir returned ENOENT');
};

it('[C1] an account without a home folder runs where both paths are given, and nobody asks for it', () => {
  expect(homeFolder({ WARMWIRE_CONFIG: '/c.toml', WARMWIRE_DATA: '/data' }, null, none)).toBe('');
  expect(homeFolder({ WARMWIRE_DATA: '/data' }, '/c.toml', none)).toBe('');
});

it.each([
  [{}, null],
  [{ WARMWIRE_DATA: '/data' }, null],
  [{ WARMWIRE_CONFIG: '/c.toml', WARMWIRE_DATA: '' }, '/c.toml'],
])('[C1] where it is needed and missing a sentence names what to set instead: %j', (env, configArg) => {
  expect(() => homeFolder(env, configArg, none)).toThrow(
    /^this account has no home folder: set WARMWIRE_CONFIG .* WARMWIRE_DATA/,
  );
  expect(homeFolder(env, configArg, () => '/home/ada')).toBe('/home/ada');
});
