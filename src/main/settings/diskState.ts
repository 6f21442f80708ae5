import type { SettingsView } from '../../shared/settingsView.ts';
import { type FileReading, NO_FILE } from './disk.ts';

/** The settings file as it was last read, and why it could not be, in words. */
export type DiskState = Pick<SettingsView, 'text' | 'revision' | 'problems'> & { readonly trouble: string | null };

export const NOTHING_READ: DiskState = { text: '', revision: NO_FILE, trouble: null, problems: [] };

/** After a reading that found no text. Of a file that is gone the text stays: saving it again is what a person will want. */
export function withoutText(reading: Exclude<FileReading, { kind: 'text' }>, before: DiskState): DiskState {
  return reading.kind === 'missing'
    ? { ...NOTHING_READ, text: before.text, trouble: FILE_GONE }
    : { ...NOTHING_READ, revision: reading.revision, trouble: reading.trouble };
}

export const isUnreadable = ({ trouble, revision }: DiskState): boolean => trouble !== null && revision !== NO_FILE;

const FILE_GONE =
  'the settings file is gone; what ran goes on. Apply the text on the Settings page to write the file again';
