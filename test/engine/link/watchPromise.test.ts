import { afterEach, expect, it } from 'vitest';
import type { Policy } from '../../../src/shared/engineConfig.ts';
import { PLAIN_PRESET, type Preset } from '../../../src/shared/preset.ts';
import { watchPromise } from '../../../src/shared/watchPromise.ts';
import { JSON_PRESET, linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const STEP_MS = 5;
/** What may be late by 20 ms is a regular ping, and each look at a deadline. */
const LATE_MS = 50;

const limited = (preset: Preset, limits: Partial<Preset['limits']>): Preset => ({
  ...preset,
  limits: { ...preset.limits, ...limits },
});
const counted = (limits: Partial<Preset['limits']>): Preset => limited(PLAIN_PRESET, { pings_count: true, ...limits });

/** Milliseconds until the link first was in this state. */
async function until(kind: string): Promise<number> {
  const from = rig.clock.now();
  while (rig.state !== kind && rig.clock.now() - from < 200_000) await rig.clock.advance(STEP_MS);
  return rig.clock.now() - from;
}

/** A link whose venue answers all pings; it delivers as well, if it is to be known by its silence. */
async function live(preset: Preset, policy: Partial<Policy>, delivers: boolean): Promise<void> {
  rig = new LinkRig(linkConfig({ preset, policy }));
  rig.net.newest.open();
  rig.net.newest.answer();
  for (let i = 0; i < 300; i += 1) {
    await rig.answering(250);
    if (delivers) rig.net.newest.text('tick');
  }
}

const SETTINGS: readonly (readonly [string, Preset, Partial<Policy>])[] = [
  ['the defaults', PLAIN_PRESET, {}],
  ['one probe', PLAIN_PRESET, { missedPongs: 1 }],
  ['six probes', PLAIN_PRESET, { missedPongs: 6 }],
  ['another ping interval and pong timeout', PLAIN_PRESET, { pingIntervalMs: 4_000, pongTimeoutMs: 700 }],
  ['a budget that counts no pings', limited(PLAIN_PRESET, { messages: 2 }), {}],
  ['two messages a second', counted({ messages: 2 }), {}],
  ['three, of which one is left for pongs', counted({ messages: 3 }), { missedPongs: 4 }],
  ['five, and six probes', counted({ messages: 5 }), { missedPongs: 6 }],
  ['twenty a second', counted({ messages: 20 }), {}],
  ['twelve in ten seconds', counted({ messages: 12, messages_window_secs: 10 }), { missedPongs: 8 }],
  ['pings as messages', limited(JSON_PRESET, { messages: 2 }), {}],
];

it.each(SETTINGS)('[L4] with %s the page promises what the engine does', async (_, preset, policy) => {
  for (const by of ['silence', 'pings'] as const) {
    await live(preset, policy, by === 'silence');
    // By pings the last pong is the latest sign of life.
    if (by === 'pings') {
      const before = rig.net.newest.pingCount;
      while (rig.net.newest.pingCount === before) await rig.clock.advance(STEP_MS);
      rig.net.newest.answer();
    }
    const promise = watchPromise(rig.view().about);
    if (promise.by !== by) throw new Error(`promised by ${promise.by}`);
    const suspectMs = await until('suspect');
    const deadMs = suspectMs + (await until('waiting'));
    expect(rig.view().state).toMatchObject({ reason: { kind: 'dead' } });
    expect(suspectMs).toBeLessThanOrEqual(promise.suspectMs + LATE_MS);
    expect(deadMs).toBeLessThanOrEqual(promise.deadMs + LATE_MS);
    expect(deadMs).toBeGreaterThan(promise.deadMs - LATE_MS);
    rig.end();
  }
});

it.each(['socket', 'address'] as const)(
  '[L4] a link that is slowed down promises the same while it is down and with its next socket: limit of the %s',
  async (messages_of) => {
    rig = new LinkRig(linkConfig({ preset: counted({ messages: 2, messages_of }) }));
    const probesMs = (): number => rig.view().about.probesMs;
    rig.net.newest.open();
    expect(probesMs()).toBe(2_100);
    rig.net.newest.end({ kind: 'closed', code: 1008, text: 'Too many requests' });
    expect(probesMs()).toBe(4_200);
    await rig.clock.advance(1_000);
    rig.net.newest.open();
    expect(probesMs()).toBe(4_200);
  },
);

it('[L4] a venue that answers no ping is promised no time to suspect: a second connection decides', async () => {
  rig = new LinkRig(linkConfig({ preset: { ...PLAIN_PRESET, ping: { kind: 'none' } }, expectsData: true }));
  rig.net.newest.open();
  for (let i = 0; i < 30; i += 1) {
    await rig.clock.advance(100);
    rig.net.newest.text('tick');
  }
  expect(watchPromise(rig.view().about)).toEqual({ by: 'second connection', comparedMs: 1_000 });
  await rig.clock.advance(1_050);
  expect(rig.net.sockets).toHaveLength(2);
  rig.net.newest.open();
  expect(rig.state).toBe('up');
});
