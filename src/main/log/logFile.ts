import { mkdirSync } from 'node:fs';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

const TRY_AGAIN_MS = 60_000;

/** Where log lines go: `warmwire.log` and nine older ones of 10 MiB each. Nothing here throws or waits. */
export interface LogFile {
  write(line: string): void;
  close(): Promise<void>;
}

/**
 * Opens the log in `folder`. When it cannot be written (a full disk, no right to the folder) the lines are dropped and
 * `onTrouble` is told once; after a minute it is tried again, and `onTrouble(null)` says that a line was written.
 */
export function openLogFile(
  folder: string,
  onTrouble: (message: string | null) => void,
  nowMs: () => number = () => performance.now(),
): LogFile {
  let stream: RotatingFileStream | null = null;
  let brokenSince: number | null = null;
  let closed = false;

  const broke = (error: Error): void => {
    if (brokenSince === null) onTrouble(`the log in ${folder} cannot be written: ${error.message}`);
    brokenSince = nowMs();
    stream = null;
  };
  const open = (): void => {
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      broke(error as Error);
      return;
    }
    const opened = createStream(fileName, { path: folder, size: '10M', maxFiles: 9, history: '.history' });
    opened.on('error', broke);
    stream = opened;
  };
  // On a full disk a file can be opened, and not written.
  const wrote = (error: Error | null | undefined): void => {
    if (error || brokenSince === null) return;
    brokenSince = null;
    onTrouble(null);
  };

  open();
  return {
    write: (line) => {
      if (closed) return;
      if (stream === null && brokenSince !== null && nowMs() - brokenSince >= TRY_AGAIN_MS) open();
      stream?.write(line, wrote);
    },
    close: () => {
      if (closed || stream === null) return Promise.resolve();
      closed = true;
      const last = stream;
      return new Promise((resolve) => {
        last.once('error', () => resolve());
        last.end(() => resolve());
      });
    },
  };
}

function fileName(time: number | Date | null, index?: number): string {
  if (time === null || typeof time === 'number') return 'warmwire.log';
  const stamp = time.toISOString().replace(/[:.]/g, '-');
  return `warmwire.${stamp}.${index ?? 1}.log`;
}
