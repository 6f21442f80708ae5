import { afterEach, beforeEach, expect, it } from 'vitest';
import { Exchanges } from '../../src/main/demo/exchanges.ts';
import { systemClock } from '../../src/main/engine/systemClock.ts';
import type { DemoFault, DemoInjection } from '../../src/shared/demoFault.ts';
import type { PoolView } from '../../src/shared/pool.ts';
import { followPool, newPoolTrack, type PoolMilestone, sightOf } from '../../src/shared/poolDrill.ts';
import { poolPromisesOf } from '../../src/shared/poolPromise.ts';
import { poolTimeline } from '../../src/shared/poolTimeline.ts';
import type { TimelineRow } from '../../src/shared/timeline.ts';
import { after, type MonoMs } from '../../src/shared/units.ts';
import { resolved } from '../settings/fixtures.ts';
import { EngineRig } from '../support/engineRig.ts';

/** Each fault of requests on real sockets: the demo, a pool on real time, and the fold and the promises that the page uses. */
let rig: EngineRig;
let exchanges: Exchanges;

beforeEach(async () => {
  rig = new EngineRig();
  exchanges = await Exchanges.open(systemClock, Math.random);
});
afterEach(async () => {
  await rig.stop();
  await exchanges.close();
});

/** By 3 s a refresh is due every two seconds or so; it is waited for a second. */
const pool = (idleSecs: number): string =>
  [
    '[pool.venue]',
    'origins = ["demo://rest"]',
    `idle_timeout_secs = ${idleSecs}`,
    'connect_timeout_secs = 1',
    'cold_probe_secs = 0',
    '',
  ].join('\n');
const REST = 'demo://rest';

type Rows = Readonly<Record<PoolMilestone, TimelineRow<PoolMilestone>>>;

/** Runs a drill until the fault is over and `last` was reached after it, and gives its timeline. */
async function drill(fault: DemoFault, last: PoolMilestone, idleSecs = 3): Promise<Rows> {
  const [addresses, authority] = [await exchanges.addresses(null), await exchanges.authority(null)];
  const { config } = resolved(pool(idleSecs), {
    demoAddresses: new Map(addresses.ok ? Object.entries(addresses.value) : []),
    demoCa: authority.ok ? authority.value : null,
  });
  const frames: { readonly at: MonoMs; readonly pool: PoolView }[] = [];
  rig.engine.pools(null, ({ at, pools: [own] }) => {
    if (own !== undefined) frames.push({ at, pool: own });
  });
  await rig.engine.configure(config);
  const newest = (): PoolView | undefined => frames.at(-1)?.pool;
  await rig.until(() => {
    const origin = newest()?.origins[0];
    return origin?.state.kind === 'warm' && origin.ready === origin.wanted && origin.lastColdMs !== null;
  });
  const before = newest();
  const [origin, sight] = [before?.origins[0], before === undefined ? null : sightOf(before, REST)];
  const policy = config.pools[0]?.policy;
  if (origin === undefined || sight === null || policy === undefined || rig.snapshot === null)
    throw new Error('the pool is not there');

  let injection: DemoInjection | null = null;
  const unfollow = exchanges.status(null, (status) => {
    injection = status.find(({ name }) => name === 'rest')?.injection ?? null;
  });
  await exchanges.inject({ exchange: 'rest', fault });
  const now = (): DemoInjection => {
    if (injection === null) throw new Error('the exchange has not told its fault');
    return injection;
  };
  const startAt = after(rig.snapshot.at, now().at - rig.snapshot.wall);
  const answerLimitMs = Math.min(policy.connectTimeoutMs, policy.requestTimeoutMs);
  const promises = poolPromisesOf(fault, { origin, startAt, answerLimitMs });
  const slowerMs = fault.kind === 'slow' ? fault.byMs : null;
  const timeline = (): Rows => {
    const track = frames.reduce(
      (held, { at, pool }) => followPool(held, sightOf(pool, REST) ?? sight, at),
      newPoolTrack({ origin: REST, before: sight, startAt, slowerMs }),
    );
    const { at, endedAt } = now();
    const overMs = endedAt === null ? null : endedAt - at;
    const rows = poolTimeline(promises, track, { nowMs: 0, overMs, closed: false });
    return Object.fromEntries(rows.map((row) => [row.milestone, row])) as Rows;
  };
  // As it was then: a frame that comes meanwhile may hold an answer from before the fault's end.
  let rows = timeline();
  await rig.until(() => {
    rows = timeline();
    return now().endedAt !== null && rows[last].mark !== null;
  });
  unfollow();
  return rows;
}

