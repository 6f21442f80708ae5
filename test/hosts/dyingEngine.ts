import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import type { EngineConfig } from '../../src/shared/engineConfig.ts';
import { ok } from '../../src/shared/outcome.ts';
import { serveEngine } from '../support/threadEngine.ts';

/** The real engine's thread, but the first one dies when it is asked to acknowledge a failure. */
const flag = `${process.env.DYING_ENGINE_FLAG}`;
const noteRestarts = ({ restarts }: EngineConfig): void =>
  appendFileSync(`${flag}.restarts`, `${JSON.stringify(restarts)}\n`);
serveEngine(async () => {
  if (existsSync(flag)) return ok(null);
  writeFileSync(flag, '');
  setImmediate(() => {
    throw new Error('the test killed it at wss://venue/?token=in-the-clear');
  });
  return new Promise<never>(() => undefined);
}, noteRestarts);
