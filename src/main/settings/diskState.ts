import { NO_FILE, type SettingsView } from '../../shared/settingsView.ts';
import type { FileReading } from './disk.ts';
import type { KeptCopy } from './lastGood.ts';

/** The settings file as it was last read, and why it could not be, in words. */
export type DiskState = Pick<SettingsView, 'text' | 'revision' | 'problems'> & { readonly trouble: string | null };

export const NOTHING_READ: DiskState = { text: '', revision: NO_FILE, trouble: null, problems: [] };

/** After a reading that found no text. Of a file that is gone the text stays: saving it again is what a person will want. */
export function withoutText(reading: Exclude<FileReading, { kind: 'text' }>, before: DiskState): DiskState {
  return reading.kind === 'missing'
    ? { ...NOTHING_READ, text: before.text, trouble: FILE_GONE }
    : { ...NOTHING_READ, revision: reading.revision, trouble: reading.trouble };
}

/** At a start without the file where there was one before: perhaps its disk is not there yet. Nothing is written. */
export function withoutFile(kept: Exclude<KeptCopy, { kind: 'none' }>): DiskState {
  if (kept.kind === 'unreadable') return { ...NOTHING_READ, trouble: NEITHER };
  return { ...NOTHING_READ, text: kept.text, problems: kept.evaluation.problems, trouble: NOT_THERE };
}

export const isUnreadable = ({ trouble, revision }: DiskState): boolean => trouble !== null && revision !== NO_FILE;

const FILE_GONE =
  'the settings file is gone; what ran goes on. Apply the text on the Settings page to write the file again';

const NOT_THERE =
  'the settings file is not there; what ran last goes on from its copy. Apply the text on the Settings page to write the file again';

const NEITHER =
  'the settings file is not there, and the copy of what ran last cannot be read. Apply a text on the Settings page to write the file again';
