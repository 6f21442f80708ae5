import type { ApplyResult, EffectiveValue, Preview } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SettingsView } from '../../shared/settingsView.ts';
import type { DiskCalls } from './disk.ts';
import type { Surroundings } from './resolve.ts';

export interface SettingsOptions {
  readonly file: string;
  /** Where a copy of the last text without errors is kept. */
  readonly lastGoodFile: string;
  readonly defaultText: string;
  readonly surroundings: Surroundings;
  /** Called after every change of what runs, not for what runs at first. */
  readonly onChange: (state: { readonly config: EngineConfig; readonly settings: Settings }) => void;
  /** Default: the real file system. */
  readonly calls?: DiskCalls;
}

/** The one owner of the settings file. Everything that reads or writes it waits its turn. */
export interface SettingsStore {
  view(): SettingsView;
  config(): EngineConfig;
  settings(): Settings;
  /** `null` for a link that does not run. */
  effective(link: string): readonly EffectiveValue[] | null;
  /** `null` for a pool without a table. */
  poolEffective(pool: string): readonly EffectiveValue[] | null;
  /** Called with each new view, not with the present one. */
  subscribe(listener: (view: SettingsView) => void): () => void;
  /** What applying the text would do, compared with what runs. */
  preview(text: string): Preview;
  /** Answers a problem when the file could not be written; then nothing has changed. */
  apply(text: string, basedOn: string | null): Promise<Outcome<ApplyResult>>;
  /** Problems: `nothing-to-undo`, `broken-settings`, and those of a save. */
  undo(): Promise<Outcome<ApplyResult>>;
  /** Problems: `unknown-link`, `broken-settings`, those of `setValue` and of a save. */
  setLinkEnabled(link: string, enabled: boolean): Promise<Outcome<null>>;
  /** Waits for what is being written. May be called twice. */
  close(): Promise<void>;
}
