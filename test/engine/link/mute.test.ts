import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const UNREACHABLE = { kind: 'refused', address: 'x', code: 'ECONNREFUSED' } as const;
const GONE = { kind: 'closed', code: 1006, text: '' } as const;

/** A venue that answers no ping, and allows so many connections. */
function mute(sockets?: number, change: Parameters<typeof linkConfig>[0] = {}): LinkConfig {
  const limits = sockets === undefined ? {} : { sockets };
  const facts = { venue: 'Mute', source: 'test', facts_as_of: '2026-11', ping: { kind: 'none' }, limits };
  return linkConfig({ preset: PresetSchema.parse(facts), expectsData: true, ...change });
}

/** A message every 100 ms: from 20 of them on the learned silence is 1 s. */
async function flowing(messages = 60): Promise<void> {
  rig.net.newest.open();
  for (let i = 0; i < messages; i += 1) {
    await rig.clock.advance(100);
    rig.net.newest.text('tick');
  }
}

/** Every dial but the first fails at once. Answers when each of them did, ms. */
async function nothingElse(ms: number): Promise<readonly number[]> {
  const failedAt: number[] = [];
  const from = rig.net.sockets.length;
  const ended = new Set(rig.net.sockets.slice(0, from));
  for (let passed = 0; passed < ms; passed += 50) {
    for (const socket of rig.net.open) {
      if (ended.has(socket)) continue;
      ended.add(socket);
      failedAt.push(passed);
      socket.end(UNREACHABLE);
    }
    await rig.clock.advance(50);
  }
  return failedAt;
}

const view = () => rig.link.figures.view();

it('[L2] [L4] a failed witness is asked for again while the silence lasts, and the link is suspect until one flows', async () => {
  rig = new LinkRig(mute());
  await flowing();
  const first = rig.net.sockets.length;
  await nothingElse(2_200);
  expect(view()).toMatchObject({ state: { kind: 'suspect', why: 'silence' }, health: { level: 'degraded' } });
  await nothingElse(3_000);
  expect(rig.net.sockets.length).toBeGreaterThanOrEqual(first + 3);
  while (rig.net.open.length === 1) await rig.clock.advance(50);
  rig.net.newest.open();
  rig.net.newest.text('tick');
  expect(rig.state).toBe('up');
  expect(view().about.generation).toBe(rig.net.sockets.length);
});

it('[L2] [L4] each silence has its second connections after 1 s, 2 s and 4 s, however many could not be had before', async () => {
  rig = new LinkRig(mute(undefined, { policy: { dataTimeoutMs: 300_000, breakerFailures: 0 } }));
  await flowing(2_500);
  const first = rig.net.newest;
  for (let blip = 0; blip < 2; blip += 1) {
    const [begun = 0, ...further] = await nothingElse(34_000);
    expect(further.slice(0, 3).map((ms) => ms - begun)).toEqual([1_000, 3_000, 7_000]);
    for (let i = 0; i < 600; i += 1) {
      await rig.clock.advance(100);
      first.text('tick');
    }
  }
});

it('[L4] a frame ends the suspicion, and what was planned for a longer silence', async () => {
  rig = new LinkRig(mute(1));
  await flowing();
  await rig.clock.advance(1_100);
  expect(rig.state).toBe('suspect');
  rig.net.newest.text('tick');
  expect(rig.state).toBe('up');
  for (let i = 0; i < 200; i += 1) {
    await rig.clock.advance(100);
    rig.net.newest.text('tick');
  }
  expect(rig.state).toBe('up');
  expect(rig.net.sockets.length).toBe(1);
});

it('[L2] [L4] where the venue allows one connection the silent link is suspect at once, and where no data are expected another takes its place after the data timeout', async () => {
  rig = new LinkRig(mute(1, { expectsData: false, policy: { dataTimeoutMs: 10_000 } }));
  await flowing();
  await rig.clock.advance(1_100);
  expect(view()).toMatchObject({ state: { kind: 'suspect' }, health: { level: 'degraded' } });
  await rig.clock.advance(8_500);
  expect(rig.net.newest.closedWith).toBeNull();
  await rig.clock.advance(500);
  expect(rig.net.newest.closedWith).toBe(1000);
  await rig.clock.advance(1_200);
  expect(rig.net.sockets.length).toBe(2);
  expect(rig.net.sockets[0]?.isCut).toBe(true);
  expect(rig.lost.at(-1)?.reason).toMatchObject({ kind: 'dead', missed: 0 });
});

it('[L4] a witness that is still being dialled when the silence is given up becomes the link’s own dial', async () => {
  rig = new LinkRig(
    mute(undefined, { expectsData: false, policy: { connectTimeoutMs: 60_000, dataTimeoutMs: 10_000 } }),
  );
  await flowing();
  await rig.clock.advance(12_500);
  expect(rig.net.sockets.length).toBe(2);
  expect(rig.state).toBe('connecting');
  rig.net.newest.open();
  rig.net.newest.text('tick');
  expect(rig.state).toBe('up');
});

it('[L4] [L5] a market that closes is no reason for a new socket before the data timeout', async () => {
  rig = new LinkRig(mute(1, { policy: { dataTimeoutMs: 300_000 } }));
  await flowing();
  await rig.clock.advance(290_000);
  expect(rig.state).toBe('suspect');
  expect(rig.net.sockets.length).toBe(1);
  rig.net.newest.text('tick');
  expect(rig.state).toBe('up');
});

it('[L4] time in which this machine stood still does not end a silent link', async () => {
  rig = new LinkRig(mute(1));
  await flowing();
  await rig.clock.advance(5_000);
  rig.stalled = true;
  await rig.clock.advance(30_000);
  expect(rig.net.newest.closedWith).toBeNull();
  rig.stalled = false;
});

it.each(['wake', 'networkChanged'] as const)(
  '[L16] after a sleep or on a new network (%s) a second connection is the witness of a venue that answers no ping, also before its gaps are learned',
  async (news) => {
    rig = new LinkRig(mute());
    await flowing(10);
    rig.clock.sleep(60_000);
    rig.link[news]();
    expect(rig.net.sockets.length).toBe(2);
    rig.net.newest.open();
    rig.net.newest.text('tick');
    expect(view()).toMatchObject({ state: { kind: 'up' }, about: { generation: 2 } });
  },
);

it('[L16] on a new network the link is suspect when its witness has failed, and trusted where none may be dialled', async () => {
  rig = new LinkRig(mute());
  await flowing(10);
  rig.link.networkChanged();
  expect(rig.state).toBe('up');
  rig.net.newest.end(UNREACHABLE);
  await nothingElse(1_100);
  expect(view().state).toMatchObject({ kind: 'suspect', why: 'wake' });
  rig.end();
  rig = new LinkRig(mute(1));
  await flowing(10);
  rig.link.networkChanged();
  await rig.clock.advance(5_000);
  expect(rig.state).toBe('up');
});

it('[L16] where one connection is allowed the link is suspect after a sleep until a frame comes', async () => {
  rig = new LinkRig(mute(1));
  await flowing();
  rig.link.wake();
  expect(view().state).toMatchObject({ kind: 'suspect', why: 'wake' });
  rig.net.newest.text('tick');
  expect(rig.state).toBe('up');
  rig.net.newest.end(GONE);
});
