import { type MessagePort, parentPort } from 'node:worker_threads';
import { Engine } from '../../src/main/engine/engine.ts';
import { createDial } from '../../src/main/engine/link/transport.ts';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import { portWire } from '../../src/main/portWire.ts';
import { engineContract } from '../../src/shared/contract.ts';
import { ok } from '../../src/shared/outcome.ts';
import { serve } from '../../src/shared/rpc.ts';

/** The real engine's thread, which stands still for as many ms as the name of a link whose failure is acknowledged. */
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
const nobody = new Int32Array(new SharedArrayBuffer(4));
const implementation = Object.assign(Object.create(engine), engine, {
  acknowledgeFailure: async ({ link: ms }: { link: string }) => {
    Atomics.wait(nobody, 0, 0, Number(ms));
    return ok(null);
  },
});
serve(engineContract, implementation, portWire(parentPort as MessagePort));
