/**
 * Do bots that ask hold up the links? 200 links, idle and under 1,000 requests a second on the gate API, in alternating
 * blocks of 10 s of one run. The engine, the venue and the bots have a thread each; the API is on the main thread, as it is
 * in the product.
 *
 * RTT is taken from the engine's own histograms, as the difference of two scrapes. Half of the blocks under load ask for
 * all gates at once (`/api/gate`), half for one (`/api/gate/:link`); the aim is for the first, which is the dearer one.
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
const ROUNDS = 3;
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
    { pingIntervalMs: PING_INTERVAL_MS },
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

async function load(path: string): Promise<LoadTaken> {
  bots.postMessage({ port: port(), token: TOKEN, path, perSec: PER_SEC, forMs: BLOCK_MS } satisfies LoadOrder);
  return answer<LoadTaken>(bots);
}

type Side = 'idle' | 'all' | 'one';
const rtt: Record<Side, { p50: number; p99: number; samples: number }[]> = { idle: [], all: [], one: [] };
const taken: Record<'all' | 'one', LoadTaken[]> = { all: [], one: [] };
const PATHS = { all: '/api/gate', one: '/api/gate/link-7' } as const;
// The first block warms the code of both sides up and is not counted.
await rttDuring(() => load(PATHS.all));
for (let i = 0; i < ROUNDS; i += 1) {
  for (const side of ['idle', 'all', 'idle', 'one'] as const) {
    rtt[side].push(
      await rttDuring(async () => {
        if (side === 'idle') await sleep(BLOCK_MS);
        else taken[side].push(await load(PATHS[side]));
      }),
    );
  }
}
const closed = [...mirror.gates.values()].filter((gate) => gate.kind !== 'open').length;

await server.close();
mirror.stop();
await engine.stop();
await venue.terminate();
await bots.terminate();

const p99 = (side: Side): number => median(rtt[side].map((block) => block.p99));
const p50 = (side: Side): number => median(rtt[side].map((block) => block.p50));
const latency = (side: 'all' | 'one', q: number): number =>
  exactPercentile(
    taken[side].flatMap(({ latencies }) => latencies),
    q,
  );
const perSec = (side: 'all' | 'one'): number => median(taken[side].map(({ answered }) => answered / (BLOCK_MS / 1000)));
printReport({
  bench: 'api',
  figures: {
    links: LINKS,
    samplesPerBlock: Math.round(median(rtt.idle.map(({ samples }) => samples))),
    idleP50Ms: round(p50('idle')),
    idleP99Ms: round(p99('idle')),
    loadedP50Ms: round(p50('all')),
    loadedP99Ms: round(p99('all')),
    loadedOneP99Ms: round(p99('one')),
    answeredPerSec: round(perSec('all'), 1),
    answeredOnePerSec: round(perSec('one'), 1),
    failed: [...taken.all, ...taken.one].reduce((sum, one) => sum + one.failed, 0),
    requestP50Ms: round(latency('all', 0.5)),
    requestP99Ms: round(latency('all', 0.99)),
    requestOneP99Ms: round(latency('one', 0.99)),
    gatesNotOpenAtTheEnd: closed,
  },
  ratios: { p99OverIdle: round(p99('all') / p99('idle')), p99OneOverIdle: round(p99('one') / p99('idle')) },
  aims: { p99OverIdle: 1.2, failed: 0 },
});
