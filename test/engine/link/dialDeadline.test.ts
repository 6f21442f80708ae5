import { expect, it } from 'vitest';
import { awaitOpening } from '../../../src/main/engine/link/dialDeadline.ts';
import type { SessionCore } from '../../../src/main/engine/link/sessionCore.ts';
import type { Clock } from '../../../src/main/engine/ports.ts';
import { StallMeter } from '../../../src/main/engine/stall.ts';
import { Timers } from '../../../src/main/engine/timers.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

it('[H6] a dial that this machine had no time for goes on, and ends when the venue had its whole time', async () => {
  const rig = new LinkRig(linkConfig({ policy: { connectTimeoutMs: 2_000 } }));
  rig.stalled = true;
  await rig.clock.advance(3_000);
  expect(rig.state).toBe('connecting');
  rig.stalled = false;
  await rig.clock.advance(2_000);
  const reasons = rig.happenings.flatMap(({ happening }) =>
    happening.kind === 'state' && happening.to.kind === 'waiting' ? [happening.to.reason] : [],
  );
  expect(reasons).toEqual([expect.objectContaining({ kind: 'dial-timeout', limitMs: 2_000 })]);
  rig.link.remove('settings');
  await rig.clock.advance(10_000);
});

it('[L21] on a machine that stalls for 300 ms every 3 s a dial ends when the venue had its 5 s', async () => {
  const clock = new FakeClock();
  const stall = new StallMeter(clock);
  const timers = new Timers<'connect'>(clock as Clock);
  const from = clock.now();
  let endedAt: number | null = null;
  const core = { clock, stall, timers, dial: { phase: 'upgrading' }, end: () => (endedAt = clock.now()) };
  awaitOpening(core as unknown as SessionCore, from, 5_000);
  for (let i = 0; i < 10; i += 1) {
    await clock.advance(2_700);
    clock.sleep(300);
  }
  stall.stop();
  expect(endedAt).not.toBeNull();
  expect((endedAt ?? 0) - from).toBeGreaterThanOrEqual(5_250);
  expect((endedAt ?? 0) - from).toBeLessThanOrEqual(5_400);
});
