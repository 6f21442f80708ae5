/**
 * Does Warmwire measure the network, or itself? Raw TCP echo, a bare `ws` ping loop and Warmwire's own RTT, side by side:
 * the same server thread, the same pace (a ping a millisecond), in alternating blocks of one run.
 *
 * Warmwire's side is the engine's Session (transport, heartbeat, stall meter) exactly as a Link owns it.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { ControlLog } from '../src/main/engine/link/controlLog.ts';
import { Session } from '../src/main/engine/link/session.ts';
import { StallMeter } from '../src/main/engine/stall.ts';
import { systemClock } from '../src/main/engine/systemClock.ts';
import { policyOf } from '../src/main/settings/policy.ts';
import type { LinkConfig, Policy } from '../src/shared/engineConfig.ts';
import { Histogram } from '../src/shared/histogram.ts';
import { BUILT_IN } from '../src/shared/knobs.ts';
import { linkConfig } from '../test/support/linkConfig.ts';
import { realPorts } from '../test/support/realPorts.ts';
import { exactPercentile, median, printReport, round } from './_report.ts';

/** Many short blocks: what a block measures depends on the machine's mood of that second, by ±20 % here. */
const BLOCKS = 60;
const PINGS_PER_BLOCK = 220;
/** The first pings on a fresh socket, measured on no side. */
const SKIPPED_PINGS = 20;
const WARMUP_PINGS = 500;
const PACE_MS = 1;

/** One way of measuring: takes `count` round trips at the common pace, in milliseconds. */
interface Side {
  readonly name: 'tcp' | 'ws' | 'warmwire';
  take(count: number): Promise<readonly number[]>;
  close(): void;
}

const server = new Worker(new URL('_echoServer.ts', import.meta.url));
const [ports] = (await once(server, 'message')) as [{ tcp: number; ws: number }];

/** Sends one ping a pace until `count` pongs are in. `send` is given the ping's number; call the result with it on its pong. */
function paced(
  count: number,
  send: (seq: number) => void,
  listen: (pong: (seq: number) => void) => void,
): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const sentAt = new Map<number, number>();
    const taken: number[] = [];
    let seq = 0;
    listen((answered) => {
      const at = sentAt.get(answered);
      if (at === undefined || taken.length >= count) return;
      sentAt.delete(answered);
      taken.push(performance.now() - at);
      if (taken.length === count) resolve(taken);
    });
    const next = (): void => {
      if (taken.length >= count) return;
      seq += 1;
      sentAt.set(seq, performance.now());
      send(seq);
      setTimeout(next, PACE_MS);
    };
    next();
  });
}

async function tcpSide(): Promise<Side> {
  const socket = connect(ports.tcp, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  let onPong: (seq: number) => void = () => undefined;
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 16; rest = rest.subarray(16)) onPong(rest.readUInt32BE(0));
  });
  return {
    name: 'tcp',
    take: (count) =>
      paced(
        count,
        (seq) => {
          const message = Buffer.alloc(16);
          message.writeUInt32BE(seq);
          socket.write(message);
        },
        (listener) => {
          onPong = listener;
        },
      ),
    close: () => socket.destroy(),
  };
}

async function wsSide(): Promise<Side> {
  const ws = new WebSocket(`ws://127.0.0.1:${ports.ws}/`, { perMessageDeflate: false });
  await once(ws, 'open');
  let onPong: (seq: number) => void = () => undefined;
  ws.on('pong', (payload) => onPong(Number(payload.toString('latin1'))));
  return {
    name: 'ws',
    take: (count) =>
      paced(
        count,
        (seq) => ws.ping(String(seq)),
        (listener) => {
          onPong = listener;
        },
      ),
    close: () => ws.terminate(),
  };
}

const ignore = (): void => undefined;

const stalls = { marked: 0 };
const unstalled: number[] = [];

function warmwireSide(): Promise<Side> {
  const meter = new StallMeter(systemClock);
  const forever = 10 ** 9;
  const policy: Policy = {
    ...policyOf(BUILT_IN),
    pingIntervalMs: PACE_MS,
    warmupPings: 0,
    dataTimeoutMs: forever,
    dataNoticeMs: forever,
    firstDataMs: 0,
  };
  const url = `ws://127.0.0.1:${ports.ws}/`;
  const config: LinkConfig = { ...linkConfig({ name: 'bench', url, dialUrl: url }), policy };
  let onSample: (rttMs: number, stalled: boolean) => void = () => undefined;
  return new Promise((resolve) => {
    const session: Session = new Session({
      generation: 1,
      config,
      route: config.routes[0] as LinkConfig['routes'][number],
      pace: 1,
      shared: null,
      // Pings this close do not wait for others' turn.
      ports: realPorts({ clock: { ...systemClock, about: systemClock.at } }),
      control: new ControlLog({ clock: systemClock, clean: (text) => text }).writer(1, false),
      stall: meter,
      p99Ms: () => null,
      staleLimitMs: forever,
      listener: {
        phase: ignore,
        opened: ignore,
        progress: ignore,
        pingSent: ignore,
        missed: ignore,
        foreignPong: ignore,
        venuePing: ignore,
        suspect: ignore,
        cleared: ignore,
        dataFlow: ignore,
        subscription: ignore,
        hushed: ignore,
        witness: () => 'refused',
        notice: ignore,
        gap: ignore,
        proving: () => false,
        marked: ignore,
        quiet: ignore,
        ready: () => resolve(side),
        pong: (rttMs, stalled) => rttMs !== null && onSample(rttMs, stalled),
        ended: (reason) => {
          throw new Error(`the link under test ended: ${JSON.stringify(reason)}`);
        },
      },
    });
    const side: Side = {
      name: 'warmwire',
      take: (count) =>
        new Promise((resolveTaken) => {
          const taken: number[] = [];
          onSample = (rttMs, stalled) => {
            if (taken.length >= count) return;
            taken.push(rttMs);
            if (stalled) stalls.marked += 1;
            else unstalled.push(rttMs);
            if (taken.length === count) resolveTaken(taken);
          };
        }),
      close: () => {
        session.cut();
        meter.stop();
      },
    };
    session.start();
  });
}

