import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { PresetSchema } from '../../../src/shared/preset.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

let rig: LinkRig;
afterEach(() => rig.end());

const link = (change: Parameters<typeof linkConfig>[0] = {}): LinkConfig =>
  linkConfig({ expectsData: true, ...change });

/** A live link: a message every `everyMs`, and every ping answered at once. */
async function live(everyMs: number, messages: number): Promise<void> {
  rig.net.newest.answer();
  for (let i = 0; i < messages; i += 1) {
    const before = rig.net.newest.pingCount;
    await rig.clock.advance(everyMs);
    if (rig.net.newest.pingCount > before) rig.net.newest.answer();
    rig.net.newest.text('tick');
  }
}

/** Milliseconds until the link first was in this state. */
async function until(kind: string, limitMs = 60_000): Promise<number> {
  const from = rig.clock.now();
  while (rig.state !== kind && rig.clock.now() - from < limitMs) await rig.clock.advance(10);
  return rig.clock.now() - from;
}

it('[L4] a black-holed live link is suspect within 1.2 s and dead within 3.3 s on default settings', async () => {
  rig = new LinkRig(link());
  rig.net.newest.open();
  await live(100, 300);
  expect(rig.link.figures.view().about).toMatchObject({ silenceLimitMs: 1_000, pongLimitMs: 1_000 });
  const suspectMs = await until('suspect');
  expect(suspectMs).toBeLessThanOrEqual(1_200);
  expect(rig.link.figures.view().state).toMatchObject({ why: 'silence' });
  const deadMs = suspectMs + (await until('waiting'));
  expect(deadMs).toBeLessThanOrEqual(3_300);
  expect(rig.link.figures.view().state).toMatchObject({ reason: { kind: 'dead' } });
});

it('[L4] over random rates the documented worst case holds: silence limit + 20 ms to suspect, 1 s + T more to dead', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 20, max: 2_000 }),
      fc.integer({ min: 20, max: 60 }),
      async (everyMs, messages) => {
        rig = new LinkRig(link());
        rig.net.newest.open();
        await live(everyMs, messages);
        await rig.clock.advance(0);
        const { silenceLimitMs, pongLimitMs } = rig.link.figures.view().about;
        expect(silenceLimitMs).toBe(Math.max(1_000, 3 * everyMs));
        const suspectMs = await until('suspect');
        // A ping that was due in the silence may be missed first.
        expect(suspectMs).toBeLessThanOrEqual((silenceLimitMs ?? 0) + 20);
        const deadMs = await until('waiting');
        expect(deadMs).toBeLessThanOrEqual(1_000 + (pongLimitMs ?? 0) + 20);
        rig.end();
      },
    ),
    { numRuns: 300 },
  );
});

it('[L4] a silence that a probe shows to be harmless is no alarm twice: the limit doubles until a frame comes', async () => {
  rig = new LinkRig(link());
  rig.net.newest.open();
  await live(100, 300);
  await until('suspect');
  rig.net.newest.answer();
  expect(rig.state).toBe('up');
  expect(await until('suspect')).toBeGreaterThanOrEqual(1_990);
  rig.net.newest.answer();
  rig.net.newest.text('tick');
  expect(rig.link.figures.view().about.silenceLimitMs).toBeGreaterThan(1_000);
});

it('[L4] a frame ends a suspicion that was only of silence', async () => {
  rig = new LinkRig(link());
  rig.net.newest.open();
  await live(100, 300);
  await until('suspect');
  rig.net.newest.text('tick');
  expect(rig.state).toBe('up');
});

it('[L4] under 20 messages nothing is learned, and a quiet venue is not suspected', async () => {
  rig = new LinkRig(link({ policy: { dataTimeoutMs: 3_600_000 } }));
  rig.net.newest.open();
  await live(100, 15);
  expect(rig.link.figures.view().about.silenceLimitMs).toBeNull();
  await rig.answering(120_000);
  expect(rig.kinds()).not.toContain('suspect');
});

it('[L4] across a stall of this machine nothing is decided: the grace starts anew', async () => {
  rig = new LinkRig(link());
  rig.net.newest.open();
  await live(100, 300);
  rig.stalled = true;
  await rig.clock.advance(1_500);
  expect(rig.state).toBe('up');
  rig.stalled = false;
  expect(await until('suspect')).toBeLessThanOrEqual(1_100);
});

it('[L16] a link that was suspect for its silence before this machine slept is not up again by what had waited in a queue', async () => {
  rig = new LinkRig(link());
  rig.net.newest.open();
  await live(100, 300);
  await until('suspect');
  rig.clock.sleep(60_000);
  rig.link.wake();
  for (let i = 0; i < 200; i += 1) rig.net.newest.text(`{"s":"BTC","x":"${'y'.repeat(80)}"}`);
  rig.net.newest.venuePing();
  expect(rig.state).toBe('suspect');
  await rig.clock.advance(500);
  rig.net.newest.answer();
  expect(rig.state).toBe('up');
});

it('[L2] a venue that answers no ping and goes silent is compared with a second connection, which takes over if it flows', async () => {
  const preset = PresetSchema.parse({ venue: 'Mute', source: 'test', facts_as_of: '2026-11', ping: { kind: 'none' } });
  rig = new LinkRig(link({ preset }));
  rig.net.newest.open();
  for (let i = 0; i < 60; i += 1) {
    await rig.clock.advance(100);
    rig.net.newest.text('tick');
  }
  await rig.clock.advance(1_100);
  expect(rig.net.sockets.length).toBe(2);
  expect(rig.state).toBe('up');
  rig.net.newest.open();
  rig.net.newest.text('tick');
  expect(rig.link.figures.view().about.generation).toBe(2);
});
