import { join } from 'node:path';
import {
  BrowserWindow,
  app as electronApp,
  type IpcMainEvent,
  ipcMain,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  type WebContents,
} from 'electron';
import type { Unsubscribe, Wire } from '../../shared/rpc.ts';
import type { App } from '../app.ts';
import { DISK_GRACE_MS } from './ending.ts';
import { pageFile, readPage } from './pageFiles.ts';
import { RestartPace } from './restartPace.ts';
import { keepWindowState, readWindowState, shownOn, type WindowState } from './windowState.ts';

const SCHEME = 'warmwire';
const PAGE = `${SCHEME}://app/`;
const CHANNEL = 'warmwire:wire';

/** Addresses that a click may hand to the system's browser. */
const OUTSIDE = [
  'https://github.com/',
  'https://developers.binance.com/',
  'https://docs.kraken.com/',
  'https://www.okx.com/',
];

/** Call before the app is ready: the page's scheme is its own origin, with the rights of https and no more. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page to every window of this app. Call once, when the app is ready. */
export async function servePage(pageFolder: string): Promise<void> {
  const page = await readPage(pageFolder);
  protocol.handle(SCHEME, (request) => {
    const url = new URL(request.url);
    const path = url.host === 'app' ? url.pathname : '/nowhere';
    const file = pageFile(page, path, null);
    const body = typeof file.body === 'string' ? file.body : new Uint8Array(file.body);
    return new Response(body, { status: file.status, headers: file.headers });
  });
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(isPermitted(permission, requestingUrl)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
}

/** What Copy needs, and nothing else. The origin comes with a slash or without. */
const isPermitted = (permission: string, url: string): boolean =>
  permission === 'clipboard-sanitized-write' && `${url}/`.startsWith(PAGE);

/** No window of this app ever leaves its page, opens another one, or hosts a foreign one. */
export function denyNavigation(): void {
  electronApp.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (OUTSIDE.some((start) => url.startsWith(start))) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
}

/** Gives each page load one wire to the app. A message from anything but this app's own page is dropped. */
export function serveWires(app: App): void {
  const open = new Map<WebContents, OpenWire>();
  const watched = new WeakSet<WebContents>();
  ipcMain.on(`${CHANNEL}:open`, (event) => {
    if (!isOwnPage(event)) return;
    const contents = event.sender;
    if (!watched.has(contents)) {
      watched.add(contents);
      contents.once('destroyed', () => end(contents));
      contents.on('render-process-gone', () => end(contents));
    }
    open.get(contents)?.end();
    open.set(contents, openWire(app, contents));
  });
  ipcMain.on(CHANNEL, (event, message: unknown) => {
    if (isOwnPage(event)) open.get(event.sender)?.receive(message);
  });

  function end(contents: WebContents): void {
    open.get(contents)?.end();
    open.delete(contents);
  }
}

interface OpenWire {
  receive(message: unknown): void;
  end(): void;
}

function openWire(app: App, contents: WebContents): OpenWire {
  let onMessage: (message: unknown) => void = () => undefined;
  const onClose = new Set<() => void>();
  let ended = false;
  const wire: Wire = {
    send: (message) => {
      if (!ended && !contents.isDestroyed()) contents.send(CHANNEL, message);
    },
    onMessage: (listener) => {
      onMessage = listener;
    },
    onClose: (listener) => void onClose.add(listener),
    close: () => undefined,
  };
  const stop: Unsubscribe = app.serveWire(wire);
  return {
    receive: (message) => onMessage(message),
    end: () => {
      if (ended) return;
      ended = true;
      stop();
      for (const listener of onClose) listener();
    },
  };
}

function isOwnPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(PAGE);
}

const STATE_FILE = 'window.json';

let keeping: Promise<void> = Promise.resolve();

/** Where the window was left. */
let left: WindowState | null = null;

/** Call once, before the first window: a disk that hangs costs its place. */
export async function recallWindowPlace(dataFolder: string): Promise<void> {
  left = await readWindowState(join(dataFolder, STATE_FILE), DISK_GRACE_MS);
}

/**
 * A quit that is put off to close the links ends without closing windows, so it keeps their place itself. Resolves when
 * that and all before it are written.
 */
export function keepWindowPlaces(windows: readonly BrowserWindow[], dataFolder: string): Promise<void> {
  for (const window of windows) {
    const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    left = state;
    keeping = keeping.then(() => keepWindowState(join(dataFolder, STATE_FILE), state));
  }
  return keeping;
}

/** Opens the one window, where it was left. */
export function openWindow(app: App, preload: string): BrowserWindow {
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const state = shownOn(screens, left);
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    ...state?.bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Warmwire',
    backgroundColor: '#0d1014',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      backgroundThrottling: true,
    },
  });
  if (state?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => void keepWindowPlaces([window], app.dataFolder));
  reloadWhenGone(window.webContents, app.info);
  void window.loadURL(PAGE);
  return window;
}

/** A page whose process has died is loaded again, each time later unless it had run well since. */
function reloadWhenGone(contents: WebContents, log: (line: string) => void): void {
  const pace = new RestartPace();
  let loadedAt = performance.now();
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    const what = `the process of the page ended (${reason}, exit code ${exitCode})`;
    // It was asked to, or there is none to be had.
    if (reason === 'clean-exit' || reason === 'launch-failed') return log(what);
    const delayMs = pace.next(performance.now() - loadedAt);
    log(`${what}; it is loaded again in ${delayMs / 1000} s`);
    setTimeout(() => {
      if (contents.isDestroyed()) return;
      loadedAt = performance.now();
      contents.reload();
    }, delayMs);
  });
}

/**
 * macOS lets the timers of a program run late once its window is hidden or covered, unless that holds such a blocker. It
 * puts off the sleep of an idle machine, too; not that of its display, nor one that a person asks for.
 */
export function keepAwake(platform: NodeJS.Platform): void {
  if (platform === 'darwin') powerSaveBlocker.start('prevent-app-suspension');
}
