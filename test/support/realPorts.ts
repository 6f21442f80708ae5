import type { LookupFunction } from 'node:net';
import { createDial } from '../../src/main/engine/link/transport.ts';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import type { Ports } from '../../src/main/engine/ports.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';

/** Real time, chance and sockets, as the engine's thread has them; no secrets, and nothing beside the links. */
export function realPorts(change: Partial<Ports> = {}, lookup?: LookupFunction): Ports {
  return {
    clock: systemClock,
    random: Math.random,
    dial: createDial(systemClock, lookup),
    openHttp: createOpenHttp(systemClock, lookup),
    secret: () => null,
    networkAddresses: () => '',
    memory: () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 0 }),
    fetchText: () => Promise.reject(new Error('no web here')),
    ...change,
  };
}
