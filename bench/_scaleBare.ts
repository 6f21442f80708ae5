import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type BareTaken, cpuPercent, jobOf, memory, perLink } from './_memory.ts';

/** The bare side of the scale bench, in a process of its own that has loaded nothing else: opened as fast as links are. */
const job = jobOf();

async function open(): Promise<WebSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${job.port}/bare`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => ws.on('open', resolve).on('error', reject));
  ws.on('message', () => undefined);
  ws.on('pong', () => undefined);
  return ws;
}

const sockets = [await open()];
const from = await memory();
while (sockets.length <= job.links) {
  sockets.push(await open());
  await sleep(1000 / job.dialsPerSec);
}
const taken = await perLink(job, from);
const pings = setInterval(() => {
  const next = sockets.shift() as WebSocket;
  sockets.push(next);
  next.ping();
}, job.pingIntervalMs / sockets.length);
const cpu = await cpuPercent(job);
clearInterval(pings);
for (const ws of sockets) ws.terminate();
process.send?.({ memory: taken, cpuPercent: cpu } satisfies BareTaken);
process.disconnect();
