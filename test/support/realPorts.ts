import type { LookupFunction } from 'node:net';
import { createDial } from '../../src/main/engine/link/transport.ts';
import { createOpenHttp } from '../../src/main/engine/pool/httpSocket.ts';
import type { Ports } from '../../src/main/engine/ports.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';

/** Real chance and sockets, and real time unless another clock is given; no secrets, and nothing beside the links. */
export function realPorts({
  clock = systemClock,
  lookup,
  ...change
}: Partial<Ports> & { readonly lookup?: LookupFunction | undefined } = {}): Ports {
  return {
    clock,
    random: Math.random,
    dial: createDial(clock, lookup),
    openHttp: createOpenHttp(clock, lookup),
    secret: () => null,
    networkAddresses: () => '',
    memory: () => ({ rssBytes: 0, heapBytes: 0, heapLimitBytes: 0 }),
    fetchText: () => Promise.reject(new Error('no web here')),
    ...change,
  };
}
