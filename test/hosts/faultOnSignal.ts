import { isMainThread } from 'node:worker_threads';

/** Loaded before the program: SIGUSR2 is an error that nobody catches, and one that follows from it. */
if (isMainThread) {
  process.on('SIGUSR2', () => {
    setImmediate(() => {
      throw new Error('made by the first');
    });
    throw new Error('made by the test at wss://venue.test/?apiKey=AbCdEf12345');
  });
}
