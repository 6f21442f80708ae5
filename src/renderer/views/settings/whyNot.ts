import { OFFLINE } from '../../store/offline.ts';

const NO_EDIT = 'The text is the file’s: nothing was edited';
const NO_TEXT = 'There is no file, and no text that could be written';
/** Of a conflict: its bar is under all that says so. */
export const CHOOSE = 'Choose below which text is to stay';
const UNSAVED = 'Apply or revert your edit first';
const UNKNOWN = 'Working out what it would do';

interface Hindrances {
  /** What stands in a field and cannot be written. */
  readonly unwritten: string | null;
  /** Why there is nothing to write. */
  readonly nothing: string | null;
  readonly blocked: boolean;
  readonly offline: boolean;
  readonly busy: boolean;
  readonly conflict: boolean;
  /** Whether what this text is said to do compares with what does not run any more. */
  readonly outdated: boolean;
}

export const whyNoRevert = (dirty: boolean): string | null => (dirty ? null : NO_EDIT);

export const whyNoLoad = (dirty: boolean): string | null => (dirty ? UNSAVED : null);

/** A file that is not there is written again, edited or not; but no empty one that nobody asked for, which ends every link. */
export function whyNothingToWrite(now: {
  readonly dirty: boolean;
  readonly noFile: boolean;
  readonly text: string;
}): string | null {
  if (now.dirty) return null;
  if (!now.noFile) return NO_EDIT;
  return now.text.trim() === '' ? NO_TEXT : null;
}

/** Why the text cannot be applied now, the most telling first; `null` when it can. */
export function whyNoApply(now: Hindrances): string | null {
  const { unwritten, nothing, blocked, offline, busy, conflict, outdated } = now;
  if (unwritten !== null) return unwritten;
  if (nothing !== null) return nothing;
  if (conflict) return `The file was changed meanwhile. ${CHOOSE}`;
  if (blocked) return 'The text has errors';
  if (offline) return OFFLINE;
  if (busy) return 'Being applied';
  return outdated ? UNKNOWN : null;
}

/** What is said when it is asked for all the same; empty where there is nothing to say, `null` when it can be done. */
export function refusalText(now: Omit<Hindrances, 'busy'> & { readonly noFile: boolean }): string | null {
  const { unwritten, nothing, blocked, offline, conflict, outdated, noFile } = now;
  if (unwritten !== null) return `Not applied: ${unwritten}`;
  if (blocked) return 'Not applied: the text has errors';
  if (conflict) return `Not applied. ${CHOOSE}`;
  if (nothing !== null) return noFile ? `Not applied. ${nothing}` : '';
  if (offline) return `Not applied. ${OFFLINE}`;
  return outdated ? `Not applied. ${UNKNOWN}` : null;
}

export function whyNotNow(now: {
  readonly known: boolean;
  readonly faulty: boolean;
  readonly offline: boolean;
}): string | null {
  if (now.offline) return OFFLINE;
  if (!now.known) return UNKNOWN;
  return now.faulty ? 'The earlier text has errors now' : null;
}

export function whyNoUndo(now: {
  readonly canUndo: boolean;
  readonly asked: boolean;
  readonly dirty: boolean;
  readonly offline: boolean;
}): string | null {
  const { canUndo, asked, dirty, offline } = now;
  if (asked) return 'Answer the question below';
  if (!canUndo) return 'Nothing was applied since Warmwire started';
  if (dirty) return UNSAVED;
  return offline ? OFFLINE : null;
}
