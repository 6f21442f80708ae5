import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type BareTaken, cpuPercent, grownBy, jobOf, memory, upBefore } from './_memory.ts';

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
async function grow(count: number): Promise<void> {
  while (sockets.length < count) {
    sockets.push(await open());
    await sleep(1000 / job.dialsPerSec);
  }
  for (const ws of sockets) ws.ping();
  await sleep(1000);
}
/** All sockets within one ping interval, for as long as `during` takes. */
async function pingInTurns<T>(during: () => Promise<T>): Promise<T> {
  const pings = setInterval(() => {
    const next = sockets.shift() as WebSocket;
    sockets.push(next);
    next.ping();
  }, job.pingIntervalMs / sockets.length);
  const result = await during();
  clearInterval(pings);
  return result;
}
const first = await memory();
await grow(upBefore(job));
await pingInTurns(() => sleep(job.warmMs));
const from = await memory();
await grow(upBefore(job) + job.links);
const cpu = await pingInTurns(async () => {
  await sleep(job.warmMs);
  return cpuPercent(job);
});
const now = await memory();
for (const ws of sockets) ws.terminate();
process.send?.({
  memory: grownBy(job.links, from, now),
  fromFirst: grownBy(sockets.length - 1, first, now),
  cpuPercent: cpu,
} satisfies BareTaken);
process.disconnect();
