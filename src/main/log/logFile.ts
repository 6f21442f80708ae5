import type { Writable } from 'node:stream';
import { createStream } from 'rotating-file-stream';
import { OWNERS_ONLY, tidyLogs } from './olderLogs.ts';
import { type PatientLines, patientLines } from './patientLines.ts';

const TRY_AGAIN_MS = 60_000;

/** Where log lines go: `warmwire.log` and nine older ones of 10 MiB each. Nothing here throws or waits. */
export interface LogFile {
  write(line: string): void;
  close(): Promise<void>;
}

/** Makes the folder, too. At the start and after each rotation the file is opened. */
const openIn = (folder: string): Writable =>
  createStream(fileName, { path: folder, size: '10M', mode: OWNERS_ONLY }).on('open', () => void tidyLogs(folder));

/**
 * Opens the log in `folder`. When it cannot be written (a full disk, no right to the folder) the lines are dropped and
 * `onTrouble` is told once; after a minute it is tried again, and `onTrouble(null)` says that a line was written. A disk that
 * does not answer is waited for, by so many lines as may wait.
 */
export function openLogFile(
  folder: string,
  onTrouble: (message: string | null) => void,
  nowMs: () => number = () => performance.now(),
  streamIn: (folder: string) => Writable = openIn,
): LogFile {
  let file: { readonly stream: Writable; readonly lines: PatientLines } | null = null;
  let brokenSince: number | null = null;
  let closed = false;

  const broke = (why: string): void => {
    const isNew = brokenSince === null;
    brokenSince = nowMs();
    if (isNew) onTrouble(`the log in ${folder} cannot be written: ${why}`);
  };
  const open = (): void => {
    const stream = streamIn(folder);
    stream.on('error', (error) => {
      file = null;
      broke(error.message);
    });
    file = { stream, lines: patientLines(stream, 'the disk did not answer') };
  };
  // On a full disk a file can be opened, and not written.
  const wrote = (error: Error | null | undefined): void => {
    if (error || brokenSince === null || (file?.lines.leftOut ?? 0) > 0) return;
    brokenSince = null;
    onTrouble(null);
  };

  open();
  return {
    write: (line) => {
      if (closed) return;
      if (file === null && brokenSince !== null && nowMs() - brokenSince >= TRY_AGAIN_MS) open();
      file?.lines.write(line, wrote);
      if ((file?.lines.leftOut ?? 0) > 0) broke('the disk does not answer, and lines are left out');
    },
    close: () => {
      if (closed || file === null) return Promise.resolve();
      closed = true;
      const { stream } = file;
      return new Promise((resolve) => {
        stream.once('close', resolve);
        stream.end();
      });
    },
  };
}

function fileName(time: number | Date | null, index?: number): string {
  if (time === null || typeof time === 'number') return 'warmwire.log';
  const stamp = time.toISOString().replace(/[:.]/g, '-');
  return `warmwire.${stamp}.${index ?? 1}.log`;
}
