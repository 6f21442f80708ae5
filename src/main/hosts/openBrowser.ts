import { spawn } from 'node:child_process';

/**
 * Opens an address in the user's browser, as far as there is one; `address` is asked for only then. Never fails: the address
 * for a person is on the terminal. What stands in a command line can be read by every account of this machine, so it must not
 * hold the token; and no file is opened instead, since a browser in a sandbox may read none of ours.
 */
export function openBrowser(address: () => string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): void {
  const hasDisplay = platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  if (!hasDisplay) return;
  const command = platform === 'darwin' ? 'open' : platform === 'win32' ? 'explorer.exe' : 'xdg-open';
  const child = spawn(command, [address()], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
