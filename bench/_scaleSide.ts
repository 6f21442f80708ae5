import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../src/main/engine/engine.ts';
import { RttWindows } from '../src/main/engine/link/rtt.ts';
import { createDial } from '../src/main/engine/link/transport.ts';
import type { Dial } from '../src/main/engine/ports.ts';
import { SeriesLog } from '../src/main/engine/seriesLog.ts';
import { systemClock } from '../src/main/engine/systemClock.ts';
import { PLAIN_PRESET } from '../src/shared/preset.ts';
import { RTT_WINDOWS } from '../src/shared/rttView.ts';
import { monoMs, wallMs } from '../src/shared/units.ts';
import { nowMs, until } from './_clock.ts';
import { benchLink, heardBy, run, startEngine, withDials } from './_links.ts';
import { type BareTaken, cpuPercent, grownBy, jobOf, memory, perLink, upBefore } from './_memory.ts';

/** One side of the scale bench, in a process of its own with `--expose-gc`: Warmwire, or its parts alone. */
export interface WarmwireTaken extends BareTaken {
  readonly cpuWithoutReaderPercent: number;
  /** The same at once, without a reader. */
  readonly cpuAtFirstPercent: number;
  readonly pingsPerSec: number;
  readonly samplesEach: number;
  readonly secondsOfSeries: number;
}
/** Dials after the cut: ms since the first loss was noticed, `live` for links that had been up. */
export interface Comeback {
  readonly links: number;
  readonly tookMs: number;
  readonly back: number;
  readonly dials: readonly { readonly atMs: number; readonly live: boolean }[];
}
export interface Parts {
  readonly linkWithoutSocket: number;
  readonly snapshotReader: number;
  readonly rttNow: number;
  readonly rtt1h: number;
  readonly seriesNow: number;
  readonly series10m: number;
}

const job = jobOf();

async function warmwire(): Promise<void> {
  const preset = withDials(PLAIN_PRESET, job.dialsPerSec);
  const named = (kind: 'live' | 'other', count: number) =>
    Array.from({ length: count }, (_, index) =>
      benchLink(
        `${kind}-${index}`,
        `ws://127.0.0.1:${job.port}/${kind}-${index}`,
        { preset },
        { pingIntervalMs: job.pingIntervalMs },
      ),
    );
  const up = new Set<string>();
  const failed = new Set<string>();
  let pongs = 0;
  let lostAt: number | null = null;
  const dials: { readonly at: number; readonly live: boolean }[] = [];
  const real = createDial(systemClock);
  const tapped: Dial = (target, listener) => {
    dials.push({ at: nowMs(), live: target.url.includes('/live-') });
    const pong = (): void => {
      pongs += 1;
    };
    return real(target, heardBy({ pong }, listener));
  };
  const engine = startEngine(
    ({ link, happening }) => {
      if (happening.kind === 'socket-ended') lostAt ??= nowMs();
      if (happening.kind !== 'state') return;
      if (happening.to.kind === 'up') up.add(link);
      else up.delete(link);
      if (happening.from.kind === 'connecting' && happening.to.kind === 'waiting') failed.add(link);
    },
    tapped,
    false,
  );
  await run(engine, named('live', 1));
  await until('the first link up', () => up.size === 1, 10_000);
  await sleep(1000);
  const first = await memory();
  const few = upBefore(job);
  await run(engine, named('live', few));
  await until('a tenth of the links up', () => up.size === few, 60_000);
  await sleep(job.settleMs);
  const readFew = engine.snapshots(null, () => undefined);
  await sleep(job.warmMs);
  readFew();
  const from = await memory();
  const startedAt = nowMs();
  pongs = 0;
  const links = job.links + few;
  // Made for this call only: the engine holds what it keeps of them.
  await run(engine, named('live', links));
  await until('all links up', () => up.size === links, 30_000 + (2000 * job.links) / job.dialsPerSec);
  await sleep(job.settleMs);
  const atFirst = await cpuPercent(job);
  await sleep(job.warmMs);
  const before = pongs;
  const without = await cpuPercent(job);
  const pingsPerSec = (1000 * (pongs - before)) / job.watchMs;
  const stopReading = engine.snapshots(null, () => undefined);
  await sleep(job.warmMs);
  const withReader = await cpuPercent(job);
  const now = await memory();
  const samplesEach = pongs / links;
  const secondsOfSeries = (nowMs() - startedAt) / 1000;
  stopReading();
  process.send?.({
    memory: grownBy(job.links, from, now),
    fromFirst: grownBy(links - 1, first, now),
    cpuPercent: withReader,
    cpuWithoutReaderPercent: without,
    cpuAtFirstPercent: atFirst,
    pingsPerSec,
    samplesEach,
    secondsOfSeries,
  } satisfies WarmwireTaken);

  await run(engine, [...named('live', links), ...named('other', job.others)]);
  await until('the refused links refused', () => failed.size === job.others, 60_000);
  dials.length = 0;
  lostAt = null;
  process.send?.({ cut: true });
  await until('the cut', () => up.size === 0, 10_000);
  const cutAt = lostAt ?? nowMs();
  while (up.size < links && nowMs() - cutAt < job.capMs) await sleep(20);
  process.send?.({
    tookMs: nowMs() - cutAt,
    links,
    back: up.size,
    dials: dials.map(({ at, live }) => ({ atMs: at - cutAt, live })),
  } satisfies Comeback);
  await engine.shutdown(null);
}

