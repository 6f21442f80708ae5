import { WebSocket } from 'ws';
import { bucketBoundsUs, Histogram } from '../src/shared/histogram.ts';
import { PLAIN_PRESET } from '../src/shared/preset.ts';
import { JSON_PRESET, subscription } from '../test/support/linkConfig.ts';
import { nowMs, until } from './_clock.ts';
import { benchLink, run, snapshotOf, startEngine, withDials } from './_links.ts';

/** One side of the flood bench, in a process of its own so that its CPU time is its own. */
export interface FloodJob {
  readonly side: 'bare' | 'bytes' | 'clocks';
  readonly links: number;
  readonly floodPort: number;
  readonly quietPort: number;
  readonly paceMs: number;
}
export type FloodOrder = { readonly order: 'begin' | 'end' | 'close' };
export interface FloodTaken {
  readonly messages: number;
  readonly cpuUs: number;
  readonly tookMs: number;
  /** Round trips of the quiet link, ms; Warmwire's as the middles of its histogram's buckets. */
  readonly quietMs: readonly number[];
  /** Round trips that Warmwire left out because its own thread was held up. */
  readonly stalled: number;
}

interface Side {
  messages(): number;
  quietOn(): void;
  quietOff(): void;
  /** Round trips since `quietOn`. */
  quiet(): { readonly ms: readonly number[]; readonly stalled: number };
  close(): Promise<unknown>;
}

async function bareSide({ links, floodPort, quietPort, paceMs }: FloodJob): Promise<Side> {
  let messages = 0;
  let bytes = 0;
  let open = 0;
  const sockets = Array.from({ length: links }, (_, index) => {
    const ws = new WebSocket(`ws://127.0.0.1:${floodPort}/${index}`, { perMessageDeflate: false });
    ws.on('open', () => {
      open += 1;
    });
    ws.on('message', (data) => {
      messages += 1;
      bytes += (data as Buffer).length;
    });
    return ws;
  });
  const quiet = new WebSocket(`ws://127.0.0.1:${quietPort}/`, { perMessageDeflate: false });
  quiet.on('open', () => {
    open += 1;
  });
  const sentAt = new Map<string, number>();
  let taken: number[] = [];
  let seq = 0;
  let timer: NodeJS.Timeout | undefined;
  quiet.on('pong', (payload) => {
    const now = performance.now();
    const id = payload.toString('latin1');
    const at = sentAt.get(id);
    sentAt.delete(id);
    if (at !== undefined) taken.push(now - at);
  });
  const ping = (): void => {
    const id = String(++seq);
    sentAt.set(id, performance.now());
    quiet.ping(id);
    // At the moments at which Warmwire pings, so that both meet the flood alike.
    const now = performance.now();
    timer = setTimeout(ping, (Math.round(now / paceMs) + 1) * paceMs - now);
  };
  await until('all bare sockets open', () => open === links + 1, 30_000);
  return {
    messages: () => messages,
    quietOn: () => {
      taken = [];
      ping();
    },
    quietOff: () => clearTimeout(timer),
    quiet: () => ({ ms: taken, stalled: 0 }),
    close: async () => {
      if (bytes < messages) throw new Error('unreachable');
      for (const ws of [...sockets, quiet]) ws.terminate();
    },
  };
}

async function warmwireSide({ side, links, floodPort, quietPort, paceMs }: FloodJob): Promise<Side> {
  const up = new Set<string>();
  const engine = startEngine(({ link, happening }) => {
    if (happening.kind === 'socket-ended') up.delete(link);
    if (happening.kind === 'state' && happening.to.kind === 'up') up.add(link);
  });
  const clocks = side === 'clocks';
  const preset = withDials(clocks ? JSON_PRESET : PLAIN_PRESET, 10_000);
  const flooded = Array.from({ length: links }, (_, index) =>
    benchLink(`flood-${index}`, `ws://127.0.0.1:${floodPort}/${index}`, {
      preset,
      expectsData: clocks,
      // Acked by the venue, and with a data clock of its own.
      subscriptions: clocks ? [{ ...subscription('BTC-USD'), data: ['"symbol":"BTC-USD"'] }] : [],
    }),
  );
  const quiet = (pingIntervalMs: number) =>
    benchLink(
      'quiet',
      `ws://127.0.0.1:${quietPort}/`,
      { preset: withDials(PLAIN_PRESET, 10_000) },
      { pingIntervalMs, warmupPings: 0 },
    );
  const seen = (): { histogram: Histogram; stalled: number } => {
    let histogram = new Histogram();
    engine.histogram({ link: 'quiet', window: 'start' }, (frame) => {
      histogram = Histogram.decode(frame.histogram);
    })();
    return { histogram, stalled: snapshotOf(engine).links['quiet']?.rtt.stalledSamples ?? 0 };
  };
  let before = seen();
  await run(engine, [...flooded, quiet(3_600_000)]);
  await until('all links up', () => up.size === links + 1, 60_000);
  return {
    messages: () =>
      Object.values(snapshotOf(engine).links).reduce((sum, link) => sum + (link?.counters.messages ?? 0), 0),
    quietOn: () => {
      before = seen();
      // The wheel rounds up to its next grain.
      void run(engine, [...flooded, quiet(paceMs / 2)]);
    },
    quietOff: () => void run(engine, [...flooded, quiet(3_600_000)]),
    quiet: () => {
      const now = seen();
      return { ms: since(before.histogram, now.histogram), stalled: now.stalled - before.stalled };
    },
    close: () => engine.shutdown(null),
  };
}

/** The samples that `now` has and `before` has not. */
function since(before: Histogram, now: Histogram): readonly number[] {
  const had = new Map<number, number>();
  const old = before.encode().buckets;
  for (let i = 0; i < old.length; i += 2) had.set(old[i] as number, old[i + 1] as number);
  const samples: number[] = [];
  const { buckets } = now.encode();
  for (let i = 0; i < buckets.length; i += 2) {
    const bucket = buckets[i] as number;
    const { fromUs, toUs } = bucketBoundsUs(bucket);
    const count = (buckets[i + 1] as number) - (had.get(bucket) ?? 0);
    for (let one = 0; one < count; one += 1) samples.push((fromUs + toUs - 1) / 2000);
  }
  return samples;
}

const job = JSON.parse(process.argv[2] ?? '{}') as FloodJob;
const side = await (job.side === 'bare' ? bareSide(job) : warmwireSide(job));
let from = { messages: 0, cpu: process.cpuUsage(), at: nowMs() };
process.on('message', ({ order }: FloodOrder) => {
  if (order === 'begin') {
    side.quietOn();
    from = { messages: side.messages(), cpu: process.cpuUsage(), at: nowMs() };
    process.send?.({});
  } else if (order === 'end') {
    const { user, system } = process.cpuUsage(from.cpu);
    const { ms, stalled } = side.quiet();
    side.quietOff();
    process.send?.({
      messages: side.messages() - from.messages,
      cpuUs: user + system,
      tookMs: nowMs() - from.at,
      quietMs: ms,
      stalled,
    } satisfies FloodTaken);
  } else {
    void side.close().then(() => process.disconnect());
  }
});
process.send?.({});
