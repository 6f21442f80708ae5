import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

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
  const files = [...new Set([resolve(file), realPath(file)])];
  let closed = false;
  let current = await open(files, false, onChange, replace);
  return {
    close: async () => {
      closed = true;
      await current.close();
    },
  };

  function replace(): void {
    if (closed) return;
    const failing = current;
    void open(files, true, onChange, () => undefined).then(async (polling) => {
      current = polling;
      await failing.close();
      if (closed) await polling.close();
      onChange();
    });
  }
}

function open(
  files: readonly string[],
  usePolling: boolean,
  onChange: () => void,
  onError: () => void,
): Promise<FSWatcher> {
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
