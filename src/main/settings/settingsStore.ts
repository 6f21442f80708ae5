import type { ApplyResult, EffectiveValue, Preview } from '../../shared/contract.ts';
import type { EngineConfig } from '../../shared/engineConfig.ts';
import type { NoticeSettings } from '../../shared/noticeRule.ts';
import type { Outcome } from '../../shared/outcome.ts';
import type { Settings } from '../../shared/settings.ts';
import type { SettingsChange, SettingsView } from '../../shared/settingsView.ts';
import type { DiskCalls, Pause } from './disk.ts';
import type { LiveSurroundings } from './resolve.ts';

export interface SettingsOptions {
  readonly file: string;
  /** Where a copy of the last text without errors is kept. */
  readonly lastGoodFile: string;
  readonly defaultText: string;
  /** Called when the very first file was made; `null` where none is to be made. */
  readonly onFirst: (() => void) | null;
  readonly surroundings: LiveSurroundings;
  /** Called after every change of what runs, not for what runs at first. `because`: a text, or a press that is not saved. */
  readonly onChange: (state: {
    readonly config: EngineConfig;
    readonly settings: Settings;
    readonly because: 'text' | 'press';
  }) => void;
  /** Default: the real file system. */
  readonly calls?: DiskCalls;
  /** Default: real time. */
  readonly pause?: Pause;
  /** After how long a press, or a copy, that could not be saved is tried again. Default: 10 s. */
  readonly retrySaveMs?: number;
}

/** An edit of this number runs, and no link has heard of it yet. */
export type Began = (edit: number, changes: readonly SettingsChange[]) => void;

/** The one owner of the settings file. Everything that reads or writes it waits its turn. */
export interface SettingsStore {
  view(): SettingsView;
  /** With the presses that are not saved yet. */
  config(): EngineConfig;
  settings(): Settings;
  notices(): NoticeSettings;
  /** `null` for a link that does not run. */
  effective(link: string): readonly EffectiveValue[] | null;
  /** `null` for a pool without a table. */
  poolEffective(pool: string): readonly EffectiveValue[] | null;
  /** Counts the texts that came since the start, from a person or from the file; a press of Pause is none. */
  edits(): number;
  /** The values of one table of this text; empty where it has no such table. */
  explain(text: string, path: readonly string[]): readonly EffectiveValue[];
  /** Called with each new view, not with the present one. */
  subscribe(listener: (view: SettingsView) => void): () => void;
  /** What applying the text would do, compared with what runs. */
  preview(text: string): Promise<Preview>;
  /** Answers a problem when the file could not be written; then nothing has changed. */
  apply(text: string, basedOn: string | null, began?: Began): Promise<Outcome<ApplyResult>>;
  /** Puts back `undoText` of the view with this revision. Problems: `nothing-to-undo`, `broken-settings`, those of a save. */
  undo(basedOn: string): Promise<Outcome<ApplyResult>>;
  /** Undoes the edit of this number; a conflict once there was another, or when it is not wanted any more as its turn comes. */
  takeBack(edit: number, isWanted: () => boolean): Promise<Outcome<ApplyResult>>;
  /** In force at once. Answers when it is saved or `unsaved` in the view, after 1 s at the latest. Problem: `unknown-link`. */
  setLinkEnabled(link: string, enabled: boolean): Promise<Outcome<null>>;
  /** Waits for what is being written. May be called twice. */
  close(): Promise<void>;
}
