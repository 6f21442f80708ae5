import { expect, it } from 'vitest';
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
