/**
 * Does a warm pool save what it says, and does a caller ever see a socket that the venue had closed?
 *
 * 1. TLS 1.3 over a distance of 15 ms each way: cold and warm requests, handshakes at a steady pace, beside other clients.
 * 2. Venues that close idle sockets without announcing it: errors seen by 100 callers, each with its own pauses, and all
 *    with the same ones.
 * 3. 1, 2, 10 and 100 requests at once, cold and warm: time, handshakes, CPU.
 *
 * `--long` adds the venue that closes after 60 s.
 */
import { agentkeepalive, type Client, globalFetch, HttpSide, httpsWithoutAgent, PoolClient } from './_httpClients.ts';
import { exactPercentile, printReport, round } from './_report.ts';

// The other clients' `fetch` has no own authority: in this process only loopback is spoken to.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

const ONE_WAY_MS = 15;
const COLD_REQUESTS = 100;
const STEADY_REQUESTS = 1_000;
const OTHER_REQUESTS = 200;
const PACE_MS = 40;
const CALLERS = 100;
const REQUESTS_A_CALLER = 20;
const FLEETS = [1, 2, 10, 100] as const;
const FLEET_ROUNDS = 20;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const p50 = (samples: readonly number[]): number => exactPercentile(samples, 0.5);

async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

/** So many requests one after the other, one begun every PACE_MS where the answer is there by then. */
async function steady(client: Client, count: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const ms = await timed(() => client.ask());
    taken.push(ms);
    await pause(Math.max(0, PACE_MS - ms));
  }
  return taken;
}

async function coldAndWarm(figures: Record<string, number>, ratios: Record<string, number>): Promise<void> {
  const side = await HttpSide.open({ oneWayMs: ONE_WAY_MS, idleMs: null });
  const cold = new PoolClient(side, { warmSockets: 0 });
  const coldMs: number[] = [];
  for (let number = 0; number < COLD_REQUESTS; number += 1) {
    coldMs.push(await timed(() => cold.ask()));
    cold.destroy();
  }
  cold.close();
  const warm = new PoolClient(side, {});
  await warm.ready(2);
  const before = await side.handshakes();
  const warmMs = await steady(warm, STEADY_REQUESTS);
  figures.steady_handshakes = (await side.handshakes()) - before;
  const { cold: seenCold, warm: seenWarm } = warm.view;
  warm.close();
  figures.cold_p50_ms = round(p50(coldMs));
  figures.warm_p50_ms = round(p50(warmMs));
  figures.warm_p99_ms = round(exactPercentile(warmMs, 0.99));
  ratios.warm_to_cold_p50 = round(p50(warmMs) / p50(coldMs));
  say(`distance 2 x ${ONE_WAY_MS} ms, TLS 1.3, one request every ${PACE_MS} ms`);
  say('client              requests   p50 ms   p99 ms   handshakes');
  const row = (name: string, ms: readonly number[], handshakes: number): void =>
    say(
      `${name.padEnd(20)}${String(ms.length).padStart(8)}${p50(ms).toFixed(1).padStart(9)}` +
        `${exactPercentile(ms, 0.99).toFixed(1).padStart(9)}${String(handshakes).padStart(13)}`,
    );
  row('warmwire, cold', coldMs, COLD_REQUESTS);
  row('warmwire, warm', warmMs, figures.steady_handshakes);
  for (const open of [httpsWithoutAgent, agentkeepalive, globalFetch]) {
    const client = open(side);
    const from = await side.handshakes();
    const ms = await steady(client, OTHER_REQUESTS);
    const handshakes = (await side.handshakes()) - from;
    row(client.name, ms, handshakes);
    figures[`${client.name.replace(/\W+/g, '_')}_p50_ms`] = round(p50(ms));
    figures[`${client.name.replace(/\W+/g, '_')}_handshakes_in_${OTHER_REQUESTS}`] = handshakes;
    client.close();
  }
  say(
    `the pool's own book: cold p50 ${seenCold?.p50Ms.toFixed(1)} ms of ${seenCold?.count}, warm p50 ${seenWarm?.p50Ms.toFixed(1)} ms of ${seenWarm?.count}\n`,
  );
  await side.close();
}

