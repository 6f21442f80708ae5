import { serveEngine } from '../support/threadEngine.ts';

/** The real engine's thread, with a fault in one command. */
serveEngine(async () => {
  throw new Error('the test broke it at wss://venue/?token=in-the-clear');
});
