import type { AppClient, AppView } from '../shared/contract.ts';
import { failed, type Outcome, ok, unknownName } from '../shared/outcome.ts';
import { presetCards } from '../shared/presetCard.ts';
import { trialOver } from '../shared/trial.ts';
import type { AppStatus } from './appStatus.ts';
import type { DemoThread } from './hosts/demoThread.ts';
import type { EngineThread } from './hosts/engineThread.ts';
import type { Notices } from './notices/notices.ts';
import { draftLink, trialConfig } from './settings/addLink.ts';
import { HeldUpEdits } from './settings/heldUpEdits.ts';
import type { Probation } from './settings/probation.ts';
import type { Surroundings } from './settings/resolve.ts';
import type { SettingsStore } from './settings/settingsStore.ts';

export interface AppParts {
  readonly engine: EngineThread;
  readonly settings: SettingsStore;
  readonly surroundings: Surroundings;
  readonly probation: Probation;
  readonly notices: Notices;
  /** `null`: they could not be started. */
  readonly demo: DemoThread | null;
  readonly status: AppStatus;
  readonly view: () => AppView;
  /** A line of warning. */
  readonly log: (line: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What any number of pages may ask: each call goes to the part that it concerns. */
export function appClient(parts: AppParts): AppClient {
  const { engine, settings, surroundings, probation, notices, demo, status, view, env } = parts;
  const edits = new HeldUpEdits({
    file: () => settings.view().file,
    warn: (sentence) => status.warn('edit', sentence),
    log: parts.log,
  });
  return {
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
    clocks: (input, onValue) => engine.follow((current) => current.clocks(input, onValue)),
    histogram: (input, onValue) => engine.follow((current) => current.histogram(input, onValue)),
    slices: (input, onValue) => engine.follow((current) => current.slices(input, onValue)),
    setLinkPaused: ({ link, paused }) => settings.setLinkEnabled(link, !paused),
    linkSettings: async ({ link }) => {
      const values = settings.effective(link);
      return values === null ? unknownName('link', link) : ok(values);
    },
    poolSettings: async ({ pool }) => {
      const values = settings.poolEffective(pool);
      return values === null ? unknownPool(pool) : ok(values);
    },
    previewSettings: async ({ text }) => ok(await settings.preview(text)),
    applySettings: ({ text, basedOn, watch }) => edits.of('Apply', probation.apply(text, basedOn, watch ?? true)),
    keepSettings: async () => {
      probation.keep();
      return ok(null);
    },
    explainSettings: async ({ text, path }) => ok(settings.explain(text, path)),
    undoSettings: ({ basedOn }) => edits.of('Undo', settings.undo(basedOn)),
    presets: async () => ok(presetCards(surroundings.presets, (secret) => (env[secret] ?? '') !== '')),
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
      const tell = (): void => onValue(view());
      const stop = status.follow(tell);
      tell();
      return stop;
    },
  };
}

function unknownPool(pool: string): Outcome<never> {
  return failed('unknown-pool', `no [pool] table is named ${pool}`, pool, 'a pool of warmup_urls has no table');
}
