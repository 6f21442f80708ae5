import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';

/** The other end of the rtt bench, on a thread of its own: a raw TCP echo, and a WebSocket server that answers pings. */
const tcp = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.pipe(socket);
}).listen(0, '127.0.0.1');
const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
wss.on('listening', () => {
  const ports = { tcp: (tcp.address() as AddressInfo).port, ws: (wss.address() as AddressInfo).port };
  parentPort?.postMessage(ports);
});
