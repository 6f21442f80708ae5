import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { pathsTo } from './links.ts';
import { Turns } from './turns.ts';

export interface FileWatch {
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * Calls `onChange` when the file was written, replaced, made or removed, perhaps before its writer is done, and perhaps
 * for nothing. Resolves when the watch stands. It watches the folder, because many editors save by putting a new file in the old one's place;
 * for a link also each folder it leads to. Where the system has no more watches to give, it looks once a second.
 */
export async function watchFile(file: string, onChange: () => void): Promise<FileWatch> {
  const turns = new Turns();
  let closed = false;
  let polls = false;
  let place = await placeOf(file);
  let current = await open(file, false, onChange, poll);
  const looking = setInterval(() => void turns.take(lookAtPlace), LOOK_AT_PLACE_MS).unref();
  return {
    close: async () => {
      closed = true;
      clearInterval(looking);
      await turns.done;
      await current.close();
    },
  };

  /** A disk that is mounted late, or a link that leads elsewhere now, makes it another folder, and tells nobody. */
  async function lookAtPlace(): Promise<void> {
    const now = await placeOf(file);
    if (now === place) return;
    place = now;
    await renew();
  }

  function poll(): void {
    if (polls) return;
    polls = true;
    void turns.take(renew);
  }

  async function renew(): Promise<void> {
    if (closed) return;
    // First the old one: chokidar has one watch a path, which would go on at the folder that was there before.
    await current.close();
    current = await open(file, polls, onChange, poll);
    onChange();
  }
}

const LOOK_AT_PLACE_MS = 2_000;

/** Names every folder on the way to the file: the folder itself, not only its path. */
async function placeOf(file: string): Promise<string> {
  const paths = await pathsTo(file);
  const folders = await Promise.all(paths.map((path) => stat(dirname(path)).catch(() => null)));
  return JSON.stringify(paths.map((path, index) => [path, folders[index]?.dev, folders[index]?.ino]));
}

async function open(file: string, usePolling: boolean, onChange: () => void, onError: () => void): Promise<FSWatcher> {
  const paths = await pathsTo(file);
  const files = [...new Set([...paths, ...(await Promise.all(paths.map(realPath)))])];
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const wanted = new Set([...files, ...folders]);
  const watcher = watch(folders, {
    depth: 0,
    ignored: (path) => !wanted.has(resolve(path)),
    ignoreInitial: true,
    usePolling,
    interval: 1000,
  });
  return new Promise((ready) => {
    watcher.on('all', onChange);
    watcher.once('ready', () => ready(watcher));
    watcher.on('error', () => {
      ready(watcher);
      onError();
    });
  });
}

const realPath = (path: string): Promise<string> => realpath(path).catch(() => path);
