import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { Turns } from './turns.ts';

export interface FileWatch {
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * Calls `onChange` when the file was written, replaced, made or removed, perhaps before its writer is done, and perhaps
 * for nothing. Resolves when the watch stands. It watches the folder, because many editors save by putting a new file in the old one's place;
 * for a link also the folder it leads to. Where the system has no more watches to give, it looks once a second.
 */
export async function watchFile(file: string, onChange: () => void): Promise<FileWatch> {
  const turns = new Turns();
  let closed = false;
  let polls = false;
  let folder = await folderOf(file);
  let current = await open(file, false, onChange, poll);
  const looking = setInterval(() => void turns.take(lookAtFolder), LOOK_AT_FOLDER_MS).unref();
  return {
    close: async () => {
      closed = true;
      clearInterval(looking);
      await turns.done;
      await current.close();
    },
  };

  /** A disk that is mounted late puts another folder in the place of the watched one, and tells nobody. */
  async function lookAtFolder(): Promise<void> {
    const now = await folderOf(file);
    if (now === folder) return;
    folder = now;
    await renew();
  }

  function poll(): void {
    if (polls) return;
    polls = true;
    void turns.take(renew);
  }

  async function renew(): Promise<void> {
    if (closed) return;
    const failing = current;
    current = await open(file, polls, onChange, poll);
    await failing.close();
    onChange();
  }
}

const LOOK_AT_FOLDER_MS = 2_000;

/** Names the folder itself, not its path; `null` when there is none. */
async function folderOf(file: string): Promise<string | null> {
  const about = await stat(dirname(resolve(file))).catch(() => null);
  return about === null ? null : `${about.dev} ${about.ino}`;
}

function open(file: string, usePolling: boolean, onChange: () => void, onError: () => void): Promise<FSWatcher> {
  const files = [...new Set([resolve(file), realPath(file)])];
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

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}
