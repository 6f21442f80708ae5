import type { ChannelCard, PresetCard } from './presetCard.ts';
import type { Effect } from './settingsKey.ts';

/** One thing that is wrong with, or worth knowing about, the settings text. Lines and columns start at 1. */
export interface SettingsProblem {
  readonly severity: 'error' | 'notice';
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Dotted path of the key, empty for the whole file: `link.kraken.ping_interval_secs`. */
  readonly path: string;
  readonly message: string;
  /** What would be right: `a number from 0.1 to 3600 (s)`. */
  readonly expected: string;
  /** The valid key that is nearest to a misspelt one, or `null`. */
  readonly nearest: string | null;
}

/** What a changed key does to this link. `readdress`: its socket stays, but for one at an address that goes, which is re-dialled. */
export type ChangeEffect = Effect | 'readdress';

/** What applying a text does to one link, or one pool (`pool NAME`). `effect` is the strongest of its changed keys. */
export interface SettingsChange {
  readonly link: string;
  /** Only where it is a pool's. */
  readonly pool?: true;
  readonly effect: ChangeEffect | 'added' | 'removed' | 'paused' | 'resumed';
  readonly keys: readonly {
    readonly key: string;
    readonly from: string;
    readonly to: string;
    readonly effect: ChangeEffect;
  }[];
}

/** What became of the last edit that was applied: its links are watched for a while (`[app] rollback_after_secs`). */
export type ProbationView =
  | { readonly kind: 'none' }
  | { readonly kind: 'watching'; readonly leftSecs: number; readonly links: number; readonly worse: readonly string[] }
  /** Its time is over, or somebody said so. */
  | { readonly kind: 'kept'; readonly links: number; readonly worse: readonly string[] }
  /** `text` is the edit that was taken back; a sentence for each link that was worse by it. */
  | { readonly kind: 'put-back'; readonly worse: readonly string[]; readonly text: string }
  /** Nothing was put back, because nothing can be said, or because the file is no longer that edit's. */
  | { readonly kind: 'not-judged'; readonly why: string };

/** A preset as completion and the form offer it. */
export interface PresetView extends Pick<PresetCard, 'name' | 'venue' | 'addresses'> {
  readonly channels: readonly Pick<ChannelCard, 'name'>[];
}

/** The revision of a file that is not there: its text can be applied as it is, to write it again. */
export const NO_FILE = 'no file';

/**
 * Which text is in force. `what was sound …`: at the start neither the file nor its kept copy was without errors, so the
 * links that have none run.
 */
export type RunningText =
  | 'this file'
  | 'the last good settings'
  | 'what was sound of the file at the start'
  | 'what was sound of the last good settings'
  | 'the built-in settings';

export interface SettingsView {
  readonly file: string;
  /** The text on disk as last read. */
  readonly text: string;
  /** Names the text on disk: an edit says which one it started from. */
  readonly revision: string;
  /** What is wrong with the text on disk; with an error in it the running settings are others: see `running`. */
  readonly problems: readonly SettingsProblem[];
  readonly running: RunningText;
  /** Why the file could not even be read, in words; `null` when it was. */
  readonly fileTrouble: string | null;
  /** What Undo would put back, `null` when there is nothing to undo or the file has problems. Preview it like an edit. */
  readonly undoText: string | null;
  /** A sentence for what is in force and not saved: each Pause or Resume that is not in the file yet, a link that a faulty file holds paused, and a copy that could not be kept. */
  readonly unsaved: readonly string[];
  /** How often a certificate came late, or a preset was another: a text that was looked at before may be another matter now. */
  readonly news: number;
}
