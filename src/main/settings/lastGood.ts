import { type DiskCalls, readSettingsFile, replaceFile } from './disk.ts';
import type { Surroundings } from './resolve.ts';
import { type Evaluation, evaluate } from './running.ts';

/** The last text without errors, for a start with a broken file, as it is judged today; `null` when there is none. */
export async function readLastGood(
  file: string,
  surroundings: Surroundings,
  calls: DiskCalls,
): Promise<Evaluation | null> {
  const kept = await readSettingsFile(file, calls);
  return kept.kind === 'text' ? evaluate(kept.text, surroundings) : null;
}

/** Answers a sentence when the copy could not be kept; nothing else depends on it. */
export async function keepLastGood(file: string, text: string, calls: DiskCalls): Promise<string | null> {
  const problem = await replaceFile(file, text, calls);
  return problem === null ? null : `The settings run, but no copy of them could be kept: ${problem.message}`;
}
