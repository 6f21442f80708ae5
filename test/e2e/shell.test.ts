import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { type RunningHost, startHost } from './hosts.ts';

/**
 * What Electron's security checklist asks of the shell, played by the double. On a machine with a real Electron the
 * double still runs these, since only it can play an attacker.
 */
let host: RunningHost;
afterEach(() => host.stop());

const live = (): Promise<void> =>
  until(async () => expect(await host.page.getByRole('row', { name: 'demo-tokyo' }).innerText()).toContain('up'));
const seen = (what: string): unknown[] => host.seen.filter((entry) => entry.what === what).map(({ value }) => value);

it('[D1] the window is sandboxed and isolated, its scheme is its own, and it shows when it is ready', async () => {
  host = await startHost('desktop-double');
  await live();
  expect(seen('window')).toEqual([
    expect.objectContaining({
      show: false,
      webPreferences: expect.objectContaining({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
      }),
    }),
  ]);
  expect(seen('sandbox')).toEqual([true]);
  await until(() => expect(seen('shown')).toEqual([true]));
  expect(await host.page.evaluate(() => Object.keys((window as unknown as { warmwire: object }).warmwire))).toEqual([
    'send',
    'onMessage',
  ]);
});

it('[L16] when the system says that the machine woke up, every link is asked at once, and none is lost for it', async () => {
  host = await startHost('desktop-double');
  await live();
  const row = host.page.getByRole('row', { name: 'demo-tokyo' });
  // One that is restoring when the machine wakes goes on with that.
  await row.getByText('up', { exact: true }).waitFor();
  await host.act('resume', null);
  await row.getByRole('link').first().click();
  await until(async () =>
    expect(await host.page.getByRole('log').innerText()).toContain('This machine was asleep or its network changed'),
  );
  await until(async () => expect(await host.page.getByRole('log').innerText()).toContain('answers again'));
});

it('[D1] navigation, webviews, new windows and permissions are denied; only listed addresses go to the browser', async () => {
  host = await startHost('desktop-double');
  for (const name of ['will-navigate', 'will-redirect', 'will-attach-webview'])
    expect(await host.act('prevented', name)).toBe(true);
  expect(await host.act('openWindow', 'https://evil.example/')).toBe('deny');
  expect(seen('openExternal')).toEqual([]);
  expect(await host.act('openWindow', 'https://docs.kraken.com/api/')).toBe('deny');
  await until(() => expect(seen('openExternal')).toEqual(['https://docs.kraken.com/api/']));
  const asked = (name: string, url: string): Promise<unknown> => host.act('permission', { name, url });
  for (const name of ['media', 'geolocation', 'notifications', 'clipboard-read'])
    expect(await asked(name, 'warmwire://app/')).toEqual([false, false]);
  for (const url of ['https://evil.example/', 'warmwire://application/'])
    expect(await asked('clipboard-sanitized-write', url)).toEqual([false, false]);
});

it('[D1] a Copy button of the window’s own page fills the clipboard', async () => {
  host = await startHost('desktop-double');
  await live();
  for (const what of ['CSV', 'PNG']) {
    await host.page.getByRole('button', { name: new RegExp(`^Copy .* as ${what}$`) }).click();
    await host.page.getByText(`${what} copied to the clipboard`).waitFor();
  }
});

it('[D1] a message from another page, or from a frame inside the page, reaches nothing', async () => {
  host = await startHost('desktop-double');
  const message = { t: 'open', id: 1, name: 'snapshots', input: null };
  for (const url of ['https://evil.example/', 'warmwire://application/', 'file:///etc/passwd']) {
    expect(await host.act('foreignMessage', { url, message })).toBe(0);
  }
});

it('[D1] the page’s scheme serves the built page with its policy and nothing else of the disk', async () => {
  host = await startHost('desktop-double');
  const page = (await host.act('fetch', 'warmwire://app/')) as { status: number; headers: Record<string, string> };
  expect(page.status).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
  for (const url of ['warmwire://app/..%2f..%2fpackage.json', 'warmwire://other/index.html', 'warmwire://app/%00']) {
    expect(await host.act('fetch', url)).toMatchObject({ status: 404 });
  }
});

it('[D1] a reload and a crash of the page each get a new wire, and the page goes on', async () => {
  host = await startHost('desktop-double');
  await live();
  await host.page.reload();
  await live();
  for (const crashes of [1, 2, 3]) {
    await host.act('crash', 'crashed');
    await until(() => expect(seen('reloaded')).toHaveLength(crashes));
    await live();
  }
});

