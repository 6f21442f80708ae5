import { networkInterfaces } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { engineContract } from '../../shared/contract.ts';
import { serve } from '../../shared/rpc.ts';
import { portWire } from '../portWire.ts';
import { Engine } from './engine.ts';
import { createDial } from './link/transport.ts';
import { systemClock } from './systemClock.ts';

/** The engine's own thread: no window, disk or menu can hold up a pong. The only place that makes the real ports. */
if (parentPort === null) throw new Error('engineWorker must be started as a worker thread');
const engine = new Engine({
  clock: systemClock,
  random: Math.random,
  dial: createDial(systemClock),
  secret: (name) => process.env[name] ?? null,
  networkAddresses,
});
/** Loopback and link-local addresses come and go without meaning anything. */
function networkAddresses(): string {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses = []]) =>
      addresses.map(({ address, internal }) => (internal ? '' : `${name} ${address}`)),
    )
    .filter((text) => text !== '' && !/ (fe80:|169\.254\.)/.test(text))
    .sort()
    .join(', ');
}

serve(engineContract, engine, portWire(parentPort));
