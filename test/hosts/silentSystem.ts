import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

/** Loaded before the program: the system answers as one does whose file descriptors are used up. */
const usedUp = (): never => {
  throw new Error('EMFILE: too many open files');
};
os.networkInterfaces = usedUp;
process.memoryUsage.rss = usedUp;
syncBuiltinESMExports();
