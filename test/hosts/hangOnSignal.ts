import { readFile } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';

/** Loaded before the program: SIGUSR2 makes a dozen calls to a disk that hangs, which is a pipe that nobody writes into. */
if (isMainThread) {
  process.on('SIGUSR2', () => {
    for (let call = 0; call < 12; call += 1) void readFile(`${process.env.HUNG_FILE}`);
    process.stderr.write('hangs\n');
  });
}
