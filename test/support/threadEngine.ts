import { type MessagePort, parentPort } from 'node:worker_threads';
import { Engine } from '../../src/main/engine/engine.ts';
import { createDial } from '../../src/main/engine/link/transport.ts';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { portWire } from '../../src/main/portWire.ts';
import { type EngineClient, engineContract } from '../../src/shared/contract.ts';
import { serve } from '../../src/shared/rpc.ts';

/** Serves the real engine on this thread, but for one command, by which a test gets at the thread. */
export function serveEngine(acknowledgeFailure: EngineClient['acknowledgeFailure']): void {
  const engine = new Engine({
    clock: systemClock,
    random: Math.random,
    dial: createDial(systemClock),
    openHttp: createOpenHttp(systemClock),
    secret: () => null,
    networkAddresses: () => '',
    memory: () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 1 }),
    fetchText: () => Promise.reject(new Error('no web here')),
  });
  const implementation = Object.assign(Object.create(engine), engine, { acknowledgeFailure });
  serve(engineContract, implementation, portWire(parentPort as MessagePort));
}
