import { isMainThread } from 'node:worker_threads';

/** Loaded before the program: SIGUSR2 is an error that nobody catches. */
if (isMainThread) {
  process.on('SIGUSR2', () => {
    throw new Error('made by the test at wss://venue.test/?apiKey=AbCdEf12345');
  });
}
