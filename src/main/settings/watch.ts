import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { pathsTo } from './links.ts';

export interface FileWatch {
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * Calls `onChange` when the file was written, replaced, made or removed, perhaps before its writer is done, and perhaps
 * for nothing. Resolves when the watch stands. It watches the folder, because many editors save by putting a new file in the old one's place;
 * for a link also each folder it leads to. Every 2 s it looks at the file itself: a network disk tells nothing, nor does
 * a system that has no more watches to give. Each such look calls `onChange`, and waits for it, where `isLost`: a disk that
 * could not be read does not tell when it can.
 */
export async function watchFile(
  file: string,
  onChange: () => Promise<unknown>,
  isLost: () => boolean,
): Promise<FileWatch> {
  let seen = await lookAt(file);
  let current = await open(file, onChange);
  /** One at a time: a disk may not answer. */
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
    });
  }, LOOK_MS).unref();
  return {
    close: async () => {
      clearInterval(timer);
      await looking;
      await current.close();
    },
  };

  /** A disk that is mounted late, or a link that leads elsewhere now, makes it another folder, and tells nobody. */
  async function look(): Promise<void> {
    const before = seen;
    seen = await lookAt(file);
    if (seen.place !== before.place) {
      // First the old one: chokidar has one watch a path, which would go on at the folder that was there before.
      await current.close();
      current = await open(file, onChange);
    } else if (seen.content === before.content && !isLost()) return;
    await onChange();
  }
}

const LOOK_MS = 2_000;

interface Look {
  /** Names every folder on the way to the file: the folder itself, not only its path. */
  readonly place: string;
  /** Is another one after the file was written or replaced. */
  readonly content: string;
}

async function lookAt(file: string): Promise<Look> {
  const paths = await pathsTo(file);
  const folders = await Promise.all(paths.map((path) => stat(dirname(path)).catch(() => null)));
  const about = await stat(file).catch(() => null);
  return {
    place: JSON.stringify(paths.map((path, index) => [path, folders[index]?.dev, folders[index]?.ino])),
    content: JSON.stringify([about?.ino, about?.size, about?.mtimeMs, about?.ctimeMs]),
  };
}

async function open(file: string, onChange: () => Promise<unknown>): Promise<FSWatcher> {
  const paths = await pathsTo(file);
  const files = [...new Set([...paths, ...(await Promise.all(paths.map(realPath)))])];
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const wanted = new Set([...files, ...folders]);
  const watcher = watch(folders, { depth: 0, ignored: (path) => !wanted.has(resolve(path)), ignoreInitial: true });
  return new Promise((ready) => {
    watcher.on('all', () => void onChange());
    watcher.once('ready', () => ready(watcher));
    watcher.on('error', () => ready(watcher));
  });
}

const realPath = (path: string): Promise<string> => realpath(path).catch(() => path);