it('[D1] a page that keeps dying is loaded again later each time, one that has ended as asked is not; the log says why', async () => {
  host = await startHost('desktop-double');
  await live();
  await host.act('crash', 'clean-exit');
  await host.act('crash', 'launch-failed');
  for (const crashes of [1, 2]) {
    await host.act('crash', 'oom');
    await until(() => expect(seen('reloaded')).toHaveLength(crashes));
  }
  const log = readFileSync(join(host.dataFolder, 'log/warmwire.log'), 'utf8');
  expect([...log.matchAll(/the process of the page ended [^"]*/g)].map(([line]) => line)).toEqual([
    'the process of the page ended (clean-exit, exit code 5)',
    'the process of the page ended (launch-failed, exit code 5)',
    'the process of the page ended (oom, exit code 5); it is loaded again in 0.5 s',
    'the process of the page ended (oom, exit code 5); it is loaded again in 1 s',
  ]);
});

it.each([
  ['darwin', ['prevent-app-suspension']],
  ['linux', []],
])(
  '[L16] on %s the system is asked for %j, so that no timer runs late while the window is hidden',
  async (platform, asked) => {
    host = await startHost('desktop-double', { env: { DOUBLE_PLATFORM: platform } });
    await live();
    expect(seen('powerSaveBlocker')).toEqual(asked);
  },
);

it('[D1] a second start brings the window to the front, and the second program ends by itself', async () => {
  host = await startHost('desktop-double');
  await live();
  await host.act('secondInstance');
  await until(() => expect([seen('restored'), seen('focused')]).toEqual([[true], [true]]));
  await expect(startHost('desktop-double', { env: { DOUBLE_SECOND_INSTANCE: '1' } })).rejects.toThrow(
    'ended with code 0',
  );
});

it('[D1] closing the window keeps its place and quits', async () => {
  host = await startHost('desktop-double');
  await live();
  const exit = new Promise((resolve) => host.process.once('exit', resolve));
  await host.act('closeWindow').catch(() => undefined);
  expect(await exit).toBe(0);
  const kept = JSON.parse(readFileSync(join(host.dataFolder, 'window.json'), 'utf8'));
  expect(kept).toEqual({ bounds: { x: 0, y: 0, width: 1280, height: 800 }, maximized: false });
});

it('[L17] a signal quits politely, with every socket closed and the window’s place kept', async () => {
  host = await startHost('desktop-double');
  await live();
  const exit = new Promise((resolve) => host.process.once('exit', resolve));
  host.process.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(readFileSync(join(host.dataFolder, 'log/warmwire.log'), 'utf8')).toContain('Warmwire stopped');
  expect(JSON.parse(readFileSync(join(host.dataFolder, 'window.json'), 'utf8'))).toMatchObject({ maximized: false });
});

it('[L17] an error that nobody caught ends the app politely with code 1, and a box says what and where the log is', async () => {
  host = await startHost('desktop-double');
  await live();
  const exit = new Promise((resolve) => host.process.once('exit', resolve));
  await host.act('fault');
  expect(await exit).toBe(1);
  const logFile = join(host.dataFolder, 'log/warmwire.log');
  expect(seen('errorBox')).toEqual([
    `Warmwire has ended: Warmwire ends by a fault of its own: made by the test. The log has it: ${logFile}`,
  ]);
  expect(readFileSync(logFile, 'utf8')).toMatch(/electronDouble\.mjs[\s\S]*Warmwire stopped/);
  expect(JSON.parse(readFileSync(join(host.dataFolder, 'window.json'), 'utf8'))).toMatchObject({ maximized: false });
});

it('[L17] a disk that hangs where the window’s place is kept holds up no socket’s end, nor the program’s', async () => {
  host = await startHost('desktop-double');
  await live();
  // A pipe that nobody reads.
  spawnSync('mkfifo', [join(host.dataFolder, 'window.json.new')]);
  const exit = new Promise((resolve) => host.process.once('exit', resolve));
  host.process.kill('SIGTERM');
  await exit;
  expect(readFileSync(join(host.dataFolder, 'log/warmwire.log'), 'utf8')).toContain('Warmwire stopped');
});

it('[L17] a second quit ends the program at once, also while a disk hangs', async () => {
  host = await startHost('desktop-double');
  await live();
  spawnSync('mkfifo', [join(host.dataFolder, 'window.json.new')]);
  const exit = new Promise((resolve) => host.process.once('exit', resolve));
  const pressing = setInterval(() => host.process.kill('SIGTERM'), 50);
  await exit;
  clearInterval(pressing);
  expect(host.process.signalCode).toBe('SIGKILL');
});

it.each([
  ['linux', 'shutdown', true],
  ['darwin', 'shutdown', false],
  // Of Windows: nobody asks to quit.
  ['linux', 'sessionEnd', null],
])(
  '[L17] on %s the end of the session (%s) ends the program politely, and a quit that follows is answered as the system wants it',
  async (platform, act, prevented) => {
    host = await startHost('desktop-double', { env: { DOUBLE_PLATFORM: platform } });
    await live();
    const exit = new Promise((resolve) => host.process.once('exit', resolve));
    const waits = await host.act(act);
    if (prevented !== null) {
      expect(waits, 'the system waits').toBe(true);
      expect(await host.act('askedToQuit')).toBe(prevented);
    }
    expect(await exit).toBe(0);
    expect(readFileSync(join(host.dataFolder, 'log/warmwire.log'), 'utf8')).toContain('Warmwire stopped');
    expect(JSON.parse(readFileSync(join(host.dataFolder, 'window.json'), 'utf8'))).toMatchObject({ maximized: false });
  },
);
