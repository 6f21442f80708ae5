import { join } from 'node:path';
import { systemClock } from './engine/systemClock.ts';
import { claimFolder, type FolderClaim } from './folderClaim.ts';
import type { Log } from './log/log.ts';
import type { DiskCalls } from './settings/disk.ts';
import { inTime } from './settings/lateAnswers.ts';

const sharedFolder = (folder: string): string =>
  `another Warmwire runs on this machine with the data folder ${folder}: venues see the links of both, and each writes its notices over the other’s; end one of them, or start it with another WARMWIRE_DATA`;

const unseenIn = (folder: string): string =>
  `neither ${folder} nor the folder for temporary files takes a socket: a second Warmwire with the same data would not be noticed`;

/** `made`: when the disk has answered, whatever it said. */
export interface LogFolder {
  readonly path: string;
  readonly made: Promise<unknown>;
}

/** The folder of the log, in the data folder. Who makes them says who may look into them; a disk that hangs is not waited for. */
export async function logFolderIn(folder: string, calls: DiskCalls, graceMs: number): Promise<LogFolder> {
  const path = join(folder, 'log');
  const made = calls.mkdir(path, { recursive: true, mode: 0o700 }).catch(() => undefined);
  await inTime<unknown>(graceMs, made, () => undefined);
  return { path, made };
}

/** Claims the data folder once it is `made`. Who else uses it is said in the log, and by `warn` as long as it is so. */
export async function claimAloud(
  folder: string,
  made: Promise<unknown>,
  log: Log,
  warn: (message: string | null) => void,
  calls: DiskCalls,
): Promise<FolderClaim> {
  const told = (isShared: boolean): void => {
    if (isShared) log.warn(sharedFolder(folder));
    else log.info('the other Warmwire with this data folder has ended');
    warn(isShared ? sharedFolder(folder) : null);
  };
  await made;
  const claim = await claimFolder(folder, systemClock, told, calls);
  if (!claim.isVisible) log.warn(unseenIn(folder));
  return claim;
}
