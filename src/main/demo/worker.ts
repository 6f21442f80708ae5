import { parentPort } from 'node:worker_threads';
import { serve } from '../../shared/rpc.ts';
import { systemClock } from '../engine/systemClock.ts';
import { portWire } from '../portWire.ts';
import { demoContract } from './contract.ts';
import { Exchanges } from './exchanges.ts';

/** The demo's own thread: its ticks and delays must not be measured as the engine's. */
if (parentPort === null) throw new Error('demoWorker must be started as a worker thread');
const port = parentPort;
void Exchanges.open(systemClock, Math.random).then((exchanges) => serve(demoContract, exchanges, portWire(port)));
