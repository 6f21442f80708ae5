/**
 * 1,000 idle links at 15 s pings: memory a link beside a bare `ws` socket, CPU, and what happens when all are cut at once.
 *
 * Each side is a process of its own with `--expose-gc`; this process is the venue. Memory is the growth of the resident
 * set after garbage collection, as the machine has to pay it; the live heap (heapUsed + external) stands beside it. A bare
 * socket is measured as anybody would have it, with V8's own flags, and beside it with those of the engine's thread: most of
 * its growth is no socket but memory for fresh objects, which the engine's thread is given less of.
 *
 * A link's memory is what the last thousand added: a tenth of that number was up before and idled for as long, so that what a process
 * costs once (code compiled on the way, room for fresh objects) is on neither side's bill. The growth from the first link on
 * stands beside it. Counted when all have been idle for a while: after a burst of dials V8 gives memory back over some seconds.
 *
 * CPU is that of links which idle all day: V8 compiles in the first minutes what runs seldom, so both sides idle before it is
 * measured; what it was at once stands beside it.
 *
 * An hour's history cannot be waited for: what an hour of samples adds to a link's RTT windows, and ten minutes to its chart,
 * is measured on the parts alone and added to the live link.
 *
 * The venue's limit on dials is raised (preset `limits.dials`) so that the comeback ends in time. Among the links are some
 * that the venue has always refused; links that were up must come back before they are dialled again.
 */
import { fork } from 'node:child_process';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { BUILT_IN } from '../src/shared/knobs.ts';
import { SETTINGS_BUILT_IN } from '../src/shared/settings.ts';
import { nowMs, scaled } from './_clock.ts';
import { type BareTaken, ENGINE_HEAP, type ScaleJob } from './_memory.ts';
import { printReport, round } from './_report.ts';
import type { Comeback, Parts, WarmwireTaken } from './_scaleSide.ts';

const LINKS = scaled(1000, 50);
const OTHERS = scaled(50, 5);
const DIALS_PER_SEC = 50;
/** Dials of one breath after the cut pass before the first loss is queued: only what comes later can push in. */
const FIRST_BREATH_MS = 500;

const sockets = new Set<Socket>();
const accepts: number[] = [];
const server: Server = createServer();
const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('connection', () => accepts.push(nowMs()));
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => undefined);
  if (request.url?.startsWith('/other-') === true) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  wss.handleUpgrade(request, socket, head, (ws) => {
    const tcp = socket as Socket;
    sockets.add(tcp);
    ws.on('error', () => undefined);
    ws.on('close', () => sockets.delete(tcp));
  });
});
const port = await new Promise<number>((resolve) => {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => resolve((server.address() as AddressInfo).port));
});

/** Runs one side to its end; resolves with what it sent. */
function runSide(side: ScaleJob['side'], flags: readonly string[]): Promise<readonly unknown[]> {
  const job: ScaleJob = {
    side,
    links: LINKS,
    others: OTHERS,
    port,
    dialsPerSec: DIALS_PER_SEC,
    pingIntervalMs: BUILT_IN.ping_interval_secs * 1000,
    settleMs: (BUILT_IN.warmup_pings + SETTINGS_BUILT_IN.gate.reopen_after_secs) * 1000 + 5000,
    warmMs: scaled(90_000, 1_000),
    watchMs: scaled(30_000, 15_000),
    capMs: 120_000,
  };
  const child = fork(
    new URL(side === 'bare' ? '_scaleBare.ts' : '_scaleSide.ts', import.meta.url),
    [JSON.stringify(job)],
    {
      execArgv: [...process.execArgv, '--expose-gc', ...flags],
    },
  );
  const sent: unknown[] = [];
  child.on('message', (message: { cut?: true }) => {
    if (message.cut !== true) return void sent.push(message);
    accepts.length = 0;
    for (const socket of sockets) socket.resetAndDestroy();
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (code) =>
      code === 0 ? resolve(sent) : reject(new Error(`could not measure: the side ${side} ended with ${code}`)),
    );
  });
}

/** The gate counts a dial a moment before the socket is made: by so much two dials may seem closer than they were. */
const LAG_MS = 10;

