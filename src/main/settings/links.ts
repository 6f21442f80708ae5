import { readlink, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** More are a circle. */
const MOST_LINKS = 40;

/** The file's own path and, where it is a link, each that it leads to; there need be nothing at the last. Never rejects. */
export async function pathsTo(file: string): Promise<string[]> {
  const paths = [resolve(file)];
  for (let path = paths[0]; path !== undefined && paths.length <= MOST_LINKS; ) {
    const at: string = path;
    const target = await readlink(at).catch(() => null);
    // What is relative is so to the folder itself, and not to the way that led there.
    const folder = await realpath(dirname(at)).catch(() => dirname(at));
    path = target === null ? undefined : resolve(folder, target);
    if (path !== undefined) paths.push(path);
  }
  return paths;
}
