import { afterEach, beforeEach, expect, it } from 'vitest';
import { Exchanges } from '../../src/main/demo/exchanges.ts';
import type { DemoFault, DemoInjection, DemoWire } from '../../src/shared/demoFault.ts';
import { falseAlarm, follow, newTrack } from '../../src/shared/drill.ts';
import { promisesOf } from '../../src/shared/promise.ts';
import type { Milestone } from '../../src/shared/promised.ts';
import { termsOf } from '../../src/shared/promiseTerms.ts';
import { type TimelineRow, timeline } from '../../src/shared/timeline.ts';
import { after } from '../../src/shared/units.ts';
import { resolved } from '../settings/fixtures.ts';
import { EngineRig } from '../support/engineRig.ts';

/** Each fault on real sockets: the demo, the engine on one clock, and the fold and the promises that the page uses. */
const SPEED = 4;
let rig: EngineRig;
let exchanges: Exchanges;

beforeEach(async () => {
  rig = new EngineRig({ speed: SPEED });
  exchanges = await Exchanges.open(rig.clock, Math.random);
});
afterEach(async () => {
  await rig.stop();
  await exchanges.close();
});

/** Quick to be measured, and slow machines are not what a drill is about. */
const SHORT = [
  'ping_interval_secs = 0.1',
  'stable_after_secs = 0.2',
  'fit_p99_ms = 60000',
  'reconnect_above_p99_ms = 0',
  'breaker_open_secs = 0.5',
  'data_notice_secs = 1',
].join('\n');
const REOPEN_MS = 300;

interface Outcome {
  readonly rows: Readonly<Record<Milestone, TimelineRow>>;
  readonly alarms: readonly string[];
}

/** Runs a drill until the fault is over and `last` was reached, and gives its timeline. */
async function drill(exchange: string, fault: DemoFault, last: Milestone | null): Promise<Outcome> {
  const wire: DemoWire = exchange === 'chicago' ? 'TCP lines' : 'WebSocket';
  const channel = exchange === 'chicago' ? 'tick' : 'ticker';
  const addresses = await exchanges.addresses(null);
  const link = (name: string, preset: string, on: string): string =>
    `[link.${name}]\npreset = "demo_${preset}"\nsubscribe = ["${on}:BTC-USD", "${on}:ETH-USD", "${on}:SOL-USD"]\n${SHORT}\n`;
  const { config, effective } = resolved(
    link('venue', exchange, channel) + (exchange === 'frankfurt' ? '' : link('other', 'frankfurt', 'ticker')),
    { demoAddresses: new Map(addresses.ok ? Object.entries(addresses.value) : []) },
  );
  await rig.engine.configure({ ...config, gateReopenMs: REOPEN_MS });
  await rig.until(() => rig.link()?.gate.kind === 'open' && (rig.link()?.about.silenceLimitMs ?? null) !== null);

  const [view, terms] = [rig.link(), termsOf(effective.get('venue') ?? [])];
  if (view === undefined || terms === null || rig.snapshot === null) throw new Error('the link is not there');
  let injection: DemoInjection | null = null;
  const unfollow = exchanges.status(null, (status) => {
    injection = status.find(({ name }) => name === exchange)?.injection ?? null;
  });
  await exchanges.inject({ exchange, fault });
  const now = (): DemoInjection => {
    if (injection === null) throw new Error('the exchange has not told its fault');
    return injection;
  };
  const startAt = after(rig.snapshot.at, now().at - rig.snapshot.wall);
  const promises = promisesOf(fault, { link: view, terms, exchange, wire, gateReopenMs: REOPEN_MS });
  const outcome = (): Outcome => {
    const track = rig.events.reduce(follow, newTrack({ link: 'venue', generation: view.about.generation, startAt }));
    const alarms = rig.events.flatMap((event) => falseAlarm(event, startAt, new Set(['venue'])) ?? []);
    const { at, endedAt } = now();
    const moment = {
      nowMs: (rig.snapshot?.at ?? startAt) - startAt,
      overMs: endedAt === null ? null : endedAt - at,
      closed: false,
    };
    const rows = timeline(promises, { track, alarms }, moment);
    return { rows: Object.fromEntries(rows.map((row) => [row.milestone, row])) as Outcome['rows'], alarms };
  };
  await rig.until(() => now().endedAt !== null && (last === null || outcome().rows[last].mark !== null));
  unfollow();
  return outcome();
}

