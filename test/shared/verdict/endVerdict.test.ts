import { expect, it } from 'vitest';
import type { EndEvidence } from '../../../src/shared/verdict/endEvidence.ts';
import { verdictOfEnd } from '../../../src/shared/verdict/endVerdict.ts';

const END: EndEvidence = {
  reason: { kind: 'closed', code: 4001, text: 'silent for 30 s' },
  livedMs: 600_000,
  before: [],
  lastAnswerMs: 30_000,
  stalledMs: 0,
  wokeMs: null,
  movedMs: null,
  sameVenue: { links: 0, lost: 0 },
  otherVenues: { links: 0, lost: 0 },
  lagGrowthMs: 0,
  laggingLinks: 0,
  foreignPongs: 0,
  unansweredPings: 0,
  sentLastSec: 0,
  neverSubscribed: false,
  heartbeatMissedMs: null,
};

it('[H6] a venue that gave up a silent client is not to blame when this machine stood still, or slept', () => {
  expect(verdictOfEnd({ ...END, stalledMs: 35_000 })).toMatchObject({ cause: 'local stall', blame: 'this machine' });
  expect(verdictOfEnd({ ...END, wokeMs: 1_000 })).toMatchObject({ cause: 'sleep', blame: 'this machine' });
});

it('[H6] a stall explains no close that speaks of something else', () => {
  const restart: EndEvidence = { ...END, reason: { kind: 'closed', code: 1012, text: 'service restart' } };
  expect(verdictOfEnd({ ...restart, stalledMs: 35_000 })).toMatchObject({ cause: 'venue restart', blame: 'venue' });
  expect(verdictOfEnd(END)?.blame).not.toBe('this machine');
});

it('[H6] [L20] 21. a cut after a stall of the 2 s at which venues give up, seen a little late, is this machine’s; after a second it is not', () => {
  const cut: EndEvidence = { ...END, reason: { kind: 'cut', code: 'ECONNRESET' } };
  expect(verdictOfEnd({ ...cut, stalledMs: 1_950 })).toMatchObject({ cause: 'local stall', blame: 'this machine' });
  expect(verdictOfEnd({ ...cut, stalledMs: 1_000 })).toMatchObject({ cause: 'abnormal close', blame: 'unknown' });
});
