// Stands in for the module `electron` where no Electron binary is to be had: the built main bundle runs under Node, its
// window is a page of a real Chromium that the test started (address in DOUBLE_CDP), and the built preload runs in it.
// What it cannot show: context isolation, the sandbox and the window frame, which are Electron's own.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

// What the shell does on another system only.
if (process.env.DOUBLE_PLATFORM) Object.defineProperty(process, 'platform', { value: process.env.DOUBLE_PLATFORM });

const PAGE_ORIGIN = 'https://app.warmwire.test';
const SCHEME_ORIGIN = 'warmwire://app';
const toScheme = (url) => url.replace(PAGE_ORIGIN, SCHEME_ORIGIN);
const tell = (what, value) => process.send?.({ what, value });

class PreventableEvent {
  defaultPrevented = false;
  preventDefault() {
    this.defaultPrevented = true;
  }
}

class App extends EventEmitter {
  requestSingleInstanceLock() {
    return process.env.DOUBLE_SECOND_INSTANCE !== '1';
  }
  enableSandbox() {
    tell('sandbox', true);
  }
  whenReady() {
    return Promise.resolve();
  }
  quit() {
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }
  exit(code) {
    tell('exit', code);
    process.exit(code);
  }
}

class WebContents extends EventEmitter {
  #page = null;
  #destroyed = false;
  openHandler = () => ({ action: 'allow' });
  setWindowOpenHandler(handler) {
    this.openHandler = handler;
  }
  attach(page) {
    this.#page = page;
  }
  isDestroyed() {
    return this.#destroyed;
  }
  destroy() {
    this.#destroyed = true;
    this.emit('destroyed');
  }
  reload() {
    void this.#page?.reload().then(
      () => tell('reloaded', true),
      () => undefined,
    );
  }
  send(channel, message) {
    const text = JSON.stringify([channel, message]);
    this.#page?.evaluate((packed) => window.__deliver?.(packed), text).catch(() => undefined);
  }
}

class BrowserWindow extends EventEmitter {
  static all = [];
  static getAllWindows = () => BrowserWindow.all;
  webContents = new WebContents();
  #options;
  #maximized = false;
  constructor(options) {
    super();
    this.#options = options;
    BrowserWindow.all.push(this);
    tell('window', { ...options, webPreferences: { ...options.webPreferences, preload: undefined } });
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url) {
    const browser = await chromium.connectOverCDP(process.env.DOUBLE_CDP);
    const page = await browser.contexts()[0].newPage();
    const { width, height, webPreferences } = this.#options;
    await page.setViewportSize({ width, height });
    await page.route(`${PAGE_ORIGIN}/**`, async (route) => {
      const response = await handlers.get('warmwire')(new Request(toScheme(route.request().url())));
      const body = Buffer.from(await response.arrayBuffer());
      await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body });
    });
    await page.exposeFunction('__ipcSend', (channel, text) => {
      const event = { sender: this.webContents, senderFrame: { url: toScheme(page.url()), parent: null } };
      ipcMain.emit(channel, event, text === undefined ? undefined : JSON.parse(text));
    });
    await page.addInitScript({ content: preloadScript(readFileSync(webPreferences.preload, 'utf8')) });
    await permitClipboard(page);
    this.webContents.attach(page);
    await page.goto(url.replace(SCHEME_ORIGIN, PAGE_ORIGIN));
    this.emit('ready-to-show');
  }
  getNormalBounds() {
    const { x = 0, y = 0, width, height } = this.#options;
    return { x, y, width, height };
  }
  isMaximized = () => this.#maximized;
  maximize() {
    this.#maximized = true;
  }
  isMinimized = () => true;
  restore() {
    tell('restored', true);
  }
  show() {
    tell('shown', true);
  }
  focus() {
    tell('focused', true);
  }
  closeByUser() {
    this.emit('close');
    this.webContents.destroy();
    BrowserWindow.all = BrowserWindow.all.filter((window) => window !== this);
    app.emit('window-all-closed');
  }
}

/** Chromium's own permission is what the shell's handlers say of it. */
async function permitClipboard(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Browser.setPermission', {
    permission: { name: 'clipboard-write' },
    setting: permissions('clipboard-sanitized-write', `${SCHEME_ORIGIN}/`).every(Boolean) ? 'granted' : 'denied',
    origin: PAGE_ORIGIN,
  });
}

