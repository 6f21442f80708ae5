import type * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

type Calls = Pick<typeof fs, 'readdir' | 'realpath' | 'unlink'>;

const random = (): string => Math.random().toString(36).slice(2);
/** A container's program has the same number at each start. */
const RUN = random();

/** A new name beside the file, for what is written before it takes the file's place. */
export const nameBeside = (file: string): string =>
  join(dirname(file), `.${basename(file)}.${process.pid}-${RUN}-${random()}`);

/** Removes what was written beside the file and a kill has left there: it may hold keys. Never rejects. */
export async function removeLeftovers(file: string, calls: Calls): Promise<void> {
  const target = await calls.realpath(file).catch(() => file);
  const names = await calls.readdir(dirname(target)).catch(() => []);
  const start = `.${basename(target)}.`;
  const left = names.filter((name) => name.startsWith(start) && isLeft(name.slice(start.length)));
  await Promise.allSettled(left.map((name) => calls.unlink(join(dirname(target), name))));
}

function isLeft(ending: string): boolean {
  const [, pid, run] = /^(\d+)-([a-z\d]+)(-[a-z\d]+)?$/.exec(ending) ?? [];
  return pid !== undefined && run !== RUN && !isAnother(Number(pid));
}

/** A process besides this one runs with that number. */
function isAnother(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
