import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { mustBeClosed } from '../support/leaks.ts';
import { until } from '../support/until.ts';
import { openChromium } from './chromium.ts';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');

it.skipIf(process.platform !== 'linux')(
  '[G4] the browser that Warmwire opens shows the page, which outlives a reload; the token is in no command line, no address and no log',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'warmwire-opening-'));
    const given = join(folder, 'given');
    const opener = `#!/bin/sh\nprintf '%s\\n' "$@" > "${given}.new"\nmv "${given}.new" "${given}"\n`;
    writeFileSync(join(folder, 'xdg-open'), opener, { mode: 0o755 });
    const env = {
      ...process.env,
      DISPLAY: ':0',
      PATH: `${folder}:${process.env.PATH}`,
      WARMWIRE_CONFIG: join(folder, 'w.toml'),
      WARMWIRE_DATA: join(folder, 'data'),
      WARMWIRE_TOKEN: 'the-t0ken-of-these-tests',
    };
    const child = spawn(process.execPath, [CLI, '--headless', '--port', '0'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    mustBeClosed(
      'a headless Warmwire',
      () => child.exitCode === null && child.signalCode === null,
      () => child.kill('SIGKILL'),
    );
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    await until(() => expect(existsSync(given), log).toBe(true));
    const address = readFileSync(given, 'utf8').trim();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\/[0-9a-f]{64}$/);
    expect(existsSync(join(folder, 'data/open.html'))).toBe(false);

    const chromium = await openChromium();
    const page = await chromium.browser.newPage();
    const seen: string[] = [];
    page.on('framenavigated', (frame) => seen.push(frame.url()));
    page.on('console', (message) => seen.push(message.text()));
    await page.goto(address);
    await page.getByText('demo-tokyo').first().waitFor();
    await page.reload();
    await page.getByText('demo-tokyo').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    expect(seen.join('\n')).not.toContain('the-t0ken-of-these-tests');
    expect(seen.filter((one) => /Content Security|Refused/.test(one))).toEqual([]);

    const second = await chromium.browser.newPage();
    await second.goto(address);
    await second.getByRole('heading', { name: 'This address has been used, or is too old' }).waitFor();
    expect(log).not.toContain('the-t0ken-of-these-tests');
    await second.close();
    await page.close();
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    await chromium.close();
    rmSync(folder, { recursive: true, force: true });
  },
);
