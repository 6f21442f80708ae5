import { existsSync, writeFileSync } from 'node:fs';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { Engine } from '../../src/main/engine/engine.ts';
import { portWire } from '../../src/main/portWire.ts';
import { engineContract } from '../../src/shared/contract.ts';
import { ok } from '../../src/shared/outcome.ts';
import { serve } from '../../src/shared/rpc.ts';
import { realPorts } from '../support/realPorts.ts';

/** The real engine's thread, but the first one dies when it is asked to acknowledge a failure. */
const flag = `${process.env.DYING_ENGINE_FLAG}`;
const engine = new Engine(realPorts());
const implementation = Object.assign(Object.create(engine), engine, {
  acknowledgeFailure: async () => {
    if (existsSync(flag)) return ok(null);
    writeFileSync(flag, '');
    setImmediate(() => {
      throw new Error('the test killed it');
    });
    return new Promise<never>(() => undefined);
  },
});
serve(engineContract, implementation, portWire(parentPort as MessagePort));