const missed = (rows: Rows): string[] =>
  Object.values(rows)
    .filter(({ standing }) => standing === 'missed')
    .map(({ milestone, mark, limitMs }) => `${milestone} ${mark?.ms ?? 'never'}, limit ${limitMs}`);
const ms = (rows: Rows, milestone: PoolMilestone): number => rows[milestone].mark?.ms ?? Number.NaN;

it('[D6] [P2] kill: every ready socket is lost and replaced at once', async () => {
  const rows = await drill({ kind: 'kill' }, 'ready-again');
  expect(missed(rows)).toEqual([]);
  expect(rows.lost.mark?.text).toMatch(/^2 closed by the venue$/);
  expect(rows.failing.mark).toBeNull();
});

it('[D6] [P2] refuse: the venue is left alone, asked again at growing intervals, and all are ready after it', async () => {
  const rows = await drill({ kind: 'refuse', forSecs: 2 }, 'ready-again');
  expect(missed(rows)).toEqual([]);
  expect(rows.failing.mark?.text).toContain('ECONNREFUSED');
  expect(rows.retry.standing).toBe('kept');
  expect(ms(rows, 'ready-again')).toBeGreaterThan(1_900);
});

it.each([
  { fault: { kind: 'unavailable', forSecs: 4 }, why: 'HTTP 503', restMs: 1_000 },
  { fault: { kind: 'rate-limit', forSecs: 4, retryAfterSecs: 3 }, why: 'HTTP 429', restMs: 3_000 },
] as const)('[D6] [P2] $why: it shows when a refresh is due, and the rest that follows is kept', async (one) => {
  const rows = await drill(one.fault, 'ready-again');
  expect(missed(rows)).toEqual([]);
  expect(rows.failing.promised.kind).toBe('within');
  expect(rows.failing.mark?.text).toBe(one.why);
  expect(ms(rows, 'ready-again') - ms(rows, 'failing')).toBeGreaterThan(one.restMs - 400);
});

it('[D6] [P2] cut answers: the asked socket is lost in the middle, and the pool is whole again after it', async () => {
  const rows = await drill({ kind: 'cut', forSecs: 4 }, 'ready-again');
  expect(missed(rows)).toEqual([]);
  expect(rows.lost.standing).toBe('kept');
  expect(rows.failing.standing).toBe('kept');
});

it('[D6] [P5] idle sockets closed early: each is replaced, and the new limit is learned', async () => {
  const rows = await drill({ kind: 'idle-close', forSecs: 20, afterSecs: 6 }, 'learned', 10);
  expect(missed(rows)).toEqual([]);
  expect(rows.learned.mark?.text).toMatch(/^idle limit [3-6]\.\d s$/);
  expect(rows.lost.standing).toBe('kept');
  expect(rows.failing.mark).toBeNull();
}, 60_000);

it('[D6] [P2] [P5] idle sockets closed after 1.5 s: the limit is learned, and a venue that keeps none is left alone', async () => {
  const rows = await drill({ kind: 'idle-close', forSecs: 12, afterSecs: 1.5 }, 'failing');
  expect(missed(rows)).toEqual([]);
  expect(rows.learned.standing).toBe('kept');
  expect(rows.failing.standing).toBe('kept');
}, 40_000);

it('[D6] [P6] slow: a warm request shows it, and is no failure', async () => {
  const rows = await drill({ kind: 'slow', forSecs: 5, byMs: 300 }, 'slow');
  expect(missed(rows)).toEqual([]);
  expect(rows.slow.standing).toBe('kept');
  expect(rows.failing.mark).toBeNull();
});

it('[D6] [P2] freeze: an unanswered refresh costs the socket, and the pool is whole again after it', async () => {
  const rows = await drill({ kind: 'freeze', forSecs: 6 }, 'ready-again');
  expect(missed(rows)).toEqual([]);
  expect(rows.lost.standing).toBe('kept');
});
