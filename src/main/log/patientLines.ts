import type { Writable } from 'node:stream';

/** What may wait for a reader or a disk that takes nothing, bytes: more than thousands of links have to say in one turn. */
export const MAX_WAITING_BYTES = 8 * 2 ** 20;

export interface PatientLines {
  /** `done`: the line was taken, or why not; not called for one that is left out. */
  write(line: string, done?: (error?: Error | null) => void): void;
  /** Lines left out since the last that was written. */
  readonly leftOut: number;
}

/** Lines on `output`. Those that would have to wait behind 8 MiB are left out, and counted in their place: `why` says why. */
export function patientLines(output: Writable, why: string): PatientLines {
  let leftOut = 0;
  return {
    write: (line, done) => {
      // Else every other line would be left out.
      const limit = leftOut === 0 ? MAX_WAITING_BYTES : MAX_WAITING_BYTES / 2;
      if (output.writableLength > limit) {
        leftOut += 1;
        return;
      }
      if (leftOut > 0) output.write(missing(leftOut, why));
      leftOut = 0;
      output.write(line, done);
    },
    get leftOut() {
      return leftOut;
    },
  };
}

function missing(count: number, why: string): string {
  const msg = `${count} lines were left out here, because ${why}`;
  return `${JSON.stringify({ level: 'warn', utc: new Date().toISOString(), msg })}\n`;
}
