import { join } from 'node:path';
import { withoutClearKeys } from '../shared/clearKey.ts';
import { type AppView, appContract } from '../shared/contract.ts';
import type { DemoExchange } from '../shared/demoFault.ts';
import type { EngineConfig } from '../shared/engineConfig.ts';
import { RestartHabits } from '../shared/restartHabit.ts';
import { serve, stackOf, type Unsubscribe, type Wire } from '../shared/rpc.ts';
import { SETTINGS_BUILT_IN, type Settings } from '../shared/settings.ts';
import type { ApiSource } from './api/apiSource.ts';
import { EngineMirror } from './api/mirror.ts';
import { appClient } from './appClient.ts';
import { AppStatus } from './appStatus.ts';
import { claimAloud, logFolderIn } from './dataFolder.ts';
import { systemClock } from './engine/systemClock.ts';
import { startDemoThread } from './hosts/demoThread.ts';
import { DISK_GRACE_MS, endWithin } from './hosts/ending.ts';
import { EngineThread } from './hosts/engineThread.ts';
import { RestartNews } from './hosts/restartNews.ts';
import { startPaths } from './hosts/startPaths.ts';
import { openLog } from './log/log.ts';
import { NoticeFile } from './notices/noticeFile.ts';
import { Notices } from './notices/notices.ts';
import { RestartFile } from './restartFile.ts';
import { DEFAULT_SETTINGS_TEXT } from './settings/defaultText.ts';
import { type DiskCalls, realDisk } from './settings/disk.ts';
import { inTime } from './settings/lateAnswers.ts';
import { removeLeftovers } from './settings/leftovers.ts';
import { openSurroundings } from './settings/liveSurroundings.ts';
import { Probation } from './settings/probation.ts';
import { openSettings } from './settings/store.ts';
import { logSettings } from './settingsLog.ts';
import { watchForWakes } from './wakes.ts';

const STATISTICS_EVERY_MS = 60_000;
const LAG_EVERY_MS = 10_000;

export interface AppOptions {
  readonly host: AppView['host'];
  readonly version: string;
  readonly configArg: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where log lines go besides the file; `null` for nowhere. */
  readonly echoLog: ((line: string) => void) | null;
  /** The built thread entries. */
  readonly engineEntry: URL;
  readonly demoEntry: URL;
  /** Default: the real file system. */
  readonly calls?: DiskCalls;
}

/** The whole program but for its window: settings, engine, demo and log, behind one contract for any number of pages. */
export interface App {
  readonly dataFolder: string;
  readonly logFile: string;
  /** What the API of either host is made from. */
  readonly api: ApiSource;
  /** Calls with the settings in force now and after each change of them. */
  followSettings(listener: (settings: Settings) => void): Unsubscribe;
  /** Tells the user of something that belongs to no link; `null` takes it back. One sentence for each `about`. */
  warn(about: string, message: string | null): void;
  info(message: string): void;
  /** Serves one page until the wire closes or the returned function is called. */
  serveWire(wire: Wire): Unsubscribe;
  /** Row L16: the system says that this machine woke up. Every link is asked at once whether it is alive. */
  woke(): void;
  /**
   * Row L17. Ends within the shutdown grace, with nothing left open. Rejects with Stuck when a disk has not answered, and
   * may have kept nothing of what changed last. May be called twice.
   */
  stop(): Promise<void>;
}

