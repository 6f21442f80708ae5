/**
 * What does a message cost under a flood? 100 links of 300 messages/s of 200 bytes each: a bare `ws` that counts messages
 * and bytes, Warmwire with byte counts only, and Warmwire with its clocks (a JSON venue with pongs, acks
 * and heartbeats; data is expected, and the subscription has a data clock of its own). Beside the flood one quiet link is
 * pinged: how much later do its pongs seem to come?
 *
 * Each side is a process of its own that keeps its links open; the flood goes to one side at a time, in alternating blocks.
 * The venue is this process, the quiet link's other end a thread of it. CPU is process.cpuUsage() of the side.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { GRAIN_MS } from '../src/main/engine/wheel.ts';
import { nowMs, scaled } from './_clock.ts';
import type { FloodJob, FloodOrder, FloodTaken } from './_floodSide.ts';
import { answer } from './_links.ts';
import { ENGINE_HEAP } from './_memory.ts';
import { exactPercentile, median, printReport, round } from './_report.ts';

const LINKS = 100;
const RATE = 300;
const BYTES = 200;
const BLOCK_MS = scaled(5000, 1000);
const BLOCKS = scaled(10, 2);
/** One grain of Warmwire's wheel: both sides ping at its multiples. */
const PACE_MS = GRAIN_MS;
const DRAIN_MS = 100;

const SIDES = ['bare', 'bytes', 'clocks'] as const;
type SideName = (typeof SIDES)[number];
type Taken = Record<SideName, FloodTaken>;

/** What a JSON venue sends: no answer, no heartbeat. */
const text = '{"channel":"trades","symbol":"BTC-USD","price":"64123.50","qty":"0.0100","side":"buy","ts":1731000000123'
  .concat(',"pad":"')
  .padEnd(BYTES - 2, 'x')
  .concat('"}');
const payload = Buffer.from(text);
const FRAME = Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]), payload]);

/** Whom to flood, at which port. */
function openVenue(): Promise<{ readonly port: number; readonly sockets: Socket[]; close(): void }> {
  const sockets: Socket[] = [];
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, backlog: 512 });
  wss.on('connection', (ws, request) => {
    ws.on('error', () => undefined);
    ws.on('message', (data) => {
      const { op, id } = JSON.parse(String(data)) as { op: string; id: number };
      if (op === 'ping') ws.send(`{"op":"pong","id":${id}}`);
      if (op !== 'sub') return;
      ws.send(`{"op":"subscribed","id":${id}}`);
      // The first data make the link ready.
      request.socket.write(FRAME);
    });
    sockets.push(request.socket);
  });
  return new Promise((resolve) =>
    wss.on('listening', () =>
      resolve({
        port: (wss.address() as AddressInfo).port,
        sockets,
        close: () => {
          for (const ws of wss.clients) ws.terminate();
          wss.close();
        },
      }),
    ),
  );
}

/** Spreads the messages evenly over time and links; returns how many it has sent, and how many it had to leave out. */
async function flood(sockets: readonly Socket[], lastsMs: number): Promise<{ sent: number; left: number }> {
  const from = nowMs();
  const perMs = (LINKS * RATE) / 1000;
  let [turn, sent, left] = [0, 0, 0];
  for (let now = from; now - from < lastsMs; now = nowMs()) {
    const due = Math.floor((now - from) * perMs) - sent - left;
    const late = Math.max(0, due - 50 * perMs);
    left += late;
    for (let i = 0; i < due - late; i += 1) {
      (sockets[turn % sockets.length] as Socket).write(FRAME);
      turn += 1;
    }
    sent += due - late;
    await sleep(1);
  }
  return { sent, left: Math.round(left) };
}

const echo = new Worker(new URL('_echoServer.ts', import.meta.url));
const quietPort = (await answer<{ ws: number }>(echo)).ws;
const sides = {} as Record<SideName, { venue: Awaited<ReturnType<typeof openVenue>>; child: ReturnType<typeof fork> }>;
for (const side of SIDES) {
  const venue = await openVenue();
  const job: FloodJob = { side, links: LINKS, floodPort: venue.port, quietPort, paceMs: PACE_MS };
  const child = fork(new URL('_floodSide.ts', import.meta.url), [JSON.stringify(job)], {
    execArgv: [...process.execArgv, ...ENGINE_HEAP],
  });
  child.on('exit', (code) => {
    if (code !== 0) throw new Error(`could not measure: the side ${side} ended with ${code}`);
  });
  await answer(child);
  sides[side] = { venue, child };
}

