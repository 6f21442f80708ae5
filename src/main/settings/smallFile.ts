import type { Stats } from 'node:fs';
import { failed, type Outcome, ok } from '../../shared/outcome.ts';

export interface ReadCalls {
  stat(path: string): Promise<Pick<Stats, 'isFile' | 'size'>>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
}

const MAX_BYTES = 1024 * 1024;

/** The text of an ordinary file of 1 MiB at most, or why there is none. Never rejects. */
export async function readSmallFile(path: string, calls: ReadCalls): Promise<Outcome<string>> {
  try {
    const about = await calls.stat(path);
    // Reading a pipe or a device could wait for ever.
    if (!about.isFile()) return failed('no-file', `${path} is not an ordinary file`, path, 'give an ordinary file');
    if (about.size > MAX_BYTES) return failed('too-large', `${path} has over 1 MiB`, path, 'give a smaller file');
    return ok(await calls.readFile(path, 'utf8'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return failed('unreadable', `${path} cannot be read (${why})`, path, 'check the path and its rights');
  }
}
