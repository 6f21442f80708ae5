import { type DiskCalls, FOR_OWNER, isBlank, readSettingsFile, replaceFile } from './disk.ts';
import type { LiveSurroundings } from './resolve.ts';
import { type Evaluation, evaluateNow } from './running.ts';

/** The last text without errors, for a start with a broken file, as it is judged today. */
export type KeptCopy =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'text'; readonly text: string; readonly evaluation: Evaluation };

export async function readLastGood(file: string, surroundings: LiveSurroundings, calls: DiskCalls): Promise<KeptCopy> {
  const kept = await readSettingsFile(file, calls);
  if (kept.kind === 'missing') return { kind: 'none' };
  if (kept.kind === 'trouble') return { kind: 'unreadable' };
  // One that an earlier version made may be everybody's to read.
  await calls.chmod(file, FOR_OWNER).catch(() => undefined);
  return { kind: 'text', text: kept.text, evaluation: await evaluateNow(kept.text, surroundings) };
}

/**
 * A new one is for its owner only: the settings may be, too. An empty text takes the place of another one only when a person
 * has applied it: what is in the file may be what a power cut left of it. Answers a sentence when the copy could not be kept;
 * nothing else depends on it.
 */
export async function keepLastGood(
  file: string,
  text: string,
  isApplied: boolean,
  calls: DiskCalls,
): Promise<string | null> {
  if (isBlank(text) && !isApplied && (await holdsText(file, calls))) return null;
  const problem = await replaceFile(file, text, calls, { newMode: FOR_OWNER });
  return problem === null ? null : `The settings run, but no copy of them could be kept: ${problem.message}`;
}

/** Or what cannot be read. */
async function holdsText(file: string, calls: DiskCalls): Promise<boolean> {
  const kept = await readSettingsFile(file, calls);
  return kept.kind === 'text' ? !isBlank(kept.text) : kept.kind === 'trouble';
}
