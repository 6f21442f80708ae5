import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const KEPT_FILES = 9;
const OLDER = /^warmwire\.\d{4}-[\dTZ-]+\.\d+\.log$/;
/** What a log says of links and accounts. */
export const OWNERS_ONLY = 0o600;

/**
 * Keeps the newest nine older logs of the folder, by the moment in their names: a list of them beside would be wrong once the
 * folder was moved, or a kill came between. Never rejects.
 */
export async function tidyLogs(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const older = names.filter((name) => OLDER.test(name)).sort();
  const newest = older.slice(-KEPT_FILES);
  // An earlier version kept such a list, and let everybody read it and the log.
  const removed = ['.history', ...older.slice(0, -KEPT_FILES)];
  const done = [
    ...removed.map((name) => rm(join(folder, name), { force: true })),
    ...['warmwire.log', ...newest].map((name) => chmod(join(folder, name), OWNERS_ONLY)),
  ];
  await Promise.allSettled(done);
}
