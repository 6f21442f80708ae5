import type { ApplyResult } from '../../shared/contract.ts';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';
import type { DiskState } from './diskState.ts';

/** Why a command did nothing, in words. */
export const closing = (file: string): Outcome<never> =>
  failed('closed', 'Warmwire is closing', file, 'start it again');

export const notYet = (file: string): Outcome<never> =>
  failed(
    'held-up',
    'not applied yet: the disk, or another program that writes the file, holds it up',
    file,
    'look at the disk; it is applied once that answers, unless the file is another one by then',
  );

export const nothingToUndo = (): Outcome<never> =>
  failed('nothing-to-undo', 'there is no earlier text', 'Settings', 'edit the text');

export const unknownLink = (link: string, file: string): Outcome<never> =>
  failed('unknown-link', `the settings have no link called ${link}`, file, 'reload the page');

export function brokenFile({ trouble }: DiskState, file: string): Outcome<never> {
  const what = trouble ?? 'the settings file has problems, so it is not changed';
  return failed('broken-settings', what, file, 'repair the file on the Settings page, then try again');
}

export const conflictWith = ({ text, revision }: DiskState): Outcome<ApplyResult> =>
  ok({ kind: 'conflict', diskText: text, revision });
