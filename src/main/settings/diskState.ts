import { NO_FILE, type SettingsView } from '../../shared/settingsView.ts';
import { type FileReading, isBlank, readingRevision } from './disk.ts';
import type { KeptCopy } from './lastGood.ts';
import type { Evaluation } from './running.ts';
import { standIn } from './standIn.ts';

/** The settings file as it was last read, and why it could not be, in words. */
export type DiskState = Pick<SettingsView, 'text' | 'revision' | 'problems'> & { readonly trouble: string | null };

export const NOTHING_READ: DiskState = { text: '', revision: NO_FILE, trouble: null, problems: [] };

/** After a reading that found no text. Of a file that is gone the text stays: saving it again is what a person will want. */
export function withoutText(reading: Exclude<FileReading, { kind: 'text' }>, before: DiskState): DiskState {
  return reading.kind === 'missing'
    ? { ...NOTHING_READ, text: before.text, trouble: FILE_GONE }
    : { ...NOTHING_READ, revision: reading.revision, trouble: reading.trouble };
}

/**
 * At a start without the file, or with an empty one, where there was a text before: perhaps its disk is not there yet, or a
 * power cut took what was in it. Nothing is written. `null` for a file that is to be taken as it is.
 */
export function lostText(reading: FileReading, kept: KeptCopy): DiskState | null {
  const isEmpty = reading.kind === 'text' && isBlank(reading.text);
  if (reading.kind !== 'missing' && !isEmpty) return null;
  if (kept.kind !== 'text') return isEmpty ? null : { ...NOTHING_READ, trouble: NEITHER };
  const { text, evaluation } = kept;
  if (isEmpty && isBlank(text)) return null;
  const trouble = `${isEmpty ? EMPTIED : NOT_THERE}; ${insteadOf(evaluation)}`;
  return { text, revision: readingRevision(reading), problems: evaluation.problems, trouble };
}

/** There is something in the file of which nothing can be shown. */
export const isUnreadable = ({ trouble, revision, text }: DiskState): boolean =>
  trouble !== null && revision !== NO_FILE && text === '';

const FILE_GONE =
  'the settings file is gone; what ran goes on. Apply the text on the Settings page to write the file again';

const NOT_THERE = 'the settings file is not there';

const EMPTIED = 'the settings file is empty, and nobody has applied an empty one here';

/** What runs in its place: the copy may have become faulty since it ran. */
function insteadOf(copy: Evaluation): string {
  switch (standIn(null, copy)?.source) {
    case 'the last good settings':
      return 'what ran last goes on from its copy. Apply the text on the Settings page to write the file again';
    case undefined:
      return `the copy of what ran last has problems today and nothing in it can run, so the built-in settings do. ${MEND}`;
    default:
      return `the copy of what ran last has problems today, and what is sound of it runs. ${MEND}`;
  }
}

const MEND = 'Repair the text on the Settings page and apply it to write the file again';

const NEITHER = `${NOT_THERE}, and no copy of what ran last can be read, so the built-in settings run. Apply a text on the Settings page to write the file again`;
