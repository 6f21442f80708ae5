/**
 * Do bots that ask hold up the links? 200 links, idle and under 1,000 requests a second on the gate API, in alternating
 * blocks of 10 s of one run. The engine, the venue and the bots have a thread each; the API is on the main thread, as it is
 * in the product.
 *
 * RTT is taken from the engine's own histograms, as the difference of two scrapes. The ratio is the median, over the blocks
 * under load, of the block's p99 over the mean of the idle ones before and after it: the machine's mood moves both.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { api } from '../src/main/api/api.ts';
import type { ApiSource } from '../src/main/api/apiSource.ts';
import { EngineMirror } from '../src/main/api/mirror.ts';
import { systemClock } from '../src/main/engine/systemClock.ts';
import { EngineThread } from '../src/main/hosts/engineThread.ts';
import { createHttpServer } from '../src/main/hosts/httpServer.ts';
import { goAfterTheEngine } from '../src/main/hosts/priority.ts';
import { type EncodedHistogram, Histogram } from '../src/shared/histogram.ts';
import { PLAIN_PRESET } from '../src/shared/preset.ts';
import { engineConfig } from '../test/support/linkConfig.ts';
import type { LoadOrder, LoadTaken } from './_apiLoad.ts';
import { scaled, until } from './_clock.ts';
import { answer, benchLink, withDials } from './_links.ts';
import { exactPercentile, median, printReport, round } from './_report.ts';

const LINKS = 200;
const PER_SEC = 1_000;
const BLOCK_MS = scaled(10_000, 1_000);
const ROUNDS = 5;
const PING_INTERVAL_MS = 500;
const TOKEN = 'bench';

const venue = new Worker(new URL('_echoServer.ts', import.meta.url));
const [ports] = (await once(venue, 'message')) as [{ ws: number }];
const bots = new Worker(new URL('_apiLoad.ts', import.meta.url));
const engine = new EngineThread(new URL('../src/main/engine/worker.ts', import.meta.url), (why) => {
  throw new Error(`could not measure: the engine died: ${why}`);
});
const mirror = new EngineMirror(systemClock);
engine.follow((client) => mirror.follow(client));

const source: ApiSource = {
  version: 'bench',
  mirror,
  engine: {
    reconnectLink: (input) => engine.client.reconnectLink(input),
    destroyPool: (input) => engine.client.destroyPool(input),
    scrape: (input) => engine.client.scrape(input),
  },
  gateReopenMs: () => 1_000,
  onBug: (where, error) => {
    throw new Error(`could not measure: ${where}: ${error}`);
  },
};
goAfterTheEngine();
const server = createHttpServer();
const port = (): number => (server.server.address() as AddressInfo).port;
await server.register(api, { source, clock: systemClock, token: TOKEN, port });
await server.listen({ host: '127.0.0.1', port: 0 });

const url = `ws://127.0.0.1:${ports.ws}/`;
const links = Array.from({ length: LINKS }, (_, i) =>
  benchLink(
    `link-${i}`,
    url,
    { preset: withDials(PLAIN_PRESET, LINKS), expectsData: false },
    // A busy machine must not close the gates: what they say is not what is measured.
    { pingIntervalMs: PING_INTERVAL_MS, fitP99Ms: 60_000 },
  ),
);
await engine.configure(engineConfig(links, { gateReopenMs: 1_000 }));
const isOpen = (): boolean =>
  mirror.gates.size === LINKS && [...mirror.gates.values()].every((gate) => gate.kind === 'open');
await until('every gate open', isOpen, 60_000);

/** Counts of all links together since start, by fine bucket. */
async function counts(): Promise<Map<number, number>> {
  const scraped = await engine.client.scrape(null);
  if (!scraped.ok) throw new Error(`could not measure: ${scraped.problem.message}`);
  const all = new Map<number, number>();
  for (const { rtt } of Object.values(scraped.value.links)) {
    for (let i = 0; i < rtt.buckets.length; i += 2) {
      const bucket = rtt.buckets[i] as number;
      all.set(bucket, (all.get(bucket) ?? 0) + (rtt.buckets[i + 1] as number));
    }
  }
  return all;
}

/** p50 and p99 of the round trips that were taken while `during` ran, ms. */
async function rttDuring(during: () => Promise<unknown>): Promise<{ p50: number; p99: number; samples: number }> {
  const before = await counts();
  await during();
  const after = await counts();
  const pairs = [...after]
    .map(([bucket, count]) => [bucket, count - (before.get(bucket) ?? 0)] as const)
    .filter(([, count]) => count > 0)
    .sort(([a], [b]) => a - b);
  const encoded: EncodedHistogram = { buckets: pairs.flat(), sumUs: 0, minUs: 0, maxUs: Number.MAX_SAFE_INTEGER };
  const histogram = Histogram.decode(encoded);
  const ms = (q: number): number => (histogram.quantileUs(q) ?? Number.NaN) / 1000;
  return { p50: ms(0.5), p99: ms(0.99), samples: histogram.count };
}

async function load(): Promise<LoadTaken> {
  bots.postMessage({
    port: port(),
    token: TOKEN,
    path: '/api/gate',
    perSec: PER_SEC,
    forMs: BLOCK_MS,
  } satisfies LoadOrder);
  return answer<LoadTaken>(bots);
}

type Rtt = Awaited<ReturnType<typeof rttDuring>>;
const idle: Rtt[] = [];
const loaded: Rtt[] = [];
const taken: LoadTaken[] = [];
// The first block warms the code of both sides up and is not counted.
await rttDuring(load);
const rest = async (): Promise<void> => void idle.push(await rttDuring(() => sleep(BLOCK_MS)));
await rest();
for (let i = 0; i < ROUNDS; i += 1) {
  loaded.push(await rttDuring(async () => taken.push(await load())));
  await rest();
}
const closed = [...mirror.gates.values()].filter((gate) => gate.kind !== 'open').length;

await server.close();
mirror.stop();
await engine.stop();
await venue.terminate();
await bots.terminate();

const ratios = loaded.map(({ p99 }, i) => (2 * p99) / ((idle[i]?.p99 ?? 0) + (idle[i + 1]?.p99 ?? 0)));
const latency = (q: number): number =>
  exactPercentile(
    taken.flatMap(({ latencies }) => latencies),
    q,
  );
printReport({
  bench: 'api',
  figures: {
    links: LINKS,
    samplesPerBlock: Math.round(median(idle.map(({ samples }) => samples))),
    idleP50Ms: round(median(idle.map(({ p50 }) => p50))),
    idleP99Ms: round(median(idle.map(({ p99 }) => p99))),
    loadedP50Ms: round(median(loaded.map(({ p50 }) => p50))),
    loadedP99Ms: round(median(loaded.map(({ p99 }) => p99))),
    answeredPerSec: round(median(taken.map(({ answered }) => answered / (BLOCK_MS / 1000))), 1),
    failed: taken.reduce((sum, one) => sum + one.failed, 0),
    requestP50Ms: round(latency(0.5)),
    requestP99Ms: round(latency(0.99)),
    gatesNotOpenAtTheEnd: closed,
    p99OverIdleLowest: round(Math.min(...ratios)),
    p99OverIdleHighest: round(Math.max(...ratios)),
  },
  ratios: { p99OverIdle: round(median(ratios)) },
  aims: { p99OverIdle: 1.2, failed: 0 },
});
