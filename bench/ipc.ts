/**
 * How much does a page with 200 links have to read? The real engine on its thread, real sockets to venues on another, and
 * what the page asks for (snapshots as it is seen, chart points, events, pools) over the real WebSocket, counted in bytes.
 *
 * First 10 messages a second a link, then 300: the page must not notice. Where this machine cannot carry so many, what it
 * carried is said. Other rates: --rates 10,100.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { EngineThread } from '../src/main/hosts/engineThread.ts';
import { socketWire } from '../src/main/hosts/socketWire.ts';
import { type EngineClient, engineContract } from '../src/shared/contract.ts';
import { connect, serve } from '../src/shared/rpc.ts';
import { applyDelta, type Snapshot } from '../src/shared/snapshot.ts';
import { engineConfig, JSON_PRESET } from '../test/support/linkConfig.ts';
import { nowMs, scaled, until } from './_clock.ts';
import type { IpcOrder } from './_ipcVenue.ts';
import { benchLink, withDials } from './_links.ts';
import { median, printReport, round } from './_report.ts';

const LINKS = 200;
const WATCH_MS = scaled(15_000, 4_000);
const SETTLE_MS = 4_000;
const [low = 10, high = 300] = (process.argv[process.argv.indexOf('--rates') + 1] ?? '')
  .split(',')
  .map(Number)
  .filter(Boolean);

const venue = new Worker(new URL('_ipcVenue.ts', import.meta.url));
const [port] = (await once(venue, 'message')) as [number];
const engine = new EngineThread(new URL('../src/main/engine/worker.ts', import.meta.url), (why) => {
  throw new Error(`could not measure: the engine died: ${why}`);
});
const links = Array.from({ length: LINKS }, (_, index) =>
  benchLink(
    `venue-${index}`,
    `ws://127.0.0.1:${port}/`,
    {
      preset: withDials(JSON_PRESET, LINKS),
      expectsData: true,
      subscriptions: ['BTC-USD', 'ETH-USD'].map((symbol) => ({
        name: `ticker:${symbol}`,
        channel: 'ticker',
        symbol,
        subscribe: `{"op":"sub","s":"${symbol}","id":{id}}`,
        unsubscribe: null,
        data: ['"ch":"ticker"', `"s":"${symbol}"`],
        sequence: null,
        identity: null,
      })),
    },
    { warmupPings: 2 },
  ),
);
await engine.configure(engineConfig(links));

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (ws) => {
  // As the app passes them on: a stream survives the engine's thread.
  const own: EngineClient = {
    ...engine.client,
    snapshots: (input, onValue) => engine.follow((client) => client.snapshots(input, onValue)),
    series: (input, onValue) => engine.follow((client) => client.series(input, onValue)),
    events: (input, onValue) => engine.follow((client) => client.events(input, onValue)),
    pools: (input, onValue) => engine.follow((client) => client.pools(input, onValue)),
  };
  serve(engineContract, own, socketWire(ws));
});
await once(server, 'listening');
const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
await once(socket, 'open');
let bytes = 0;
let frames = 0;
let snapshot: Snapshot | null = null;
socket.on('message', (data: Buffer) => {
  bytes += data.length;
});
const { client } = connect(engineContract, socketWire(socket));
client.snapshots({ pace: 'seen' }, (frame) => {
  frames += 1;
  snapshot = frame.kind === 'whole' ? frame.snapshot : snapshot && applyDelta(snapshot, frame.delta);
});
client.series(null, () => undefined);
client.events(null, () => undefined);
client.pools(null, () => undefined);

const views = () => Object.values((snapshot as Snapshot | null)?.links ?? {});
const at = (perSec: number): void => venue.postMessage({ perSec } satisfies IpcOrder);

interface Taken {
  readonly perSec: number;
  readonly framesPerSec: number;
  readonly carried: number;
}

async function take(perSec: number): Promise<Taken> {
  at(perSec);
  await sleep(SETTLE_MS);
  const messages = (): number => views().reduce((sum, { counters }) => sum + counters.messages, 0);
  const [from, count] = [nowMs(), messages()];
  bytes = 0;
  frames = 0;
  await sleep(WATCH_MS);
  const secs = (nowMs() - from) / 1000;
  return { perSec: bytes / secs, framesPerSec: frames / secs, carried: (messages() - count) / secs / LINKS };
}

at(low);
await until(
  'every link up',
  () => views().length === LINKS && views().every(({ state }) => state.kind === 'up'),
  90_000,
);
await sleep(SETTLE_MS);
const slow: Taken[] = [];
const fast: Taken[] = [];
for (let i = 0; i < 2; i += 1) {
  slow.push(await take(low));
  fast.push(await take(high));
}
socket.terminate();
server.close();
await engine.stop();
await venue.terminate();

const of = (taken: readonly Taken[], field: keyof Taken): number => median(taken.map((one) => one[field]));
const [atLow, atHigh] = [of(slow, 'perSec'), of(fast, 'perSec')];
process.stdout.write(
  `${LINKS} links, bytes a second to the page\n` +
    `  at ${low} messages a second a link (carried ${of(slow, 'carried').toFixed(1)}): ${Math.round(atLow)}, in ${of(slow, 'framesPerSec').toFixed(1)} frames a second\n` +
    `  at ${high} (carried ${of(fast, 'carried').toFixed(1)}): ${Math.round(atHigh)}, in ${of(fast, 'framesPerSec').toFixed(1)}\n`,
);
printReport({
  bench: 'ipc',
  figures: {
    links: LINKS,
    low_bytes_per_s: round(atLow, 0),
    high_bytes_per_s: round(atHigh, 0),
    low_messages_per_s: round(of(slow, 'carried'), 1),
    high_messages_per_s: round(of(fast, 'carried'), 1),
    low_frames_per_s: round(of(slow, 'framesPerSec'), 2),
    high_frames_per_s: round(of(fast, 'framesPerSec'), 2),
    most_bytes_per_s: round(Math.max(...[...slow, ...fast].map(({ perSec }) => perSec)), 0),
    apart_percent: round((100 * Math.abs(atHigh - atLow)) / atLow, 1),
  },
  ratios: { high_to_low: round(atHigh / atLow) },
  aims: { most_bytes_per_s: 150_000, apart_percent: 10 },
});
