import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type Page } from 'playwright-core';
import { type OpenChromium, openChromium } from './chromium.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export type HostKind = 'headless' | 'desktop-double' | 'desktop-electron';

export interface RunningHost {
  readonly kind: HostKind;
  readonly page: Page;
  readonly settingsFile: string;
  readonly dataFolder: string;
  /** What the page has complained about: console errors, refused resources, exceptions. */
  readonly complaints: readonly string[];
  /** Only of the double: does what a person, the system or an attacker does. */
  act(act: string, value?: unknown): Promise<unknown>;
  /** What the double has seen the shell do. */
  readonly seen: readonly { readonly what: string; readonly value: unknown }[];
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** The desktop runs on the real Electron where its binary is installed, and on the double elsewhere. */
export const DESKTOP: HostKind = electronBinary() === null ? 'desktop-double' : 'desktop-electron';

export const BOTH_HOSTS: readonly HostKind[] = ['headless', DESKTOP];

/** Starts the built product on folders of its own. `settings` is written first, if given. */
export async function startHost(
  kind: HostKind,
  options: { settings?: string; env?: Record<string, string> } = {},
): Promise<RunningHost> {
  const folder = mkdtempSync(join(tmpdir(), 'warmwire-e2e-'));
  const settingsFile = join(folder, 'warmwire.toml');
  const dataFolder = join(folder, 'data');
  if (options.settings !== undefined) writeFileSync(settingsFile, options.settings);
  const env = {
    ...process.env,
    WARMWIRE_CONFIG: settingsFile,
    WARMWIRE_DATA: dataFolder,
    WARMWIRE_TOKEN: 'the-token-of-these-tests',
    ...options.env,
  };
  const start = { headless: startHeadless, 'desktop-double': startDouble, 'desktop-electron': startElectron }[kind];
  const started = await start(env);
  return {
    kind,
    settingsFile,
    dataFolder,
    ...started,
    stop: async () => {
      await started.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Started = Omit<RunningHost, 'kind' | 'settingsFile' | 'dataFolder'>;

async function startHeadless(env: NodeJS.ProcessEnv): Promise<Started> {
  const child = spawn(process.execPath, [join(ROOT, 'out/main/cli.js'), '--headless', '--port', '0', '--no-open'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [line] = await orExit(child, once(child.stdout as NodeJS.ReadableStream, 'data') as Promise<[Buffer]>);
  const address = line.toString().replace('Warmwire: ', '').trim();
  const chromium = await openChromium();
  const page = await chromium.browser.newPage({ viewport: { width: 1280, height: 800 } });
  const complaints = listen(page);
  await page.goto(address);
  return {
    page,
    complaints,
    seen: [],
    process: child,
    act: () => Promise.reject(new Error('only the double acts')),
    // A page that is still open dials a host that has gone, and says that it could not.
    stop: async () => {
      await page.close();
      await end(child, chromium);
    },
  };
}

async function startDouble(env: NodeJS.ProcessEnv): Promise<Started> {
  const chromium = await openChromium();
  const child = spawn(
    process.execPath,
    ['--import', join(ROOT, 'test/e2e/registerDouble.mjs'), join(ROOT, 'out/main/index.js')],
    {
      env: { ...env, DOUBLE_CDP: chromium.cdp },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const seen: { what: string; value: unknown }[] = [];
  const waiting = new Map<number, (result: unknown) => void>();
  child.on('message', (message: { what?: string; value?: unknown; id?: number; result?: unknown }) => {
    if (message.what !== undefined) seen.push({ what: message.what, value: message.value });
    if (message.id !== undefined) waiting.get(message.id)?.(message.result);
  });
  const [context] = chromium.browser.contexts();
  if (context === undefined) throw new Error('Chromium has no context');
  const page = await orExit(child, context.waitForEvent('page')).catch(async (error: unknown) => {
    await chromium.close();
    throw error;
  });
  const complaints = listen(page);
  await page.waitForURL('https://app.warmwire.test/**');
  let nextId = 1;
  return {
    page,
    complaints,
    seen,
    process: child,
    act: (act, value) =>
      new Promise((resolveAct) => {
        waiting.set(nextId, resolveAct);
        child.send({ id: nextId++, act, value });
      }),
    stop: () => {
      // A real window goes with its program. This one stays for a moment, and what it fetches beforehand is not there then.
      page.removeAllListeners('console');
      return end(child, chromium);
    },
  };
}

async function startElectron(env: NodeJS.ProcessEnv): Promise<Started> {
  const running = await _electron.launch({
    executablePath: electronBinary() ?? '',
    args: [ROOT, '--no-sandbox'],
    env: env as Record<string, string>,
  });
  const page = await running.firstWindow();
  return {
    page,
    complaints: listen(page),
    seen: [],
    process: running.process(),
    act: () => Promise.reject(new Error('only the double acts')),
    stop: () => running.close(),
  };
}

/** What is awaited, or an error at once if the program ends before. */
async function orExit<T>(child: ChildProcess, awaited: Promise<T>): Promise<T> {
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`Warmwire ended with code ${code} before it was up`);
  });
  return Promise.race([awaited, exited]);
}

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  return complaints;
}

async function end(child: ChildProcess, chromium: OpenChromium): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
  child.kill('SIGTERM');
  await gone;
  await chromium.close();
}

function electronBinary(): string | null {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(ROOT, 'node_modules/electron/dist');
  const pathFile = join(ROOT, 'node_modules/electron/path.txt');
  const binary = join(folder, existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron');
  return existsSync(binary) ? binary : null;
}
