import { parseArgs } from 'node:util';
import { nearestOf } from '../settings/nearest.ts';
import { CannotStart } from './cannotStart.ts';

const OURS = ['config', 'headless', 'no-open', 'port'];

/** The desktop's `--config`, if there is one. Other options may be Chromium's, but none that is nearly ours. Throws CannotStart. */
export function desktopConfig(args: readonly string[]): string | null {
  const { tokens } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, port: { type: 'string' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  let config: string | null = null;
  for (const token of tokens) {
    if (token.kind === 'positional' && token.value.endsWith('.toml')) {
      throw new CannotStart(`a settings file is given as --config ${token.value}`);
    }
    if (token.kind !== 'option') continue;
    const nearest = nearestOf(token.name, OURS);
    if (token.rawName.startsWith('--') && nearest !== null && nearest !== token.name) {
      throw new CannotStart(`there is no option ${token.rawName}; there is --${nearest}`);
    }
    if (token.name === 'port') {
      throw new CannotStart(
        '--port is for the page of the headless mode; that of the desktop’s API is in the settings',
      );
    }
    if (token.name !== 'config') continue;
    if (!token.value) throw new CannotStart('--config names no file: give its path, or leave it out');
    config = token.value;
  }
  return config;
}