/** The most that fall into any second, less that lag. */
function mostInASecond(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let [first, most] = [0, 0];
  for (const [index, at] of sorted.entries()) {
    while (at - (sorted[first] as number) >= 1000 - LAG_MS) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

const [bare] = (await runSide('bare', [])) as [BareTaken];
const [bareFrugal] = (await runSide('bare', ENGINE_HEAP)) as [BareTaken];
const [parts] = (await runSide('parts', ENGINE_HEAP)) as [Parts];
const [warmwire, comeback] = (await runSide('warmwire', ENGINE_HEAP)) as [WarmwireTaken, Comeback];
wss.close();
server.close();

/** With few links the process may not grow at all: then there is no ratio, and the aim is not met. */
const toBareRss = (rss: number): number => (bare.memory.rss > 0 ? round(rss / bare.memory.rss) : Number.NaN);

const live = comeback.dials.filter((dial) => dial.live);
const lastLiveMs = Math.max(...live.map(({ atMs }) => atMs));
const pushedIn = comeback.dials.filter((dial) => !dial.live && dial.atMs > FIRST_BREATH_MS && dial.atMs < lastLiveMs);
const hourMore = Math.max(0, parts.rtt1h - parts.rttNow) + Math.max(0, parts.series10m - parts.seriesNow);
const atAnHour = warmwire.memory.heap + hourMore;
/** The shortest time in which more were dialled than a second allows, ms. */
function tightestMs(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.min(...sorted.map((at, index) => (sorted[index + DIALS_PER_SEC] ?? Number.POSITIVE_INFINITY) - at));
}

const dialTimes = comeback.dials.map(({ atMs }) => atMs);
const perSecond = mostInASecond(dialTimes);
const bytes = (name: string, value: number): string =>
  `  ${name.padEnd(66)}${Math.round(value).toString().padStart(8)}\n`;
process.stdout.write(
  `${LINKS} idle links, a ping every ${BUILT_IN.ping_interval_secs} s (measured: ${warmwire.pingsPerSec.toFixed(0)} a second in all)\n` +
    'bytes a link, heap and external after garbage collection\n' +
    bytes('bare ws socket', bare.memory.heap) +
    bytes(
      `warmwire link, up, with ${warmwire.samplesEach.toFixed(0)} samples and one reader of snapshots`,
      warmwire.memory.heap,
    ) +
    bytes('the same after an hour of samples and with ten minutes of chart', atAnHour) +
    'its parts\n' +
    bytes('link and session without a socket', parts.linkWithoutSocket) +
    bytes('what a reader of snapshots was told', parts.snapshotReader) +
    bytes('RTT windows with 22 samples', parts.rttNow) +
    bytes('RTT windows after an hour, 1 h in sparse slices of a minute', parts.rtt1h) +
    bytes('chart of 45 s', parts.seriesNow) +
    bytes('chart of ten minutes', parts.series10m) +
    'resident memory a link (growth of the process, free heap included)\n' +
    bytes('bare ws socket, V8’s own flags', bare.memory.rss) +
    bytes('bare ws socket, the flags of the engine’s thread', bareFrugal.memory.rss) +
    bytes('warmwire link', warmwire.memory.rss) +
    bytes('the same with an hour’s parts', warmwire.memory.rss + hourMore) +
    bytes('bare ws socket, V8’s own flags, counted from the first', bare.fromFirst.rss) +
    bytes('warmwire link, counted from the first', warmwire.fromFirst.rss) +
    `CPU, % of a core: bare ${bare.cpuPercent.toFixed(2)} (${bareFrugal.cpuPercent.toFixed(2)} with the engine’s flags), warmwire ${warmwire.cpuPercent.toFixed(2)} with one reader of snapshots, ` +
    `${warmwire.cpuWithoutReaderPercent.toFixed(2)} with none (${warmwire.cpuAtFirstPercent.toFixed(2)} before V8 had compiled what idles)\n` +
    `all cut at once, ${DIALS_PER_SEC} dials/s allowed (the default is 5): ${comeback.back} of ${comeback.links} back after ${(comeback.tookMs / 1000).toFixed(1)} s, ` +
    `at most ${perSecond} dials in a second (the venue saw ${mostInASecond(accepts)}); ${DIALS_PER_SEC + 1} dials took at least ${tightestMs(dialTimes).toFixed(1)} ms\n` +
    `${OTHERS} links that never were up were dialled ${pushedIn.length} times before the last live one\n`,
);
printReport({
  bench: 'scale',
  figures: {
    links: LINKS,
    bare_bytes: round(bare.memory.heap, 0),
    warmwire_bytes: round(warmwire.memory.heap, 0),
    warmwire_1h_bytes: round(atAnHour, 0),
    part_link_bytes: round(parts.linkWithoutSocket, 0),
    part_reader_bytes: round(parts.snapshotReader, 0),
    part_rtt_now_bytes: round(parts.rttNow, 0),
    part_rtt_1h_bytes: round(parts.rtt1h, 0),
    part_series_10m_bytes: round(parts.series10m, 0),
    bare_rss_bytes: round(bare.memory.rss, 0),
    bare_frugal_rss_bytes: round(bareFrugal.memory.rss, 0),
    warmwire_rss_bytes: round(warmwire.memory.rss, 0),
    bare_rss_from_first_bytes: round(bare.fromFirst.rss, 0),
    warmwire_rss_from_first_bytes: round(warmwire.fromFirst.rss, 0),
    bare_cpu_percent: round(bare.cpuPercent, 2),
    cpu_percent: round(warmwire.cpuPercent, 2),
    cpu_without_reader_percent: round(warmwire.cpuWithoutReaderPercent, 2),
    cpu_at_first_percent: round(warmwire.cpuAtFirstPercent, 2),
    comeback_s: round(comeback.tookMs / 1000, 1),
    not_back: comeback.links - comeback.back,
    dials_per_s: perSecond,
    tightest_ms: round(tightestMs(dialTimes), 1),
    dials_pushed_in: pushedIn.length,
  },
  ratios: {
    memory_to_bare: round(warmwire.memory.heap / bare.memory.heap),
    memory_1h_to_bare: round(atAnHour / bare.memory.heap),
    rss_to_bare: toBareRss(warmwire.memory.rss),
    rss_1h_to_bare: toBareRss(warmwire.memory.rss + hourMore),
    cpu_to_bare: round(warmwire.cpuPercent / bare.cpuPercent),
    cpu_without_reader_to_bare: round(warmwire.cpuWithoutReaderPercent / bare.cpuPercent),
  },
  aims: {
    rss_1h_to_bare: 2,
    cpu_percent: 2,
    dials_per_s: DIALS_PER_SEC,
    dials_pushed_in: 0,
    not_back: 0,
  },
});
