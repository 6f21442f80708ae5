import { expect, it } from 'vitest';
import { type OpenEvidence, verdictsOfOpen } from '../../../src/shared/verdict/openVerdict.ts';

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
