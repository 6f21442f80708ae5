import { parentPort } from 'node:worker_threads';
import { engineContract } from '../../shared/contract.ts';
import { serve } from '../../shared/rpc.ts';
import { portWire } from '../portWire.ts';
import { Engine } from './engine.ts';
import { createDial } from './link/transport.ts';
import { systemClock } from './systemClock.ts';

/** The engine's own thread: no window, disk or menu can hold up a pong. The only place that makes the real ports. */
if (parentPort === null) throw new Error('engineWorker must be started as a worker thread');
const engine = new Engine({ clock: systemClock, random: Math.random, dial: createDial(systemClock) });
serve(engineContract, engine, portWire(parentPort));
