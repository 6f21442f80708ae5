import { NO_FILE } from '../../shared/settingsView.ts';
import { type DiskCalls, type FileReading, readSettingsFile, replaceFile, revisionOf } from './disk.ts';
import { type DiskState, lostText, NOTHING_READ } from './diskState.ts';
import type { KeptCopy, LastGood } from './lastGood.ts';
import { inTime } from './lateAnswers.ts';
import type { Surroundings } from './resolve.ts';
import { evaluate } from './running.ts';
import type { SettingsOptions } from './settingsStore.ts';
import { type StandIn, standIn } from './standIn.ts';

/** What the disk holds at a start. */
export interface StartReading {
  readonly reading: FileReading;
  readonly kept: KeptCopy;
  /** What is shown where the file cannot be taken as it is; `null` where it can. */
  readonly shown: DiskState | null;
}

/** For a disk at the start. */
export const LATE_START_MS = 2_000;

/** A file whose disk does not answer in time: its copy runs, and the start is gone through again when it does. */
const HELD_UP = {
  kind: 'trouble',
  trouble: 'the settings file cannot be read: its disk does not answer. It is taken when it does',
  revision: 'held up',
} as const satisfies FileReading;

export const isHeldUp = ({ revision }: DiskState): boolean => revision === HELD_UP.revision;

/** At the very first start the file is made, unless it was named. `answered`: a disk that was late. */
export async function readAtStart(
  options: SettingsOptions,
  copy: LastGood,
  calls: DiskCalls,
  answered: () => void,
): Promise<StartReading> {
  const [reading, kept] = await Promise.all([
    readInTime(options.file, calls, answered),
    copy.read(options.surroundings),
  ]);
  const isFirst = reading.kind === 'missing' && kept.kind === 'none' && options.onFirst !== null;
  return isFirst ? { kept, ...(await makeFile(options, calls)) } : { reading, kept, shown: lostText(reading, kept) };
}

/** What runs for want of a file without errors; `null` where there is nothing to run. */
export function bestOf({ reading, kept }: StartReading, surroundings: Surroundings): StandIn | null {
  const own = reading.kind === 'text' ? evaluate(reading.text, surroundings) : null;
  return standIn(own, kept.kind === 'text' ? kept.evaluation : null);
}

function readInTime(file: string, calls: DiskCalls, answered: () => void): Promise<FileReading> {
  const reading = readSettingsFile(file, calls);
  return inTime<FileReading>(LATE_START_MS, reading, () => {
    void reading.then(answered);
    return HELD_UP;
  });
}

async function makeFile(
  { file, defaultText: text, onFirst }: SettingsOptions,
  calls: DiskCalls,
): Promise<Omit<StartReading, 'kept'>> {
  const problem = await replaceFile(file, text, calls, NO_FILE);
  if (problem === null) {
    onFirst?.();
    return { reading: { kind: 'text', text, revision: revisionOf(text) }, shown: null };
  }
  if (problem.kind === 'changed') return { reading: await readSettingsFile(file, calls), shown: null };
  return {
    reading: { kind: 'missing' },
    shown: { ...NOTHING_READ, text, trouble: unmade(file, problem.message) },
  };
}

const unmade = (file: string, why: string): string =>
  `the first settings file ${file} could not be made: ${why}. The built-in settings run; apply the text on the Settings page to try again`;
