import { afterEach, expect, it } from 'vitest';
import { Judgement } from '../../../src/main/engine/link/judgement.ts';
import { type PingFigures, PingRecord } from '../../../src/main/engine/link/pingRecord.ts';
import type { Policy } from '../../../src/shared/engineConfig.ts';
import { eventText } from '../../../src/shared/events.ts';
import { PLAIN_PRESET, PresetSchema } from '../../../src/shared/preset.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { linkConfig, POLICY } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

const MINUTE_MS = 60_000;
const NOW = monoMs(0);
let rig: LinkRig | null = null;
afterEach(() => rig?.end());

/** The last pings of a socket: each its round trip in ms, or `null` for one that was missed. */
function recordOf(...pings: readonly (number | null)[]): PingFigures {
  const record = new PingRecord(() => MINUTE_MS);
  for (const rttMs of pings) {
    if (rttMs === null) record.missed(NOW);
    else record.answered(rttMs, NOW);
  }
  return record.figures(NOW);
}

const times = (count: number, rttMs: number | null): (number | null)[] => Array.from({ length: count }, () => rttMs);
const judged = (pings: PingFigures, missedInARow = 0, policy: Partial<Policy> = {}) =>
  new Judgement().policyReconnect(pings, missedInARow, { ...POLICY, ...policy }, monoMs(0));

it('[H4] under 90 % answered of the last 100 pings, and a p99 over 1 s, are reasons; at the line and under 20 pings nothing is', () => {
  expect(judged(recordOf(...times(18, 10), null, null))).toBeNull();
  expect(judged(recordOf(...times(17, 10), null, null, null))?.what).toMatch(/85\.0 % of the last 20 pings answered/);
  expect(judged(recordOf(...times(10, 10), ...times(9, null)))).toBeNull();
  expect(judged(recordOf(...times(20, 999)))).toBeNull();
  expect(judged(recordOf(...times(20, 1_100)))?.what).toMatch(/p99 of the last 20 pings/);
  expect(judged(recordOf(...times(50, null), ...times(100, 10)))).toBeNull();
});

it('[H4] three missed in a row are a reason at once, before there are 20 pings', () => {
  expect(judged(recordOf(10), 2)).toBeNull();
  expect(judged(recordOf(10), 3)?.what).toBe('3 pings missed in a row');
});

it('[H4] each of the three can be turned off', () => {
  const bad = recordOf(...times(10, 5_000), ...times(10, null));
  const off = { reconnectAfterMissed: 0, reconnectBelowSuccessPercent: 0, reconnectAboveP99Ms: 0 };
  expect(judged(bad, 9, off)).toBeNull();
  expect(judged(bad, 9, { ...off, reconnectAfterMissed: 3 })?.what).toMatch(/in a row/);
  expect(judged(bad, 9, { ...off, reconnectBelowSuccessPercent: 90 })?.what).toMatch(/answered/);
  expect(judged(bad, 9, { ...off, reconnectAboveP99Ms: 1_000 })?.what).toMatch(/p99/);
});

it('[H4] at most one reconnect in 5 min; then it is told, once a socket', () => {
  const judgement = new Judgement();
  const bad = recordOf(...times(20, null));
  const at = (minutes: number) => judgement.policyReconnect(bad, 0, POLICY, monoMs(minutes * MINUTE_MS));
  expect(at(0)).toMatchObject({ notifyOnly: false });
  judgement.reconnected(monoMs(0));
  expect(at(1)).toMatchObject({ notifyOnly: true });
  expect(at(2)).toBeNull();
  judgement.newSocket();
  expect(at(3)).toMatchObject({ notifyOnly: true });
  expect(at(4.99)).toBeNull();
  expect(at(5)).toMatchObject({ notifyOnly: false });
});

it('[H4] the pause between two is the setting of now: a shorter one ends it', () => {
  const judgement = new Judgement();
  const bad = recordOf(...times(20, null));
  const at = (secs: number, pauseSecs: number) =>
    judgement.policyReconnect(bad, 0, { ...POLICY, policyPauseMs: pauseSecs * 1_000 }, monoMs(secs * 1_000));
  judgement.reconnected(monoMs(0));
  expect(at(59, 60)).toMatchObject({ notifyOnly: true });
  expect(at(60, 61)).toBeNull();
  expect(at(60, 60)).toMatchObject({ notifyOnly: false });
});

