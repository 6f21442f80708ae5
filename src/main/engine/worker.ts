import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { request } from 'undici';
import { withoutClearKeys } from '../../shared/clearKey.ts';
import { engineContract } from '../../shared/contract.ts';
import { serve } from '../../shared/rpc.ts';
import { lastKnown } from '../lastKnown.ts';
import { networkAddresses } from '../networkAddresses.ts';
import { portWire } from '../portWire.ts';
import { Engine } from './engine.ts';
import { SecretMask } from './link/credentials.ts';
import { createDial } from './link/transport.ts';
import { createOpenHttp } from './pool/httpSocket.ts';
import { systemClock } from './systemClock.ts';

/** The engine's own thread: no window, disk or menu can hold up a pong. The only place that makes the real ports. */
if (parentPort === null) throw new Error('engineWorker must be started as a worker thread');
/** Of what the engine itself has asked for: a fault may quote it. */
const mask = new SecretMask((name) => process.env[name] ?? null);
const rssBytes = lastKnown(process.memoryUsage.rss, 0);
const engine = new Engine({
  clock: systemClock,
  random: Math.random,
  dial: createDial(systemClock),
  openHttp: createOpenHttp(systemClock),
  secret: mask.read,
  networkAddresses,
  fetchText,
  memory: () => {
    const { used_heap_size: heapBytes, heap_size_limit: heapLimitBytes } = getHeapStatistics();
    return { rssBytes: rssBytes(), heapBytes, heapLimitBytes };
  },
});
const FETCH_TIMEOUT_MS = 5_000;
const FETCH_LIMIT_BYTES = 64 * 1024;

async function fetchText(url: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
  const { statusCode, body } = await request(url, { method, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > FETCH_LIMIT_BYTES) throw new Error(`${url} answers more than ${FETCH_LIMIT_BYTES} bytes`);
  }
  if (statusCode !== 200) throw new Error(`${url} answers HTTP ${statusCode}`);
  return Buffer.concat(chunks).toString('utf8');
}

serve(engineContract, engine, portWire(parentPort), { clean: (text) => withoutClearKeys(mask.clean(text)) });