/** What either handler says: a page needs both. */
function permissions(name, url) {
  let granted = null;
  const details = { requestingUrl: url, isMainFrame: true };
  permission.request(
    {},
    name,
    (answer) => {
      granted = answer;
    },
    details,
  );
  return [granted, permission.check({}, name, new URL('/', url).href, details)];
}

/** The preload with a `require('electron')` of its own, as the sandbox gives it one. */
function preloadScript(source) {
  return `(() => {
    const listeners = new Map();
    window.__deliver = (packed) => {
      const [channel, message] = JSON.parse(packed);
      for (const listener of listeners.get(channel) ?? []) listener({}, message);
    };
    const electron = {
      contextBridge: { exposeInMainWorld: (name, api) => { window[name] = Object.freeze(api); } },
      ipcRenderer: {
        send: (channel, message) => void window.__ipcSend(channel, JSON.stringify(message)),
        on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      },
    };
    const require = (name) => {
      if (name !== 'electron') throw new Error('a sandboxed preload cannot require ' + name);
      return electron;
    };
    const module = { exports: {} };
    (function (require, module, exports) {
      ${source}
    })(require, module, module.exports);
  })();`;
}

const handlers = new Map();
const permission = { request: null, check: null };

export const app = new App();
export const ipcMain = new EventEmitter();
export const powerMonitor = new EventEmitter();
export const powerSaveBlocker = { start: (type) => tell('powerSaveBlocker', type) };
export { BrowserWindow };
export const protocol = {
  registerSchemesAsPrivileged: (schemes) => tell('schemes', schemes),
  handle: (scheme, handler) => handlers.set(scheme, handler),
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler) => {
      permission.request = handler;
    },
    setPermissionCheckHandler: (handler) => {
      permission.check = handler;
    },
  },
};
export const dialog = { showErrorBox: (title, text) => tell('errorBox', `${title}: ${text}`) };
export const shell = { openExternal: async (url) => tell('openExternal', url) };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const Menu = {
  setApplicationMenu: (menu) => tell('menu', menu === null),
  buildFromTemplate: (template) => template,
};

/** What a person, the system or an attacker does, asked for by the test. */
const acts = {
  quit: () => app.quit(),
  closeWindow: () => BrowserWindow.all[0].closeByUser(),
  activate: () => app.emit('activate'),
  secondInstance: () => app.emit('second-instance'),
  openWindow: (url) => BrowserWindow.all[0].webContents.openHandler({ url }).action,
  prevented: (name) => {
    const event = new PreventableEvent();
    BrowserWindow.all[0].webContents.emit(name, event);
    return event.defaultPrevented;
  },
  permission: ({ name, url }) => permissions(name, url),
  fault: () =>
    void setImmediate(() => {
      throw new Error('made by the test');
    }),
  resume: () => powerMonitor.emit('resume'),
  shutdown: () => {
    const event = new PreventableEvent();
    powerMonitor.emit('shutdown', event);
    return event.defaultPrevented;
  },
  sessionEnd: () => BrowserWindow.all[0].emit('session-end', {}),
  askedToQuit: () => {
    const event = new PreventableEvent();
    app.emit('before-quit', event);
    return event.defaultPrevented;
  },
  crash: (reason) => BrowserWindow.all[0].webContents.emit('render-process-gone', {}, { reason, exitCode: 5 }),
  foreignMessage: ({ url, message }) => {
    const sent = [];
    const sender = Object.assign(new WebContents(), { send: (...parts) => sent.push(parts) });
    for (const senderFrame of [{ url, parent: null }, { url: `${SCHEME_ORIGIN}/`, parent: {} }, null]) {
      ipcMain.emit('warmwire:wire:open', { sender, senderFrame });
      ipcMain.emit('warmwire:wire', { sender, senderFrame }, message);
    }
    return sent.length;
  },
  fetch: async (url) => {
    const response = await handlers.get('warmwire')(new Request(url));
    return { status: response.status, headers: Object.fromEntries(response.headers) };
  },
};
process.on('message', async ({ id, act, value }) => process.send({ id, result: (await acts[act](value)) ?? null }));