export async function startApp(options: AppOptions): Promise<App> {
  const calls = options.calls ?? realDisk;
  const { file, dataFolder, lastGoodFile } = await startPaths(options.env, options.configArg, calls);
  for (const one of [file, lastGoodFile]) void removeLeftovers(one, calls);
  let stopped: Promise<void> | null = null;
  const status = new AppStatus();
  const logFolder = await logFolderIn(dataFolder, calls, DISK_GRACE_MS);
  const log = openLog(logFolder.path, options.echoLog, (message) => status.warn('log', message));
  const logFault = (where: string, stack: string): void => log.error(`${where}: ${withoutClearKeys(stack)}`);
  const claiming = claimAloud(dataFolder, logFolder.made, log, (message) => status.warn('data', message), calls);
  const demoDied = (why: string): void => {
    log.error(`the demo exchanges have stopped: ${why}`);
    status.warn('demo', `the demo exchanges have stopped (${why}); restart Warmwire to get them back`);
  };
  const demo = await startDemoThread(options.demoEntry, demoDied, (where, stack) => logFault(`demo ${where}`, stack));
  let demoStatus: readonly DemoExchange[] = [];
  demo?.client.status(null, (exchanges) => {
    demoStatus = exchanges;
    status.publish();
  });

  const mirror = new EngineMirror(systemClock);
  const restartNews = new RestartNews(systemClock, (sentence) => status.warn('engine', sentence));
  const died = (error: string): void => {
    const why = withoutClearKeys(error);
    mirror.lost();
    log.error(`the engine thread died: ${why}; it is started again with the same links`);
    restartNews.died(why);
  };
  const remembered = { heldOpen: () => mirror.heldOpen(), restarts: () => restarts.times };
  const engine = new EngineThread(options.engineEntry, died, remembered, (where, stack) =>
    logFault(`engine ${where}`, stack),
  );
  const noticeFile = new NoticeFile({
    file: join(dataFolder, 'notices.jsonl'),
    clock: systemClock,
    onTrouble: (message) => {
      if (message !== null) log.warn(message);
      status.warn('notices', message);
    },
    calls,
  });
  const restartFile = new RestartFile(join(dataFolder, 'restarts.json'), (message) => log.warn(message), calls);
  const restarts = new RestartHabits();
  const knowing = restartFile.read().then((times) => restarts.know(times));
  const [kept] = await Promise.all([
    inTime(DISK_GRACE_MS, noticeFile.read(), () => noticeFile.late()),
    inTime<unknown>(DISK_GRACE_MS, Promise.all([knowing, claiming]), () => undefined),
  ]);
  const settingsListeners = new Set<(settings: Settings) => void>();
  let reliabilityTargets: ReadonlyMap<string, number> = new Map();
  const follow = (state: { config: EngineConfig; settings: Settings }): void => {
    if (stopped !== null) return;
    log.setLevel(state.settings.log?.level ?? SETTINGS_BUILT_IN.log.level);
    log.setStatistics(state.settings.log?.statistics ?? SETTINGS_BUILT_IN.log.statistics);
    for (const listener of settingsListeners) listener(state.settings);
    reliabilityTargets = new Map(state.config.links.map(({ name, policy }) => [name, policy.reliabilityTargetPercent]));
    void engine.configure(state.config).then((outcome) => {
      if (!outcome.ok) log.error(`the engine did not take the settings: ${outcome.problem.message}`);
    });
  };
  const presetsFault = (sentence: string | null): void => {
    if (sentence !== null) log.warn(sentence);
    status.warn('presets', sentence);
  };
  const { surroundings, stop: leavePresets } = await openSurroundings(
    file,
    { demoAddresses: demo?.addresses ?? new Map(), demoCa: demo?.ca ?? null },
    presetsFault,
    DISK_GRACE_MS,
  );
  const settings = await openSettings({
    file,
    lastGoodFile,
    defaultText: DEFAULT_SETTINGS_TEXT,
    onFirst: options.configArg === null ? () => log.info('a first settings file was made', { file }) : null,
    surroundings,
    calls,
    onChange: (state) => {
      if (state.because === 'text') log.info('settings applied', { file });
      follow(state);
    },
  });
  follow({ config: settings.config(), settings: settings.settings() });
  const notices = new Notices({
    kept,
    settings: settings.notices(),
    save: (kept) => noticeFile.save(kept),
    wall: () => systemClock.wall(),
    silenceFailure: (link) => void engine.client.acknowledgeFailure({ link }),
    log: (message, fields) => log.info(message, fields),
    exists: (of, name) => settings.config()[of].some((one) => one.name === name),
    reliabilityTargetOf: (link) => reliabilityTargets.get(link) ?? null,
  });
  settings.subscribe(() => notices.configure(settings.notices()));
  mirror.onFrame(() => {
    if (mirror.snapshot !== null) notices.observe(mirror.snapshot, mirror.pools);
  });
  const { fileTrouble, running } = settings.view();
  log.info('Warmwire started', {
    version: options.version,
    host: options.host,
    settings: file,
    data: dataFolder,
    running,
  });
  if (fileTrouble !== null) log.warn(fileTrouble);
  logSettings(settings, log);
  settings.subscribe(() => status.publish());

  const stopFollowing = [
    engine.follow((client) => mirror.follow(client)),
    engine.follow((client) => {
      let first = true;
      return client.events(null, (events) => {
        if (!first || events.length > 0) log.events(events);
        first = false;
        notices.events(events);
        // Each is asked: what one batch holds of a stop may be several.
        if (events.filter((event) => restarts.note(event)).length > 0) restartFile.save(restarts.times);
      });
    }),
  ];
  const statistics = setInterval(() => {
    if (mirror.snapshot !== null) log.statistics(mirror.snapshot);
  }, STATISTICS_EVERY_MS);

  const lag = setInterval(() => status.publish(), LAG_EVERY_MS);
  const probation = new Probation(settings, {
    now: systemClock.now,
    everySecond: (task) => {
      const timer = setInterval(task, 1000);
      return () => clearInterval(timer);
    },
    standings: () => mirror.standings(),
    warn: (sentence) => status.warn('probation', sentence),
    log: (line) => log.warn(line),
  });
  const stopWakeWatch = watchForWakes((kind) => probation.disturbed(kind));

  const appView = (): AppView => ({
    version: options.version,
    host: options.host,
    settingsFile: file,
    dataFolder,
    logFile: log.file,
    demo: demoStatus,
    gateReopenMs: settings.config().gateReopenMs,
    queueLagP99Ms: mirror.queueLag.p99Ms,
    warnings: [...status.warnings, ...settings.view().unsaved],
  });

  const client = appClient({
    engine,
    settings,
    surroundings,
    probation,
    notices,
    demo,
    status,
    view: appView,
    log: (line) => log.warn(line),
    env: options.env,
  });

  const stop = async (): Promise<void> => {
    clearInterval(statistics);
    clearInterval(lag);
    stopWakeWatch();
    probation.stop();
    restartNews.stop();
    leavePresets();
    mirror.stop();
    // Beside the links' end, not before it: no socket waits for a disk.
    const settingsClosed = settings.close();
    settingsClosed.catch(() => undefined);
    await engine.stop();
    for (const unsubscribe of stopFollowing) unsubscribe();
    await demo?.stop();
    // One that fails is no reason not to wait for the others.
    const written = Promise.allSettled([settingsClosed, noticeFile.close(), restartFile.close()])
      .then(async () => (await claiming).release())
      .then(() => settingsClosed);
    const diskHangs = `the disk has not answered within ${DISK_GRACE_MS / 1000} s: what changed last may not be kept`;
    const ended = endWithin(DISK_GRACE_MS, diskHangs, written);
    await ended.catch((error: Error) => log.error(error.message));
    log.info('Warmwire stopped');
    await endWithin(DISK_GRACE_MS, diskHangs, log.close());
    await ended;
  };
  return {
    dataFolder,
    logFile: log.file,
    api: {
      version: options.version,
      mirror,
      engine: {
        reconnectLink: (input) => engine.client.reconnectLink(input),
        destroyPool: (input) => engine.client.destroyPool(input),
        scrape: (input) => engine.client.scrape(input),
      },
      gateReopenMs: () => settings.config().gateReopenMs,
      onBug: (where, error) => logFault(where, stackOf(error)),
    },
    followSettings: (listener) => {
      settingsListeners.add(listener);
      listener(settings.settings());
      return () => void settingsListeners.delete(listener);
    },
    warn: (about, message) => {
      if (message !== null) log.warn(message);
      status.warn(about, message);
    },
    info: (message) => log.info(message),
    serveWire: (wire) => serve(appContract, client, wire, { clean: withoutClearKeys, log: logFault }),
    woke: () => {
      probation.disturbed('sleep');
      void engine.client.wake({ kind: 'sleep' });
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
