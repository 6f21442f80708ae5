import { describe, expect, it } from 'vitest';
import { settingsPaths } from '../../src/main/settings/folders.ts';

describe('settingsPaths', () => {
  it('[C1] the settings are where each platform keeps settings', () => {
    expect(settingsPaths({}, 'linux', '/home/ada', null)).toMatchObject({
      file: '/home/ada/.config/warmwire/warmwire.toml',
      dataFolder: '/home/ada/.local/state/warmwire',
    });
    expect(
      settingsPaths({ XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 'not/absolute' }, 'linux', '/home/ada', null),
    ).toMatchObject({
      file: '/c/warmwire/warmwire.toml',
      dataFolder: '/home/ada/.local/state/warmwire',
    });
    expect(settingsPaths({}, 'darwin', '/Users/ada', null)).toMatchObject({
      file: '/Users/ada/Library/Application Support/Warmwire/warmwire.toml',
      dataFolder: '/Users/ada/Library/Application Support/Warmwire',
    });
    expect(
      settingsPaths({ APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }, 'win32', 'C:\\Users\\ada', null),
    ).toMatchObject({
      file: 'C:\\Users\\ada\\AppData\\Roaming\\Warmwire\\warmwire.toml',
      dataFolder: 'C:\\Users\\ada\\AppData\\Roaming\\Warmwire',
    });
  });

  it('[C1] --config wins over WARMWIRE_CONFIG, WARMWIRE_DATA over the platform', () => {
    const env = { WARMWIRE_CONFIG: '/env.toml', WARMWIRE_DATA: '/data' };
    expect(settingsPaths(env, 'linux', '/home/ada', '/arg.toml')).toMatchObject({
      file: '/arg.toml',
      dataFolder: '/data',
    });
    expect(settingsPaths(env, 'linux', '/home/ada', null).file).toBe('/env.toml');
  });

  it('[C2] each settings file has a last good copy of its own', () => {
    const copyOf = (config: string | null): string => settingsPaths({}, 'linux', '/home/ada', config).lastGoodFile;
    expect(copyOf('/a.toml')).toMatch(/^\/home\/ada\/.local\/state\/warmwire\/last-good\/[0-9a-f]{16}\.toml$/);
    expect(copyOf('/b/../a.toml')).toBe(copyOf('/a.toml'));
    expect(new Set([copyOf('/a.toml'), copyOf('/b.toml'), copyOf(null)]).size).toBe(3);
  });
});