const lost: Record<SideName, number> = { bare: 0, bytes: 0, clocks: 0 };
let leftOut = 0;
async function block(name: SideName, lastsMs: number): Promise<FloodTaken> {
  const { venue, child } = sides[name];
  const order = (one: FloodOrder): Promise<unknown> => {
    child.send(one);
    return answer(child);
  };
  await order({ order: 'begin' });
  const { sent, left } = await flood(venue.sockets, lastsMs);
  await sleep(DRAIN_MS);
  const taken = (await order({ order: 'end' })) as FloodTaken;
  leftOut += left;
  // Warmwire's own pongs are messages too on a venue with JSON pings.
  lost[name] += Math.max(0, sent - taken.messages);
  return taken;
}

for (const name of SIDES) await block(name, BLOCK_MS);
for (const name of SIDES) lost[name] = 0;
leftOut = 0;
const blocks: Taken[] = [];
for (let number = 0; number < BLOCKS; number += 1) {
  const taken: Partial<Taken> = {};
  const order = SIDES.map((_, index) => SIDES[(index + number) % SIDES.length] as SideName);
  for (const name of order) {
    taken[name] = await block(name, BLOCK_MS);
    await sleep(200);
  }
  blocks.push(taken as Taken);
}
for (const name of SIDES) {
  const { child, venue } = sides[name];
  child.send({ order: 'close' } satisfies FloodOrder);
  await once(child, 'exit');
  venue.close();
}
await echo.terminate();

const each = (name: SideName): readonly FloodTaken[] => blocks.map((taken) => taken[name]);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const cost = ({ cpuUs, messages }: FloodTaken): number => cpuUs / messages;
const perMessage = (name: SideName): number => median(each(name).map(cost));
const costTo = (name: SideName): number => round(median(blocks.map((taken) => cost(taken[name]) / cost(taken.bare))));
const quietTo = (name: SideName, q: number): number =>
  round(
    median(blocks.map((taken) => exactPercentile(taken[name].quietMs, q) / exactPercentile(taken.bare.quietMs, q))),
  );
const quietMs = (name: SideName): number[] => each(name).flatMap((taken) => taken.quietMs);
const stalled = (name: SideName): number => sum(each(name).map((taken) => taken.stalled));
const quietUs = (name: SideName, q: number): number => round(exactPercentile(quietMs(name), q) * 1000, 0);
const rate = (name: SideName): number =>
  (1000 * sum(each(name).map((taken) => taken.messages))) / sum(each(name).map((taken) => taken.tookMs));
const busy = (name: SideName): number =>
  sum(each(name).map((taken) => taken.cpuUs)) / 10 / sum(each(name).map((taken) => taken.tookMs));

process.stdout.write(
  `${LINKS} links x ${RATE} messages/s of ${BYTES} bytes, ${BLOCKS} alternating blocks of ${BLOCK_MS / 1000} s a side; quiet link pinged every ${PACE_MS} ms\n` +
    'side      CPU us/message   messages/s   % of a core   quiet p50 us   quiet p99 us   pongs   left out as stalled\n' +
    SIDES.map(
      (name) =>
        `${name.padEnd(10)}${perMessage(name).toFixed(2).padStart(14)}${rate(name).toFixed(0).padStart(13)}${busy(name).toFixed(1).padStart(14)}` +
        `${String(quietUs(name, 0.5)).padStart(15)}${String(quietUs(name, 0.99)).padStart(15)}${String(quietMs(name).length).padStart(8)}${String(stalled(name)).padStart(12)}\n`,
    ).join('') +
    `median of block ratios to bare ws: CPU with byte counts ${costTo('bytes')}, with clocks ${costTo('clocks')}; ` +
    `quiet p99 ${quietTo('bytes', 0.99)} and ${quietTo('clocks', 0.99)}\n` +
    `messages that did not arrive: ${sum(Object.values(lost))}; messages that the venue was too late to send: ${leftOut}\n`,
);
printReport({
  bench: 'flood',
  figures: {
    ...Object.fromEntries(
      SIDES.flatMap((name) => [
        [`${name}_cpu_us_per_message`, round(perMessage(name), 2)],
        [`${name}_messages_per_s`, round(rate(name), 0)],
        [`${name}_core_percent`, round(busy(name), 1)],
        [`${name}_quiet_p50_us`, quietUs(name, 0.5)],
        [`${name}_quiet_p99_us`, quietUs(name, 0.99)],
        [`${name}_quiet_stalled`, stalled(name)],
      ]),
    ),
    lost: sum(Object.values(lost)),
    left_out: leftOut,
  },
  ratios: {
    bytes_cpu_to_bare: costTo('bytes'),
    clocks_cpu_to_bare: costTo('clocks'),
    bytes_quiet_p99_to_bare: quietTo('bytes', 0.99),
    clocks_quiet_p99_to_bare: quietTo('clocks', 0.99),
  },
  aims: {
    bytes_cpu_to_bare: 1.3,
    clocks_cpu_to_bare: 1.6,
    bytes_quiet_p99_to_bare: 1.3,
    clocks_quiet_p99_to_bare: 1.3,
  },
});