/** Opened for its own block only, so that no side pings while another one is measured. */
const OPEN = { tcp: tcpSide, ws: wsSide, warmwire: warmwireSide } as const;
type Name = keyof typeof OPEN;
const NAMES: readonly Name[] = ['tcp', 'ws', 'warmwire'];

async function measure(name: Name, count: number): Promise<readonly number[]> {
  const side = await OPEN[name]();
  const taken = await side.take(count);
  side.close();
  return taken.slice(SKIPPED_PINGS);
}

for (const name of NAMES) await measure(name, WARMUP_PINGS);
stalls.marked = 0;
unstalled.length = 0;

const all: Record<Name, number[]> = { tcp: [], ws: [], warmwire: [] };
const ratios = { ws: [] as number[], tcp: [] as number[] };
for (let block = 0; block < BLOCKS; block += 1) {
  const order = NAMES.map((_, index) => NAMES[(index + block) % NAMES.length] as Name);
  const taken: Partial<Record<Name, readonly number[]>> = {};
  for (const name of order) {
    taken[name] = await measure(name, PINGS_PER_BLOCK);
    all[name].push(...taken[name]);
  }
  const { tcp, ws, warmwire } = taken as Record<Name, readonly number[]>;
  ratios.ws.push(exactPercentile(warmwire, 0.5) / exactPercentile(ws, 0.5));
  ratios.tcp.push(exactPercentile(warmwire, 0.5) / exactPercentile(tcp, 0.5));
}
/** A block is too short for a p99 of its own. */
const p99Ratio = (other: Name): number => exactPercentile(all.warmwire, 0.99) / exactPercentile(all[other], 0.99);
await server.terminate();

const us = (ms: number): number => round(ms * 1000, 1);
const histogram = new Histogram();
for (const rttMs of all.warmwire) histogram.add(rttMs * 1000);

process.stdout.write(
  `${BLOCKS} alternating blocks of ${PINGS_PER_BLOCK} pings a side (the first ${SKIPPED_PINGS} not counted), one ping every ${PACE_MS} ms, loopback\n`,
);
process.stdout.write('side          p50 us    p99 us   samples\n');
for (const name of NAMES) {
  const [p50, p99] = [us(exactPercentile(all[name], 0.5)), us(exactPercentile(all[name], 0.99))];
  process.stdout.write(
    `${name.padEnd(10)} ${String(p50).padStart(9)} ${String(p99).padStart(9)} ${String(all[name].length).padStart(9)}\n`,
  );
}
const withoutStalls = unstalled.length === 0 ? Number.NaN : us(exactPercentile(unstalled, 0.99));
process.stdout.write(
  `warmwire samples marked as local stalls, included above: ${stalls.marked}; p99 without them: ${withoutStalls} us\n` +
    `the same samples through Warmwire's histogram: p50 ${round(histogram.quantileUs(0.5) ?? 0, 1)} us, p99 ${round(histogram.quantileUs(0.99) ?? 0, 1)} us\n` +
    `to the bare ws loop: p50 ${round(median(ratios.ws))} (median of block ratios, quartiles ` +
    `${round(exactPercentile(ratios.ws, 0.25))} to ${round(exactPercentile(ratios.ws, 0.75))}), ` +
    `p99 ${round(p99Ratio('ws'))} (all samples); ` +
    `to raw TCP: p50 ${round(median(ratios.tcp))}, p99 ${round(p99Ratio('tcp'))}\n`,
);
printReport({
  bench: 'rtt',
  figures: {
    ...Object.fromEntries(
      NAMES.flatMap((name) => [
        [`${name}_p50_us`, us(exactPercentile(all[name], 0.5))],
        [`${name}_p99_us`, us(exactPercentile(all[name], 0.99))],
        [`${name}_samples`, all[name].length],
      ]),
    ),
    warmwire_stalled_samples: stalls.marked,
    warmwire_p99_without_stalled_us: withoutStalls,
  },
  ratios: {
    p50_to_ws: round(median(ratios.ws)),
    p99_to_ws: round(p99Ratio('ws')),
    p50_to_tcp: round(median(ratios.tcp)),
    p99_to_tcp: round(p99Ratio('tcp')),
  },
  aims: { p50_to_ws: 1.1, p99_to_ws: 1.25 },
});
