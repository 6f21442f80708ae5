/** The venues of the ipc bench, on a thread of their own: every socket gets so many messages a second, by the clock. */
import type { AddressInfo, Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { nowMs } from './_clock.ts';

export interface IpcOrder {
  readonly perSec: number;
}

const TICK_MS = 20;
const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, backlog: 2048 });
const tcpOf = new Map<import('ws').WebSocket, Socket>();
let perSec = 0;
let [from, sent] = [nowMs(), 0];

wss.on('connection', (ws, request) => {
  tcpOf.set(ws, request.socket);
  ws.on('error', () => undefined);
  ws.on('close', () => tcpOf.delete(ws));
  ws.on('message', (data) => {
    const { op, id } = JSON.parse(String(data)) as { op: string; id: number };
    if (op === 'ping') ws.send(`{"op":"pong","id":${id}}`);
    if (op === 'sub') ws.send(`{"op":"subscribed","id":${id}}`);
  });
});
wss.on('listening', () => parentPort?.postMessage((wss.address() as AddressInfo).port));

parentPort?.on('message', (order: IpcOrder) => {
  perSec = order.perSec;
  [from, sent] = [nowMs(), 0];
});

/** What one write carries is one packet: the kernel is not what is measured. */
setInterval(() => {
  const due = Math.floor(((nowMs() - from) * perSec) / 1000);
  const count = due - sent;
  sent = due;
  if (count <= 0) return;
  for (const [ws, tcp] of tcpOf) {
    tcp.cork();
    for (let i = 0; i < count; i += 1) {
      const symbol = i % 2 === 0 ? 'BTC-USD' : 'ETH-USD';
      ws.send(`{"ch":"ticker","s":"${symbol}","px":"64123.50","qty":"0.0100","side":"buy"}`);
    }
    tcp.uncork();
  }
}, TICK_MS);
