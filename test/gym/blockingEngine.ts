import { ok } from '../../src/shared/outcome.ts';
import { serveEngine } from '../support/threadEngine.ts';

/** The real engine's thread, which stands still for as many ms as the name of a link whose failure is acknowledged. */
const nobody = new Int32Array(new SharedArrayBuffer(4));
serveEngine(async ({ link: ms }) => {
  Atomics.wait(nobody, 0, 0, Number(ms));
  return ok(null);
});
