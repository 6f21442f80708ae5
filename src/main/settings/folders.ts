import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';

export interface SettingsPaths {
  /** `warmwire.toml`. */
  readonly file: string;
  /** Where logs, the last good settings and other state go. */
  readonly dataFolder: string;
  /** The copy of the last good text of this settings file: another one's links must never run in its place. */
  readonly lastGoodFile: string;
}

/**
 * Where settings and data live. `configArg` (from `--config`) wins over `WARMWIRE_CONFIG`, and `WARMWIRE_DATA` over the
 * platform's folder: Linux `$XDG_CONFIG_HOME/warmwire` and `$XDG_STATE_HOME/warmwire`, macOS
 * `~/Library/Application Support/Warmwire`, Windows `%APPDATA%\Warmwire`.
 */
export function settingsPaths(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homedir: string,
  configArg: string | null,
): SettingsPaths {
  const path = platform === 'win32' ? win32 : posix;
  const own = platformFolders(env, platform, homedir);
  const file = path.resolve(configArg || env.WARMWIRE_CONFIG || path.join(own.config, 'warmwire.toml'));
  const dataFolder = path.resolve(env.WARMWIRE_DATA || own.data);
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
  return { file, dataFolder, lastGoodFile: path.join(dataFolder, 'last-good', `${name}.toml`) };
}

function platformFolders(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homedir: string,
): { config: string; data: string } {
  if (platform === 'win32') {
    const folder = win32.join(env.APPDATA || win32.join(homedir, 'AppData', 'Roaming'), 'Warmwire');
    return { config: folder, data: folder };
  }
  if (platform === 'darwin') {
    const folder = posix.join(homedir, 'Library', 'Application Support', 'Warmwire');
    return { config: folder, data: folder };
  }
  // The XDG rules say that a relative path is not valid and is to be ignored.
  const xdg = (name: string, otherwise: string): string => {
    const value = env[name] ?? '';
    return posix.isAbsolute(value) ? value : posix.join(homedir, otherwise);
  };
  return {
    config: posix.join(xdg('XDG_CONFIG_HOME', '.config'), 'warmwire'),
    data: posix.join(xdg('XDG_STATE_HOME', '.local/state'), 'warmwire'),
  };
}
