import type { DiskCalls } from '../settings/disk.ts';
import { type SettingsPaths, settingsPaths } from '../settings/folders.ts';
import { inTime } from '../settings/lateAnswers.ts';
import { CannotStart } from './cannotStart.ts';
import { homeFolder } from './homeFolder.ts';

const LATE_MS = 2_000;

/**
 * Where settings and data of this start are. A file that `--config` names has to be there, or to have run here before:
 * a misspelt one would run the demo in place of the user's links. Throws CannotStart.
 */
export async function startPaths(
  env: Readonly<Record<string, string | undefined>>,
  configArg: string | null,
  calls: Pick<DiskCalls, 'stat'>,
): Promise<SettingsPaths> {
  const paths = settingsPaths(env, process.platform, homeFolder, configArg);
  const { file, lastGoodFile } = paths;
  if (configArg === null || !(await inTime(LATE_MS, isNowhere([file, lastGoodFile], calls), () => false))) return paths;
  throw new CannotStart(
    `there is no settings file ${file}: --config takes one that is there, WARMWIRE_CONFIG also one that is to be made`,
  );
}

/** False as soon as one is there, however long the disk of the other takes; and where one cannot be looked at. */
async function isNowhere(files: readonly string[], calls: Pick<DiskCalls, 'stat'>): Promise<boolean> {
  const looks = files.map((file) => calls.stat(file));
  try {
    await Promise.any(looks);
    return false;
  } catch (error) {
    return (error as AggregateError).errors.every(({ code }) => code === 'ENOENT');
  }
}
