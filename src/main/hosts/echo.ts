import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { patientLines } from '../log/patientLines.ts';

const AGAIN_MS = 50;

/**
 * Where lines for a person go. Node writes to a terminal and to a pipe synchronously: one that does not read (Ctrl-S, an ssh
 * that has stalled, a pager) would hold up the whole program. The same one opened once more has a descriptor of its own that does not
 * wait; what is set on the given one would be set for the shell too.
 */
export function patientOutput(given: WriteStream & { readonly fd: number }): Writable {
  const isTerminal = given.isTTY === true;
  if (!isTerminal && !isPipe(given.fd)) return given;
  for (const path of [`/proc/self/fd/${given.fd}`, ...(isTerminal ? ['/dev/tty'] : [])]) {
    try {
      return unwaiting(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY));
    } catch {
      // Another account's terminal may be written to, and not opened; not every system has the first path.
    }
  }
  return given;
}

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO();
  } catch {
    return false;
  }
}

function unwaiting(fd: number): Writable {
  const attempt = (bytes: Buffer, done: (error?: Error) => void): void => {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(fd, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return done(error as Error);
      setTimeout(() => attempt(bytes.subarray(written), done), AGAIN_MS).unref();
      return;
    }
    done();
  };
  return new Writable({ write: (bytes: Buffer, _encoding, done) => attempt(bytes, done) });
}

/** Lines of the log on `output`; an error of it is nobody's concern. */
export function lineEcho(output: Writable): (line: string) => void {
  output.on('error', () => undefined);
  const lines = patientLines(output, 'nobody read them; the log file has them');
  return (line) => lines.write(line);
}
