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
 * `~/Library/Application Support/Warmwire`, Windows `%APPDATA%\Warmwire`. Asks for the home folder only where one is found by it.
 */
export function settingsPaths(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homedir: () => string,
  configArg: string | null,
): SettingsPaths {
  const path = platform === 'win32' ? win32 : posix;
  const own = (what: What): string => platformFolder(what, env, platform, homedir);
  const file = path.resolve(configArg || env.WARMWIRE_CONFIG || path.join(own('config'), 'warmwire.toml'));
  const dataFolder = path.resolve(env.WARMWIRE_DATA || own('state'));
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16);
  return { file, dataFolder, lastGoodFile: path.join(dataFolder, 'last-good', `${name}.toml`) };
}

const XDG = {
  config: ['XDG_CONFIG_HOME', '.config'],
  state: ['XDG_STATE_HOME', '.local/state'],
} as const;

type What = keyof typeof XDG;

function platformFolder(
  what: What,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  homedir: () => string,
): string {
  if (platform === 'win32') {
    return win32.join(env.APPDATA || win32.join(homedir(), 'AppData', 'Roaming'), 'Warmwire');
  }
  if (platform === 'darwin') return posix.join(homedir(), 'Library', 'Application Support', 'Warmwire');
  const [name, otherwise] = XDG[what];
  // The XDG rules say that a relative path is not valid and is to be ignored.
  const given = env[name] ?? '';
  return posix.join(posix.isAbsolute(given) ? given : posix.join(homedir(), otherwise), 'warmwire');
}
