import { expect, it } from 'vitest';
import { followPool, newPoolTrack, type OriginSight } from '../../src/shared/poolDrill.ts';
import { monoMs } from '../../src/shared/units.ts';

const WHOLE: OriginSight = {
  state: { kind: 'warm' },
  ready: 2,
  active: 0,
  wanted: 2,
  idleLimit: { ms: 3_000, source: 'setting', closes: 0 },
  lastWarmMs: 5,
  closedByPeer: 7,
};

it('[D6] sockets that were cut at once and told in two frames are one loss, of all of them', () => {
  const subject = { origin: 'demo://rest', before: WHOLE, startAt: monoMs(0), slowerMs: null };
  const one = followPool(newPoolTrack(subject), { ...WHOLE, ready: 1, closedByPeer: 8 }, monoMs(250));
  const both = followPool(one, { ...WHOLE, ready: 0, closedByPeer: 9 }, monoMs(500));
  expect(both.marks.lost).toEqual({ ms: 250, text: '2 closed by the venue' });
  expect(followPool(both, { ...WHOLE, closedByPeer: 9 }, monoMs(750)).marks['ready-again']?.ms).toBe(750);
});
