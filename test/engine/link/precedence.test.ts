import { afterEach, expect, it } from 'vitest';
import type { LinkConfig, Policy } from '../../../src/shared/engineConfig.ts';
import type { Preset } from '../../../src/shared/preset.ts';
import { JSON_PRESET, linkConfig, subscription } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const limited = (limits: Partial<Preset['limits']>): Preset => ({
  ...JSON_PRESET,
  ping: { kind: 'protocol' },
  limits: { ...JSON_PRESET.limits, pings_count: true, ...limits },
});

function configOf(limits: Partial<Preset['limits']>, policy: Partial<Policy>): LinkConfig {
  const subscriptions = Array.from({ length: 100 }, (_, i) => subscription(`S${i}`));
  return linkConfig({ preset: limited(limits), subscriptions, expectsData: true, policy });
}

/** A link with a hundred subscriptions at a venue that acks and answers at once, and sends data of one of them. */
async function restoring(limits: Partial<Preset['limits']>, ms: number, policy: Partial<Policy> = {}): Promise<void> {
  rig = new LinkRig(configOf(limits, policy));
  rig.net.newest.open();
  await venue(ms);
}

async function venue(ms: number): Promise<void> {
  const socket = rig.net.newest;
  let [heard, pings] = [0, 0];
  for (let passed = 0; passed < ms; passed += 50) {
    for (const text of socket.sent.slice(heard)) socket.text(`{"op":"subscribed","id":${JSON.parse(text).id}}`);
    heard = socket.sent.length;
    if (socket.pings.length > pings) socket.answer();
    pings = socket.pings.length;
    socket.text(`{"s":"S0","x":"${'y'.repeat(80)}"}`);
    await rig.clock.advance(50);
  }
}

async function untilGone(): Promise<number> {
  const from = rig.clock.now();
  while (rig.state !== 'waiting') await rig.clock.advance(50);
  return rig.clock.now() - from;
}

it.each([
  [1, 8],
  [2, 16],
  [5, 55],
])(
  '[L2] [L9] pings go out while a hundred subscriptions wait for a budget of %i a second, and both make their way',
  async (messages, subscribed) => {
    await restoring({ messages }, 20_000);
    const { pings, sent } = rig.net.newest;
    expect(pings.length).toBeGreaterThanOrEqual(8);
    expect(sent.length).toBeGreaterThanOrEqual(subscribed);
  },
);

it.each([2, 5])(
  '[L4] a venue that vanishes while subscriptions wait for %i a second is dead in time',
  async (messages) => {
    await restoring({ messages }, 10_000);
    // Silence of 1 s, a wait for the first probe, two more at half of the budget, and T of 1 s.
    expect(await untilGone()).toBeLessThan(1_000 + 4 * 1_050 + 1_000);
  },
);

it.each(['socket', 'address'] as const)(
  '[L4] [L9] what waited for its place while the link was suspect is sent when it answers again: limit of the %s',
  async (messages_of) => {
    await restoring({ messages: 5, messages_of }, 5_000);
    while (rig.state !== 'suspect') await rig.clock.advance(50);
    const before = rig.net.newest.sent.length;
    await rig.clock.advance(1_000);
    expect(rig.net.newest.sent.length).toBe(before);
    await venue(30_000);
    expect(rig.net.newest.sent.length).toBe(100);
  },
);

it.each(['socket', 'address'] as const)(
  '[L9] after a complaint a link sends half as fast: limit of the %s',
  async (messages_of) => {
    await restoring({ messages: 5, messages_of }, 1_000, { warmupPings: 0 });
    rig.net.newest.end({ kind: 'closed', code: 1008, text: 'Too many requests' });
    while (rig.net.sockets.length === 1) await rig.clock.advance(1_000);
    rig.net.newest.open();
    const { sent } = rig.net.newest;
    await rig.clock.advance(2_000);
    const first = sent.length;
    expect(first).toBeLessThanOrEqual(5);
    await venue(21_000);
    expect(sent.length - first).toBeGreaterThan(35);
    expect(sent.length - first).toBeLessThanOrEqual(50);
  },
);

it('[L9] a ping that gives up its place because the settings changed holds nothing back', async () => {
  for (let afterMs = 16_000; afterMs < 17_500; afterMs += 250) {
    await restoring({ messages: 1 }, afterMs, { warmupPings: 0 });
    rig.link.configure(configOf({ messages: 1 }, { warmupPings: 0, pingIntervalMs: 14_000 }));
    const before = rig.net.newest.sent.length;
    await venue(5_000);
    expect(rig.net.newest.sent.length).toBeGreaterThanOrEqual(before + 4);
    rig.end();
  }
});
