import { existsSync, writeFileSync } from 'node:fs';
import { ok } from '../../src/shared/outcome.ts';
import { serveEngine } from '../support/threadEngine.ts';

/** The real engine's thread, but the first one dies when it is asked to acknowledge a failure. */
const flag = `${process.env.DYING_ENGINE_FLAG}`;
serveEngine(async () => {
  if (existsSync(flag)) return ok(null);
  writeFileSync(flag, '');
  setImmediate(() => {
    throw new Error('the test killed it');
  });
  return new Promise<never>(() => undefined);
});
