import { readFile } from 'node:fs/promises';
import { endPolitely, Stuck } from '../../src/main/hosts/ending.ts';

/** A program one of whose threads waits for ever: for a pipe that nobody writes into, as for a disk that hangs. */
void readFile(`${process.env.HUNG_FILE}`);
setInterval(() => undefined, 60_000);
endPolitely({
  stop: async () => {
    process.stdout.write('ending\n');
    if (process.env.GIVES_UP !== 'yes') await new Promise(() => undefined);
    throw new Stuck('the disk has not answered');
  },
  complain: (message) => process.stderr.write(`${message}\n`),
  sentenceOf: String,
});
process.stdout.write('runs\n');