/** Every error that a caller saw, by its text. */
async function callers(client: Client, limitMs: number, together: boolean): Promise<Map<string, number>> {
  const errors = new Map<string, number>();
  const gaps = Array.from({ length: REQUESTS_A_CALLER }, () => Math.random() * 2 * limitMs);
  const one = async (): Promise<void> => {
    for (const gap of gaps) {
      await pause(together ? gap : Math.random() * 2 * limitMs);
      try {
        await client.ask();
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        errors.set(text, (errors.get(text) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, one));
  return errors;
}

async function idleVenue(limitMs: number, figures: Record<string, number>): Promise<void> {
  const lines = await Promise.all(
    [false, true].map(async (together) => {
      const side = await HttpSide.open({ oneWayMs: 5, idleMs: limitMs });
      const others = together && limitMs === 4_000 ? [agentkeepalive(side), globalFetch(side)] : [];
      const pool = new PoolClient(side, { maxIdle: 50 });
      const found = await Promise.all([pool, ...others].map((client) => callers(client, limitMs, together)));
      const { counters, origins } = pool.view;
      const manner = together ? 'all at once' : 'each on its own';
      const text = [pool, ...others].map((client, index) => {
        const errors = [...(found[index] ?? new Map<string, number>())];
        const sum = errors.reduce((total, [, count]) => total + count, 0);
        if (client === pool) figures[`errors_${limitMs / 1000}s_${together ? 'together' : 'apart'}`] = sum;
        const which = errors.map(([message, count]) => `${count} x ${message}`).join('; ');
        return `idle limit ${limitMs / 1000} s, ${manner}: ${client.name}: ${sum} errors in ${CALLERS * REQUESTS_A_CALLER}${which === '' ? '' : ` (${which})`}`;
      });
      const limit = origins[0]?.idleLimit;
      text.push(
        `  warmwire: ${counters.retries} safe retries, ${counters.closedByPeer} closed by the venue, ${counters.connects} connects, ` +
          `idle limit ${limit?.source} ${Math.round(limit?.ms ?? 0)} ms`,
      );
      for (const client of [pool, ...others]) client.close();
      await side.close();
      return text.join('\n');
    }),
  );
  say(lines.join('\n'));
}

async function fleets(): Promise<void> {
  const side = await HttpSide.open({ oneWayMs: ONE_WAY_MS, idleMs: null });
  say('\nrequests at once       time ms   handshakes   CPU us a request');
  for (const size of FLEETS) {
    const sockets = Math.min(size, 50);
    for (const warm of [false, true]) {
      const pool = new PoolClient(side, { warmSockets: warm ? sockets : 0, maxIdle: 50 });
      if (warm) await pool.ready(sockets);
      const before = await side.handshakes();
      const taken: number[] = [];
      let cpuUs = 0;
      for (let turn = 0; turn < FLEET_ROUNDS; turn += 1) {
        const cpu = process.threadCpuUsage();
        taken.push(await timed(() => Promise.all(Array.from({ length: size }, () => pool.ask()))));
        const { user, system } = process.threadCpuUsage(cpu);
        cpuUs += user + system;
        if (!warm) pool.destroy();
      }
      const handshakes = ((await side.handshakes()) - before) / FLEET_ROUNDS;
      const cells = [
        `${String(size).padStart(4)} ${warm ? 'warm' : 'cold'}`.padEnd(20),
        p50(taken).toFixed(1).padStart(10),
        handshakes.toFixed(1).padStart(13),
        Math.round(cpuUs / FLEET_ROUNDS / size)
          .toString()
          .padStart(19),
      ];
      say(cells.join(''));
      pool.close();
    }
  }
  await side.close();
}

const figures: Record<string, number> = {};
const ratios: Record<string, number> = {};
await coldAndWarm(figures, ratios);
const limits = process.argv.includes('--long') ? [4_000, 10_000, 60_000] : [4_000, 10_000];
await Promise.all(limits.map((limitMs) => idleVenue(limitMs, figures)));
await fleets();
const errors = Object.fromEntries(
  Object.keys(figures).flatMap((name) => (name.startsWith('errors_') ? [[name, 0]] : [])),
);
printReport({ bench: 'http', figures, ratios, aims: { warm_to_cold_p50: 0.4, steady_handshakes: 1, ...errors } });
process.exit(0);