it('[H4] the reconnect is make before break: the slow socket stays in use until the new one is up', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  for (let i = 0; i < 30 && rig.net.sockets.length === 1; i += 1) {
    await rig.clock.advance(1_100);
    rig.net.sockets[0]?.answer();
    rig.tick();
  }
  expect(rig.net.sockets).toHaveLength(2);
  expect(rig.net.open).toHaveLength(2);
  expect(rig.link.generation).toBe(1);
  expect(rig.link.figures.view().about.replacing).toMatchObject({
    kind: 'policy',
    what: expect.stringMatching(/answered, below 90 %/),
  });
  rig.net.newest.open();
  expect(rig.link.generation).toBe(2);
  expect(rig.net.sockets[0]?.closedWith).toBe(1000);
});

/** Every pong of a socket is late, of the first one if nothing else is said. */
async function slowly(ms: number, index = 0): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_100) {
    await rig?.clock.advance(1_100);
    rig?.net.sockets[index]?.answer();
    rig?.tick();
  }
}

it('[H4] a new socket that is as bad within 5 min is told, once, and that it no longer is when another is in use', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  for (let i = 0; i < 30 && rig.net.sockets.length === 1; i += 1) await slowly(1_100);
  rig.net.newest.open();
  const told = () =>
    rig?.happenings.flatMap(({ happening }) => (happening.kind === 'still-bad' ? [happening.what] : []));
  await slowly(60_000, 1);
  expect(told()).toEqual([expect.stringMatching(/pings answered, below 90 %/)]);
  const texts = rig.happenings.map(({ happening }) => eventText(happening));
  expect(texts).toContainEqual(expect.stringMatching(/^A reconnect not done: .* below 90 %; one in 300 s is enough$/));
  rig.link.reconnect('graceful');
  rig.net.newest.open();
  expect(rig.link.generation).toBe(3);
  expect(told()).toEqual([expect.stringMatching(/answered/), null]);
});

it('[H4] with a shorter pause in its settings it is replaced again as soon as that is over', async () => {
  rig = new LinkRig(linkConfig({ policy: { policyPauseMs: 60_000 } }));
  rig.net.newest.open();
  for (let i = 0; i < 30 && rig.net.sockets.length === 1; i += 1) await slowly(1_100);
  const replacedAt = rig.clock.now();
  rig.net.newest.open();
  await slowly(58_000, 1);
  expect(rig.net.sockets).toHaveLength(2);
  expect(rig.kinds()).toContain('still-bad');
  for (let i = 0; i < 30 && rig.net.sockets.length === 2; i += 1) await slowly(1_100, 1);
  expect(rig.clock.now() - replacedAt).toBeGreaterThanOrEqual(60_000);
  expect(rig.clock.now() - replacedAt).toBeLessThan(63_000);
});

it('[H4] [L12] where the venue allows one connection it is refused with that reason, once, and not said to have been made', async () => {
  const preset = PresetSchema.parse({ ...PLAIN_PRESET, limits: { sockets: 1 } });
  rig = new LinkRig(linkConfig({ preset }));
  rig.net.newest.open();
  await slowly(120_000);
  expect(rig.net.sockets).toHaveLength(1);
  expect(rig.happenings.filter(({ happening }) => happening.kind === 'declined')).toMatchObject([
    { happening: { what: expect.stringContaining('A new socket'), why: expect.stringContaining('one connection') } },
  ]);
});

it('[H4] [L6] one that has to wait, since the venue asked for it, is neither made nor said to have been made, and comes after it', async () => {
  rig = new LinkRig(linkConfig());
  rig.net.newest.open();
  await slowly(5_000);
  rig.link.reconnect('graceful');
  rig.net.newest.end({ kind: 'http', status: 429, retryAfterMs: 120_000 });
  await slowly(110_000);
  expect(rig.net.sockets).toHaveLength(2);
  expect(rig.kinds()).not.toContain('declined');
  for (let i = 0; i < 20 && rig.net.sockets.length === 2; i += 1) await slowly(1_100);
  expect(rig.link.figures.view().about.replacing).toMatchObject({ kind: 'policy' });
});

it('[H4] missed in a row counts while the link is suspect, which the first missed one makes it', async () => {
  rig = new LinkRig(linkConfig({ policy: { reconnectAfterMissed: 2, missedPongs: 50 } }));
  rig.net.newest.open();
  await rig.answering(5_000);
  expect(rig.state).toBe('up');
  for (let i = 0; i < 30 && rig.net.sockets.length === 1; i += 1) {
    await rig.clock.advance(1_000);
    rig.tick();
  }
  expect(rig.state).toBe('suspect');
  expect(rig.link.figures.view().about.replacing).toMatchObject({
    kind: 'policy',
    what: expect.stringMatching(/[23] pings missed in a row/),
  });
  rig.net.newest.open();
  await rig.answering(1_000);
  expect(rig.link.generation).toBe(2);
  expect(rig.state).toBe('up');
});
