/** The venue of the http bench on a thread of its own: HTTPS (TLS 1.3, HTTP/1.1) behind a relay that plays the distance. */
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { demoCertificate } from '../src/main/demo/certificate.ts';
import { DelayRelay } from '../src/main/demo/delayRelay.ts';
import { systemClock } from '../src/main/engine/systemClock.ts';

export interface HttpSideOptions {
  readonly oneWayMs: number;
  /** A connection without a byte for so long is closed, without a word before; `null`: never. */
  readonly idleMs: number | null;
}

const { oneWayMs, idleMs } = workerData as HttpSideOptions;
const certificate = await demoCertificate(new Date());
let handshakes = 0;
const server = https.createServer({ ...certificate, minVersion: 'TLSv1.3' }, (_request, response) => {
  response.writeHead(200, { 'content-length': 2, 'content-type': 'application/json' });
  response.end('{}');
});
// No idle limit and no `Keep-Alive` hint of the server's own: the relay closes, and nobody announces it.
server.keepAliveTimeout = 0;
server.on('secureConnection', () => {
  handshakes += 1;
});
server.on('tlsClientError', () => undefined);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const relay = new DelayRelay({
  clock: systemClock,
  toPort: (server.address() as AddressInfo).port,
  oneWayMs: () => oneWayMs,
  idleMs: () => idleMs,
});
await relay.open();
parentPort?.on('message', () => parentPort?.postMessage(handshakes));
parentPort?.postMessage({ url: `https://127.0.0.1:${relay.port}`, ca: certificate.cert });
