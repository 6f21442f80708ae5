import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type AppClient, type AppView, appContract } from '../shared/contract.ts';
import type { DemoExchange } from '../shared/demoFault.ts';
import type { EngineConfig } from '../shared/engineConfig.ts';
import { failed, type Outcome, ok } from '../shared/outcome.ts';
import { presetCards } from '../shared/presetCard.ts';
import { RestartHabits } from '../shared/restartHabit.ts';
import { serve, type Unsubscribe, type Wire } from '../shared/rpc.ts';
import { SETTINGS_BUILT_IN, type Settings } from '../shared/settings.ts';
import type { SettingsView } from '../shared/settingsView.ts';
import { trialOver } from '../shared/trial.ts';
import type { ApiSource } from './api/apiSource.ts';
import { EngineMirror } from './api/mirror.ts';
import { systemClock } from './engine/systemClock.ts';
import { startDemoThread } from './hosts/demoThread.ts';
import { EngineThread } from './hosts/engineThread.ts';
import { openLog } from './log/log.ts';
import { NoticeFile } from './notices/noticeFile.ts';
import { Notices } from './notices/notices.ts';
import { RestartFile } from './restartFile.ts';
import { draftLink, trialConfig } from './settings/addLink.ts';
import { DEFAULT_SETTINGS_TEXT } from './settings/defaultText.ts';
import { settingsPaths } from './settings/folders.ts';
import { builtInPresets } from './settings/presets.ts';
import { Probation } from './settings/probation.ts';
import type { Surroundings } from './settings/resolve.ts';
import { openSettings } from './settings/store.ts';
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
}

/** The whole program but for its window: settings, engine, demo and log, behind one contract for any number of pages. */
export interface App {
  readonly dataFolder: string;
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
  /** Row L17. Ends within the shutdown grace, with nothing left open. May be called twice. */
  stop(): Promise<void>;
}

