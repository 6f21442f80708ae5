import { NO_FILE } from '../../shared/settingsView.ts';
import { type DiskCalls, type FileReading, readSettingsFile, replaceFile, revisionOf } from './disk.ts';
import { type DiskState, lostText, NOTHING_READ } from './diskState.ts';
import { type KeptCopy, readLastGood } from './lastGood.ts';
import type { SettingsOptions } from './settingsStore.ts';

/** What the disk holds at a start. */
export interface StartReading {
  readonly reading: FileReading;
  readonly kept: KeptCopy;
  /** What is shown where the file cannot be taken as it is; `null` where it can. */
  readonly shown: DiskState | null;
}

/** At the very first start the file is made. */
export async function readAtStart(options: SettingsOptions, calls: DiskCalls): Promise<StartReading> {
  const { file, lastGoodFile, surroundings } = options;
  const reading = await readSettingsFile(file, calls);
  const kept = await readLastGood(lastGoodFile, surroundings, calls);
  const isFirst = reading.kind === 'missing' && kept.kind === 'none';
  return isFirst ? { kept, ...(await makeFile(options, calls)) } : { reading, kept, shown: lostText(reading, kept) };
}

async function makeFile(
  { file, defaultText: text }: SettingsOptions,
  calls: DiskCalls,
): Promise<Omit<StartReading, 'kept'>> {
  const problem = await replaceFile(file, text, calls, { expected: NO_FILE });
  if (problem === null) return { reading: { kind: 'text', text, revision: revisionOf(text) }, shown: null };
  if (problem.kind === 'changed') return { reading: await readSettingsFile(file, calls), shown: null };
  return {
    reading: { kind: 'missing' },
    shown: { ...NOTHING_READ, text, trouble: `${problem.message}; ${problem.hint}` },
  };
}
