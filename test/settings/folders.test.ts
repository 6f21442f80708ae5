import { describe, expect, it } from 'vitest';
import { settingsPaths } from '../../src/main/settings/folders.ts';

const ada = (): string => '/home/ada';
const nobody = (): never => {
  throw new Error('asked for a home');
};

describe('settingsPaths', () => {
  it('[C1] the settings are where each platform keeps settings', () => {
    expect(settingsPaths({}, 'linux', ada, null)).toMatchObject({
      file: '/home/ada/.config/warmwire/warmwire.toml',
      dataFolder: '/home/ada/.local/state/warmwire',
    });
    expect(settingsPaths({ XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 'not/absolute' }, 'linux', ada, null)).toMatchObject({
      file: '/c/warmwire/warmwire.toml',
      dataFolder: '/home/ada/.local/state/warmwire',
    });
    expect(settingsPaths({}, 'darwin', () => '/Users/ada', null)).toMatchObject({
      file: '/Users/ada/Library/Application Support/Warmwire/warmwire.toml',
      dataFolder: '/Users/ada/Library/Application Support/Warmwire',
    });
    expect(
      settingsPaths({ APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }, 'win32', () => 'C:\\Users\\ada', null),
    ).toMatchObject({
      file: 'C:\\Users\\ada\\AppData\\Roaming\\Warmwire\\warmwire.toml',
      dataFolder: 'C:\\Users\\ada\\AppData\\Roaming\\Warmwire',
    });
  });

  it('[C1] --config wins over WARMWIRE_CONFIG, WARMWIRE_DATA over the platform', () => {
    const env = { WARMWIRE_CONFIG: '/env.toml', WARMWIRE_DATA: '/data' };
    expect(settingsPaths(env, 'linux', ada, '/arg.toml')).toMatchObject({
      file: '/arg.toml',
      dataFolder: '/data',
    });
    expect(settingsPaths(env, 'linux', ada, null).file).toBe('/env.toml');
  });

  it('[C1] the home folder is asked for only where something is found by it', () => {
    const all = { WARMWIRE_CONFIG: '/c.toml', WARMWIRE_DATA: '/data' };
    expect(settingsPaths(all, 'linux', nobody, null)).toMatchObject({ file: '/c.toml', dataFolder: '/data' });
    const xdg = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' };
    expect(settingsPaths(xdg, 'linux', nobody, null).dataFolder).toBe('/s/warmwire');
    for (const [env, configArg] of [
      [{}, null],
      [{ WARMWIRE_DATA: '/data' }, null],
      [{ WARMWIRE_CONFIG: '/c.toml', WARMWIRE_DATA: '' }, '/c.toml'],
    ] as const) {
      expect(() => settingsPaths(env, 'linux', nobody, configArg), JSON.stringify(env)).toThrow('asked for a home');
    }
  });

  it('[C2] each settings file has a last good copy of its own', () => {
    const copyOf = (config: string | null): string => settingsPaths({}, 'linux', ada, config).lastGoodFile;
    expect(copyOf('/a.toml')).toMatch(/^\/home\/ada\/.local\/state\/warmwire\/last-good\/[0-9a-f]{16}\.toml$/);
    expect(copyOf('/b/../a.toml')).toBe(copyOf('/a.toml'));
    expect(new Set([copyOf('/a.toml'), copyOf('/b.toml'), copyOf(null)]).size).toBe(3);
  });
});