export async function startApp(options: AppOptions): Promise<App> {
  const { file, dataFolder } = settingsPaths(options.env, process.platform, homedir(), options.configArg);
  const warnings = new Map<string, string>();
  const readers = new Set<() => void>();
  const publish = (): void => {
    for (const reader of readers) reader();
  };
  const warn = (about: string, message: string | null): void => {
    if (message === null) warnings.delete(about);
    else warnings.set(about, message);
    publish();
  };

  const log = openLog(join(dataFolder, 'log'), options.echoLog, (message) => warn('log', message));
  const demo = await startDemoThread(options.demoEntry, (why) => {
    log.error(`the demo exchanges have stopped: ${why}`);
    warn('demo', `the demo exchanges have stopped (${why}); restart Warmwire to get them back`);
  });
  let demoStatus: readonly DemoExchange[] = [];
  demo?.client.status(null, (status) => {
    demoStatus = status;
    publish();
  });

  const mirror = new EngineMirror(systemClock);
  const engine = new EngineThread(options.engineEntry, (why) => {
    mirror.lost();
    log.error(`the engine thread died: ${why}; it is started again with the same links`);
    warn('engine', `the engine had to be restarted (${why}); its counts since start are new`);
  });
  const noticeFile = new NoticeFile({
    file: join(dataFolder, 'notices.jsonl'),
    clock: systemClock,
    onTrouble: (message) => {
      if (message !== null) log.warn(message);
      warn('notices', message);
    },
  });
  const restartFile = new RestartFile(join(dataFolder, 'restarts.json'), (message) => log.warn(message));
  const restarts = new RestartHabits();
  restarts.know(await restartFile.read());
  const settingsListeners = new Set<(settings: Settings) => void>();
  let reliabilityTargets: ReadonlyMap<string, number> = new Map();
  const follow = (state: { config: EngineConfig; settings: Settings }): void => {
    log.setLevel(state.settings.log?.level ?? SETTINGS_BUILT_IN.log.level);
    log.setStatistics(state.settings.log?.statistics ?? SETTINGS_BUILT_IN.log.statistics);
    for (const listener of settingsListeners) listener(state.settings);
    reliabilityTargets = new Map(state.config.links.map(({ name, policy }) => [name, policy.reliabilityTargetPercent]));
    void engine.configure({ ...state.config, restarts: restarts.times }).then((outcome) => {
      if (!outcome.ok) log.error(`the engine did not take the settings: ${outcome.problem.message}`);
    });
  };
  const surroundings: Surroundings = {
    presets: builtInPresets(),
    demoAddresses: demo?.addresses ?? new Map(),
    demoCa: demo?.ca ?? null,
    readCa,
  };
  const settings = await openSettings({
    file,
    lastGoodFile: join(dataFolder, 'last-good.toml'),
    defaultText: DEFAULT_SETTINGS_TEXT,
    surroundings,
    onChange: (state) => {
      if (state.because === 'text') log.info('settings applied', { file });
      follow(state);
    },
  });
  follow({ config: settings.config(), settings: settings.settings() });
  const notices = new Notices({
    kept: await noticeFile.read(),
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
  const logProblems = ({ problems }: SettingsView): void => {
    for (const { severity, line, column, message, expected, nearest } of problems) {
      const wanted = expected === '' ? '' : `; expected ${expected}`;
      const meant = nearest === null ? '' : `; did you mean ${nearest}?`;
      log.warn(`settings, line ${line}, column ${column}: ${message}${wanted}${meant}`, { severity });
    }
  };
  logProblems(settings.view());
  settings.subscribe(logProblems);
  let unsaved: readonly string[] = [];
  settings.subscribe((view) => {
    for (const sentence of view.unsaved) if (!unsaved.includes(sentence)) log.warn(sentence);
    unsaved = view.unsaved;
    publish();
  });

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

  const lag = setInterval(publish, LAG_EVERY_MS);
  const probation = new Probation(settings, {
    now: systemClock.now,
    everySecond: (task) => {
      const timer = setInterval(task, 1000);
      return () => clearInterval(timer);
    },
    standings: () => mirror.standings(),
    warn: (sentence) => warn('probation', sentence),
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
    warnings: [...warnings.values(), ...settings.view().unsaved],
  });

  const client: AppClient = {
    reconnectLink: (input) => engine.client.reconnectLink(input),
    setBreaker: (input) => engine.client.setBreaker(input),
    rotateLink: (input) => engine.client.rotateLink(input),
    acknowledgeFailure: (input) => engine.client.acknowledgeFailure(input),
    warmPool: (input) => engine.client.warmPool(input),
    destroyPool: (input) => engine.client.destroyPool(input),
    pools: (input, onValue) => engine.follow((current) => current.pools(input, onValue)),
    gates: (input, onValue) => engine.follow((current) => current.gates(input, onValue)),
    snapshots: (input, onValue) => engine.follow((current) => current.snapshots(input, onValue)),
    series: (input, onValue) => engine.follow((current) => current.series(input, onValue)),
    events: (input, onValue) => engine.follow((current) => current.events(input, onValue)),
    control: (input, onValue) => engine.follow((current) => current.control(input, onValue)),
    incidents: (input, onValue) => engine.follow((current) => current.incidents(input, onValue)),
    histogram: (input, onValue) => engine.follow((current) => current.histogram(input, onValue)),
    slices: (input, onValue) => engine.follow((current) => current.slices(input, onValue)),
    setLinkPaused: ({ link, paused }) => settings.setLinkEnabled(link, !paused),
    linkSettings: async ({ link }) => {
      const values = settings.effective(link);
      return values === null ? unknownLink(link) : ok(values);
    },
    poolSettings: async ({ pool }) => {
      const values = settings.poolEffective(pool);
      return values === null ? unknownPool(pool) : ok(values);
    },
    previewSettings: async ({ text }) => ok(settings.preview(text)),
    applySettings: ({ text, basedOn, watch }) => probation.apply(text, basedOn, watch ?? true),
    keepSettings: async () => {
      probation.keep();
      return ok(null);
    },
    explainSettings: async ({ text, path }) => ok(settings.explain(text, path)),
    undoSettings: ({ basedOn }) => settings.undo(basedOn),
    presets: async () => ok(presetCards(surroundings.presets, (secret) => (options.env[secret] ?? '') !== '')),
    draftLink: async (draft) => draftLink(draft, settings.view(), surroundings),
    trial: (input, onValue) => {
      const tried = trialConfig(input, settings.view().text, surroundings);
      if ('config' in tried) return engine.follow((current) => current.trial(tried.config, onValue));
      onValue(trialOver({ kind: 'unfit', problems: tried.problems }));
      return () => undefined;
    },
    demoFault: async ({ exchange, fault }) => {
      if (demo === null) return failed('no-demo', 'the demo exchanges do not run', exchange, 'restart Warmwire');
      return demo.client.inject({ exchange, fault });
    },
    acknowledgeNotice: notices.acknowledge,
    acknowledgeAll: notices.acknowledgeAll,
    muteNotices: notices.mute,
    notices: (_input, onValue) => notices.subscribe(onValue),
    settings: (_input, onValue) => {
      onValue(settings.view());
      return settings.subscribe(onValue);
    },
    probation: (_input, onValue) => {
      onValue(probation.view);
      return probation.subscribe(onValue);
    },
    app: (_input, onValue) => {
      const reader = (): void => onValue(appView());
      readers.add(reader);
      reader();
      return () => void readers.delete(reader);
    },
  };

  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    clearInterval(statistics);
    clearInterval(lag);
    stopWakeWatch();
    probation.stop();
    mirror.stop();
    await settings.close();
    await engine.stop();
    for (const unsubscribe of stopFollowing) unsubscribe();
    await demo?.stop();
    await noticeFile.close();
    await restartFile.close();
    log.info('Warmwire stopped');
    await log.close();
  };
  return {
    dataFolder,
    api: {
      version: options.version,
      mirror,
      engine: {
        reconnectLink: (input) => engine.client.reconnectLink(input),
        destroyPool: (input) => engine.client.destroyPool(input),
        scrape: (input) => engine.client.scrape(input),
      },
      gateReopenMs: () => settings.config().gateReopenMs,
      onBug: (where, error) =>
        log.error(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : error}`),
    },
    followSettings: (listener) => {
      settingsListeners.add(listener);
      listener(settings.settings());
      return () => void settingsListeners.delete(listener);
    },
    warn: (about, message) => {
      if (message !== null) log.warn(message);
      warn(about, message);
    },
    info: (message) => log.info(message),
    serveWire: (wire) => serve(appContract, client, wire),
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

function unknownLink(link: string): Outcome<never> {
  return failed(
    'unknown-link',
    `there is no link named ${link}`,
    link,
    'reload the page: the settings may have changed',
  );
}

function unknownPool(pool: string): Outcome<never> {
  return failed('unknown-pool', `no [pool] table is named ${pool}`, pool, 'a pool of warmup_urls has no table');
}

function readCa(path: string): Outcome<string> {
  try {
    const pem = readFileSync(path, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return ok(pem);
    return failed(
      'bad-ca',
      `${path} holds no PEM certificate`,
      path,
      'give a file that begins with -----BEGIN CERTIFICATE-----',
    );
  } catch (error) {
    return failed(
      'unreadable-ca',
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      path,
      'check the path and its rights',
    );
  }
}
