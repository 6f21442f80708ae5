import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { JSON_PRESET, linkConfig, subscription } from '../support/linkConfig.ts';
import { GymRig } from './rig.ts';
import { type Door, GymVenue } from './venue.ts';

const CYCLES = 500;
let rig: GymRig;
let venue: GymVenue;
const warnings: string[] = [];
const warned = (warning: Error): void => void warnings.push(warning.message);

afterEach(async () => {
  process.off('warning', warned);
  await rig.stop();
  await venue.close();
});

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Handles of this process that are no timers of the test runner's: sockets, servers, lookups. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind.includes('TCP') || kind.includes('TLS') || kind.includes('ZLIB') || kind.includes('GETADDRINFO')) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

/** What the engine and its sockets hold, when everything that can be thrown away is. */
async function settled(): Promise<{ handles: Record<string, number>; timers: number; heapMb: number }> {
  venue.guests.splice(0, venue.guests.length - 1);
  rig.events.length = 0;
  await rig.pass(50);
  for (let i = 0; i < 4; i += 1) {
    collect();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return { handles: handles(), timers: rig.clock.pending, heapMb: (heapUsed + external) / 2 ** 20 };
}

/** One link that compresses; the socket of each cycle ends in the next of these ways. */
async function cycles(ways: readonly ((generation: number) => Promise<void> | void)[]): Promise<void> {
  process.on('warning', warned);
  rig = new GymRig();
  venue = await GymVenue.open(null, true);
  venue.onText = (guest, text) => {
    const { op, id } = JSON.parse(text);
    guest.ws.send(`{"op":"${op === 'ping' ? 'pong' : 'subscribed'}","id":${id}}`);
    if (op === 'sub') guest.ws.send(`{"s":"BTC","x":"${'y'.repeat(5_000)}"}`);
  };
  const config = linkConfig({
    dialUrl: venue.url,
    preset: { ...JSON_PRESET, limits: { ...JSON_PRESET.limits, dials: 1_000 } },
    subscriptions: [subscription('BTC')],
    expectsData: true,
    policy: {
      compression: true,
      breakerFailures: 0,
      initialReconnectDelayMs: 20,
      maxReconnectDelayMs: 20,
      slowRetryMs: 20,
      faultRetryMs: 20,
      connectTimeoutMs: 500,
    },
  });
  await rig.run(config);
  let early: Awaited<ReturnType<typeof settled>> | null = null;
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    const { generation } = rig.link().about;
    await rig.until(() => rig.link().state.kind === 'up', `up in cycle ${cycle}`);
    await ways[cycle % ways.length]?.(cycle);
    await rig.until(() => rig.link().about.generation > generation, `another socket after cycle ${cycle}`);
    if (cycle === 100) {
      await rig.until(() => rig.link().state.kind === 'up', 'up');
      early = await settled();
    }
  }
  await rig.until(() => rig.link().state.kind === 'up', 'up at the end');
  await rig.pass(3_000);
  const late = await settled();
  expect(rig.link().about.sockets).toHaveLength(1);
  expect(late.handles).toEqual(early?.handles);
  expect(late.timers).toBeLessThanOrEqual((early?.timers ?? 0) + 2);
  expect(late.heapMb - (early?.heapMb ?? 0)).toBeLessThan(4);
  expect(warnings).toEqual([]);
  await rig.stop();
  expect(rig.clock.pending).toBe(0);
}

const newest = () => venue.newest;

it(`[L19] [L20] 22. ${CYCLES} sockets that ended in every way leave no handle, no timer, no listener and no memory`, async () => {
  await cycles([
    () => newest().socket.resetAndDestroy(),
    () => newest().socket.end(),
    () => newest().ws.close(1001, ''),
    () => void newest().socket.write(Buffer.from([0xff, 0xff])),
    () => void rig.engine.reconnectLink({ link: 'venue', manner: 'hard' }),
    () => void rig.engine.reconnectLink({ link: 'venue', manner: 'graceful' }),
  ]);
}, 240_000);

it(`[L19] [L20] 22. the same where ${CYCLES} upgrades in between are refused, hang or are wrong`, async () => {
  const doors: readonly Door[] = [
    { kind: 'status', status: 503 },
    { kind: 'wrong-accept' },
    { kind: 'hang' },
    { kind: 'status', status: 302, headers: { location: 'ws://127.0.0.1:1/' } },
  ];
  let upgrades = 0;
  await cycles([
    () => {
      upgrades += 1;
      const refused = venue.upgrades;
      venue.doorFor = () =>
        venue.upgrades === refused + 1 ? (doors[upgrades % doors.length] as Door) : { kind: 'open' };
      newest().socket.destroy();
    },
  ]);
}, 240_000);
