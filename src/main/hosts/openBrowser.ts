import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NOTHING_TO_REMOVE = (): void => undefined;

/**
 * Opens the address in the user's browser, as far as there is one. Never fails. The address holds the token, and what
 * stands in a browser's command line can be read by every account of this machine: the browser is given a page instead
 * that only this account can read and that leads there. The answer removes that page.
 */
export async function openBrowser(
  address: string,
  folder: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): Promise<() => void> {
  const hasDisplay = platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (!hasDisplay) return NOTHING_TO_REMOVE;
  const page = join(folder, 'open.html');
  try {
    await mkdir(folder, { recursive: true });
    // An old one may have other rights, or belong to a run that was killed.
    await rm(page, { force: true });
    await writeFile(page, leadingTo(address), { mode: 0o600, flag: 'wx' });
  } catch {
    // The address is on the terminal, too.
    return NOTHING_TO_REMOVE;
  }
  const command = platform === 'darwin' ? 'open' : platform === 'win32' ? 'explorer.exe' : 'xdg-open';
  const child = spawn(command, [page], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return () => rmSync(page, { force: true });
}

/** Nothing in such an address means anything to HTML: a token is of letters, digits and `-._~`. */
const leadingTo = (address: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Warmwire</title>
<meta http-equiv="refresh" content="0; url=${address}"><p><a href="${address}">Open Warmwire</a></p>
`;