/** A venue without a socket: opens at once, answers every ping at once. */
const stubDial: Dial = (_target, listener) => {
  setImmediate(() => listener.opened('stub:1', { dnsMs: null, tcpMs: 0.1, tlsMs: null, upgradeMs: 0.2, totalMs: 0.3 }));
  return {
    sendText: () => undefined,
    sendPing: (payload) => void setImmediate(() => listener.pong(Buffer.from(payload))),
    close: () => setImmediate(() => listener.ended({ kind: 'closed', code: 1000, text: '' })),
    cut: () => undefined,
    traffic: () => ({ bytesIn: 0, bytesOut: 0 }),
  };
};

async function parts(): Promise<void> {
  const preset = withDials(PLAIN_PRESET, 100_000);
  let upCount = 0;
  const engine: Engine = startEngine(
    ({ happening }) => {
      if (happening.kind === 'state' && happening.to.kind === 'up') upCount += 1;
    },
    stubDial,
    false,
  );
  const stub = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      benchLink(`stub-${index}`, 'ws://127.0.0.1:1/', { preset }, { warmupPings: 0 }),
    );
  await run(engine, stub(1));
  await until('the first stubs up', () => upCount === 1, 10_000);
  await sleep(1000);
  let from = await memory();
  await run(engine, stub(job.links + 1));
  await until('the stubs up', () => upCount === job.links + 1, 60_000);
  const linkWithoutSocket = (await perLink(job, from)).heap;
  from = await memory();
  const stopReading = engine.snapshots(null, () => undefined);
  const snapshotReader = (await perLink(job, from)).heap;
  stopReading();
  await engine.shutdown(null);

  const windows = async (samples: number, everyMs: number): Promise<number> => {
    const before = await memory();
    const kept = Array.from({ length: job.links }, () => new RttWindows());
    for (const rtt of kept) {
      let now = 0;
      for (let i = 0; i < samples; i += 1) {
        now = i * everyMs;
        // Some 20 ms with a tail, as a venue some countries away answers.
        rtt.add(20 - 2 * Math.log(1 - Math.random()), monoMs(now));
      }
      for (const window of RTT_WINDOWS) rtt.percentiles(window, monoMs(now));
    }
    const taken = (await perLink(job, before)).heap;
    return kept.length === 0 ? 0 : taken;
  };
  const series = async (seconds: number): Promise<number> => {
    const before = await memory();
    const log = new SeriesLog();
    for (let second = 0; second < seconds; second += 1) {
      const points = Array.from({ length: job.links }, (_, index) => {
        const p50Ms = 20 + Math.random();
        return [`stub-${index}`, { p50Ms, p99Ms: p50Ms + Math.random(), samples: 4 }] as const;
      });
      log.add(wallMs(second * 1000), new Map(points));
    }
    const taken = (await perLink(job, before)).heap;
    return log.history().kind === 'history' ? taken : 0;
  };
  const hour = 3_600_000 / job.pingIntervalMs;
  process.send?.({
    linkWithoutSocket,
    snapshotReader,
    rttNow: await windows(22, 1000),
    rtt1h: await windows(hour, job.pingIntervalMs),
    seriesNow: await series(45),
    series10m: await series(600),
  } satisfies Parts);
}

await (job.side === 'parts' ? parts() : warmwire());
process.disconnect();