/** When a milestone was reached, ms; NaN, which is in no range, if it was not. */
const ms = ({ rows }: Outcome, milestone: Milestone): number => rows[milestone].mark?.ms ?? Number.NaN;
const reached = ({ rows }: Outcome): string[] =>
  Object.values(rows)
    .filter(({ mark }) => mark !== null)
    .map(({ milestone }) => milestone)
    .sort();

/** From suspect to dead 2 s go by; with a probe fewer 1.5 s. The mark is set once the first probe has been sent. */
const PROBED_MS = 1_750;

it('[D6] [G1] kill: the end is known at once and closes the gate, the link is dialled and restored', async () => {
  const outcome = await drill('tokyo', { kind: 'kill' }, 'gate-open');
  expect(outcome.rows.ended.mark?.text).toContain('ECONNRESET');
  expect(ms(outcome, 'ended')).toBeLessThan(1_000);
  expect(ms(outcome, 'gate-closed') - ms(outcome, 'ended')).toBeLessThan(200);
  expect(ms(outcome, 'dial') - ms(outcome, 'ended')).toBeGreaterThanOrEqual(95);
  expect(ms(outcome, 'gate-open') - ms(outcome, 'restored')).toBeGreaterThanOrEqual(REOPEN_MS);
  expect(outcome.rows.suspect.mark ?? outcome.rows.dead.mark).toBeNull();
  expect(outcome.alarms).toEqual([]);
});

it.each(['tokyo', 'frankfurt', 'chicago'])(
  '[D6] [L4] freeze of %s: suspect, then dead by three probes, and restored when the silence ends or elsewhere',
  async (exchange) => {
    const outcome = await drill(exchange, { kind: 'freeze', forSecs: 5 }, 'restored');
    expect(ms(outcome, 'suspect')).toBeGreaterThan(700);
    expect(ms(outcome, 'dead') - ms(outcome, 'suspect')).toBeGreaterThan(PROBED_MS);
    expect(ms(outcome, 'dead')).toBeLessThan(5_000);
    expect(outcome.rows.ended.mark?.ms).toBe(outcome.rows.dead.mark?.ms);
    expect(ms(outcome, 'restored')).toBeGreaterThan(exchange === 'frankfurt' ? 3_000 : 4_900);
    expect(outcome.alarms).toEqual([]);
  },
);

it('[D6] [L4] wrong pongs are no pongs: the link dies although its data flow', async () => {
  const outcome = await drill('tokyo', { kind: 'wrong-pong', forSecs: 5 }, 'restored');
  expect(ms(outcome, 'suspect')).toBeGreaterThan(900);
  expect(ms(outcome, 'dead') - ms(outcome, 'suspect')).toBeGreaterThan(PROBED_MS);
  expect(rig.events.some(({ happening }) => happening.kind === 'foreign-pong')).toBe(true);
});

it.each(['tokyo', 'chicago'])(
  '[D6] refuse of %s: a second dial follows the first, and it is back after the end',
  async (exchange) => {
    const outcome = await drill(exchange, { kind: 'refuse', forSecs: 2 }, 'restored');
    expect(ms(outcome, 'redial') - ms(outcome, 'dial')).toBeGreaterThanOrEqual(190);
    expect(ms(outcome, 'restored')).toBeGreaterThan(1_990);
    expect(
      rig.events.some(({ happening }) => happening.kind === 'state' && happening.because.includes('ECONNREFUSED')),
    ).toBe(true);
  },
);

it('[D6] [L6] 429: the second dial waits for what the venue asked', async () => {
  const outcome = await drill('tokyo', { kind: 'rate-limit', forSecs: 1, retryAfterSecs: 2 }, 'restored');
  expect(ms(outcome, 'redial') - ms(outcome, 'dial')).toBeGreaterThanOrEqual(1_990);
  expect(outcome.rows.redial.standing).toBe('kept');
});

it('[D6] slow within the limits: no suspicion, no loss', async () => {
  const outcome = await drill('tokyo', { kind: 'slow', forSecs: 2, byMs: 150 }, null);
  expect(reached(outcome)).toEqual([]);
  const minute = rig.link()?.rtt.windows['1m'];
  expect(minute?.maxMs).toBeGreaterThan(150);
});

it('[D6] mute: told after the notice, the gate closes, and the socket stays', async () => {
  const outcome = await drill('tokyo', { kind: 'mute', forSecs: 3 }, 'gate-open');
  expect(ms(outcome, 'notice')).toBeGreaterThan(500);
  expect(ms(outcome, 'gate-closed')).toBeGreaterThan(500);
  expect(reached(outcome)).not.toContain('ended');
  expect(outcome.rows.suspect.standing).not.toBe('missed');
});
