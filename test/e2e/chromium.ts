import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { mustBeClosed } from '../support/leaks.ts';

export interface OpenChromium {
  readonly browser: Browser;
  /** Where another process can attach to the same browser. */
  readonly cdp: string;
  close(): Promise<void>;
}

/** Not the package's own list: that one turns web security off, which is what these tests look at. */
const FLAGS = [
  '--headless=shell',
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

/** A real headless Chromium of its own, from the npm package: nothing need be installed. To be closed by its test. */
export async function openChromium(): Promise<OpenChromium> {
  const chromium = await startChromium({});
  mustBeClosed(
    'a Chromium',
    () => chromium.browser.isConnected(),
    () => void chromium.close(),
  );
  return chromium;
}

/** The same, for all tests of a file. */
export async function startChromium(env: Readonly<Record<string, string>>): Promise<OpenChromium> {
  const profile = mkdtempSync(join(tmpdir(), 'warmwire-chromium-'));
  const child = spawn(await sparticuz.executablePath(), [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  const cdp = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.on('exit', () => reject(new Error(`Chromium did not start: ${said.slice(-2000)}`)));
  });
  const browser = await chromium.connectOverCDP(cdp);
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    const isGone = child.exitCode !== null || child.signalCode !== null;
    const gone = isGone ? Promise.resolve() : once(child, 'exit');
    await browser.close();
    child.kill('SIGKILL');
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { browser, cdp, close };
}
