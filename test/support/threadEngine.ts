import { type MessagePort, parentPort } from 'node:worker_threads';
import { Engine } from '../../src/main/engine/engine.ts';
import { portWire } from '../../src/main/portWire.ts';
import { type EngineClient, engineContract } from '../../src/shared/contract.ts';
import type { EngineConfig } from '../../src/shared/engineConfig.ts';
import { serve } from '../../src/shared/rpc.ts';
import { realPorts } from './realPorts.ts';

/** Serves the real engine on this thread, but for one command, by which a test gets at the thread; tells what it is given. */
export function serveEngine(
  acknowledgeFailure: EngineClient['acknowledgeFailure'],
  onConfigure: (config: EngineConfig) => void = () => undefined,
): void {
  const engine = new Engine(realPorts());
  const implementation = Object.assign(Object.create(engine), engine, {
    acknowledgeFailure,
    configure: (config: EngineConfig) => {
      onConfigure(config);
      return engine.configure(config);
    },
  });
  serve(engineContract, implementation, portWire(parentPort as MessagePort));
}
