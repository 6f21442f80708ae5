import { fileURLToPath } from 'node:url';
import { BrowserWindow, dialog, app as electronApp, Menu, powerMonitor } from 'electron';
import { version } from '../../package.json';
import { type App, startApp } from './app.ts';
import { desktopToken } from './hosts/apiToken.ts';
import { CannotStart } from './hosts/cannotStart.ts';
import {
  denyNavigation,
  keepAwake,
  keepWindowPlaces,
  openWindow,
  recallWindowPlace,
  registerPageScheme,
  servePage,
  serveWires,
} from './hosts/desktop.ts';
import { DesktopApi } from './hosts/desktopApi.ts';
import { desktopConfig } from './hosts/desktopArgs.ts';
import { DISK_GRACE_MS, ENDING_SIGNALS, endAtOnce, endWithin, Stuck, signalFilter } from './hosts/ending.ts';
import { lastResort } from './hosts/lastResort.ts';
import { widenThreadPool } from './hosts/threadPool.ts';

/** The Electron entry: one instance, one window, the app behind it. */
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

widenThreadPool(process.env);
// Whoever reads our output may go away: no fault of ours.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
registerPageScheme();
electronApp.enableSandbox();
if (electronApp.requestSingleInstanceLock()) {
  electronApp.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  denyNavigation();
  electronApp
    .whenReady()
    .then(run)
    .catch((error: unknown) => {
      dialog.showErrorBox('Warmwire cannot start', error instanceof Error ? error.message : String(error));
      // By a 2 `npm start` knows that the browser is not wanted instead.
      electronApp.exit(error instanceof CannotStart ? 2 : 1);
    });
} else {
  process.stderr.write('Warmwire runs already, with the settings that it was started with; its window is in front.\n');
  electronApp.quit();
}

async function run(): Promise<void> {
  Menu.setApplicationMenu(
    process.platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]) : null,
  );
  const app = await startApp({
    host: 'desktop',
    version,
    configArg: desktopConfig(process.argv.slice(1)),
    env: process.env,
    echoLog: null,
    engineEntry: new URL('./engineWorker.js', import.meta.url),
    demoEntry: new URL('./demoWorker.js', import.meta.url),
  });
  await servePage(at('../renderer'));
  serveWires(app);
  const api = new DesktopApi({
    source: app.api,
    token: () => desktopToken(app.dataFolder, process.env, DISK_GRACE_MS),
    warn: (message) => app.warn('api', message),
    info: app.info,
  });
  app.followSettings((settings) => void api.follow(settings));
  quitPolitely(app, api);
  powerMonitor.on('resume', () => app.woke());
  const preload = at('../preload/index.cjs');
  await recallWindowPlace(app.dataFolder);
  keepAwake(process.platform);
  openWindow(app, preload);
  electronApp.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow(app, preload);
  });
  electronApp.on('window-all-closed', () => electronApp.quit());
}

/** Row L17: the first quit, or an error that nobody caught, closes the links within their grace; a second quit ends the program at once. */
function quitPolitely(app: App, api: DesktopApi): void {
  let quitting = false;
  let systemEnds = false;
  let fault: string | null = null;
  const end = (): void => {
    quitting = true;
    const placed = keepWindowPlaces(BrowserWindow.getAllWindows(), app.dataFolder);
    void api
      .stop()
      .then(() => app.stop())
      .then(() => endWithin(DISK_GRACE_MS, 'the place of the window may not be kept', placed))
      .then(
        () => {
          if (fault !== null) dialog.showErrorBox('Warmwire has ended', fault);
          electronApp.exit(fault === null ? 0 : 1);
        },
        (error: unknown) => {
          if (error instanceof Stuck) endAtOnce();
          electronApp.exit(1);
        },
      );
  };
  electronApp.on('before-quit', (event) => {
    // That would cancel a log-out of macOS.
    if (systemEnds && process.platform === 'darwin') return;
    if (quitting && !systemEnds) return endAtOnce();
    event.preventDefault();
    if (!quitting) end();
  });
  const endWithSystem = (): void => {
    systemEnds = true;
    if (!quitting) end();
  };
  // Linux and macOS wait for a program that asks for it.
  powerMonitor.on('shutdown', (event?: Event) => {
    event?.preventDefault();
    endWithSystem();
  });
  // Windows tells a window, and does not ask to quit.
  electronApp.on('browser-window-created', (_event, window) => window.on('session-end', endWithSystem));
  const isNew = signalFilter();
  for (const signal of ENDING_SIGNALS) process.on(signal, () => isNew() && electronApp.quit());
  process.on('uncaughtException', (error) => {
    const sentence = lastResort(app, error);
    // What follows from the first one is in the log.
    if (fault !== null) return;
    fault = sentence;
    process.stderr.write(`${fault}\n`);
    if (!quitting) electronApp.quit();
  });
}
