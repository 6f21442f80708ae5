import { expect, it } from 'vitest';
import { type EndEvidence, type OpenEvidence, verdictOfEnd, verdictsOfOpen } from '../../src/shared/verdict.ts';

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

it('[H6] [L20] 21. old messages on an open link are this machine’s doing if it stood still, or if others lag alike', () => {
  const open: OpenEvidence = {
    dataAgeMs: 10,
    dataNoticeMs: 60_000,
    pongs: 'answered',
    sameVenueFlowing: 0,
    sameVenueLinks: 0,
    provedQuiet: false,
    frozenMs: 0,
    wanted: 1,
    hasChannels: false,
    neverAcked: 0,
    silentAcked: 0,
    mutedTopics: [],
    missingNumbers: 0,
    duplicateNumbers: 0,
    lagGrowthMs: 1_800,
    laggingLinks: 0,
    stalledMs: 0,
    heartbeatMissedMs: null,
    memoryPressure: null,
    heartbeatMissedBefore: false,
  };
  expect(verdictsOfOpen(open)).toMatchObject([{ cause: 'slow consumer', blame: 'unknown', certainty: 'possible' }]);
  expect(verdictsOfOpen({ ...open, stalledMs: 400 })).toMatchObject([{ blame: 'unknown' }]);
  const evidence = ['messages are 1.8 s older than they usually are', 'this machine stood still for 2.0 s just before'];
  expect(verdictsOfOpen({ ...open, stalledMs: 2_000 })).toEqual([
    { cause: 'slow consumer', blame: 'this machine', certainty: 'likely', evidence },
  ]);
  expect(verdictsOfOpen({ ...open, laggingLinks: 1 })).toMatchObject([{ blame: 'this machine' }]);
  expect(verdictsOfOpen({ ...open, stalledMs: 2_000, lagGrowthMs: 0 })).toEqual([]);
});
