import { expect, it } from 'vitest';
import { type OpenEvidence, verdictsOfOpen } from '../../../src/shared/verdict/openVerdict.ts';
import type { Blame } from '../../../src/shared/verdict/verdict.ts';

const NONE = { links: 0, lost: 0, flowing: 0, lagging: 0 };

const OPEN: OpenEvidence = {
  silentMs: 10,
  dataNoticeMs: 60_000,
  pongs: 'answered',
  sameVenue: NONE,
  otherVenues: NONE,
  provedQuiet: false,
  frozenMs: 0,
  sameForMs: 0,
  wanted: 1,
  hasChannels: false,
  refused: 0,
  neverAcked: 0,
  silentAcked: 0,
  mutedTopics: [],
  missingNumbers: 0,
  duplicateNumbers: 0,
  duplicateMessages: 0,
  lagGrowthMs: 0,
  stalledMs: 0,
  heartbeatMissedMs: null,
  memoryPressure: null,
  heartbeatMissedBefore: false,
};

it('[H6] [L20] 21. old messages on an open link are this machine’s doing if it stood still, or if others lag alike', () => {
  const open: OpenEvidence = { ...OPEN, lagGrowthMs: 1_800 };
  expect(verdictsOfOpen(open)).toMatchObject([{ cause: 'slow consumer', blame: 'unknown', certainty: 'possible' }]);
  expect(verdictsOfOpen({ ...open, stalledMs: 400 })).toMatchObject([{ blame: 'unknown' }]);
  const evidence = ['messages are 1.8 s older than they usually are', 'this machine stood still for 2.0 s just before'];
  expect(verdictsOfOpen({ ...open, stalledMs: 2_000 })).toEqual([
    { cause: 'slow consumer', blame: 'this machine', certainty: 'likely', evidence },
  ]);
  const lagging = { links: 1, lost: 0, flowing: 1, lagging: 1 };
  expect(verdictsOfOpen({ ...open, otherVenues: lagging })).toMatchObject([{ blame: 'this machine' }]);
  expect(verdictsOfOpen({ ...open, sameVenue: lagging })).toMatchObject([{ blame: 'venue', certainty: 'likely' }]);
  expect(verdictsOfOpen({ ...open, sameVenue: { ...lagging, links: 2 } })).toMatchObject([{ blame: 'unknown' }]);
  expect(verdictsOfOpen({ ...open, stalledMs: 2_000, lagGrowthMs: 0 })).toEqual([]);
});

it('[H6] [L20] 17. missing numbers are this machine’s doing where it read too slowly, else the venue’s', () => {
  const gap: OpenEvidence = { ...OPEN, missingNumbers: 1 };
  expect(verdictsOfOpen(gap)).toMatchObject([{ cause: 'sequence gap', blame: 'venue', certainty: 'likely' }]);
  expect(verdictsOfOpen({ ...gap, stalledMs: 2_000 })).toMatchObject([{ blame: 'this machine' }]);
});

it('[H6] [L20] 17. 21. late messages some of which are missing are one doing, whatever of the two it is told by', () => {
  const late: OpenEvidence = { ...OPEN, missingNumbers: 1, lagGrowthMs: 1_800 };
  const blames = (facts: OpenEvidence) => verdictsOfOpen(facts).map(({ cause, blame }) => [cause, blame]);
  const lagging = { links: 1, lost: 0, flowing: 1, lagging: 1 };
  const both = (blame: Blame) => [
    ['sequence gap', blame],
    ['slow consumer', blame],
  ];
  expect(blames({ ...late, stalledMs: 2_000 })).toEqual(both('this machine'));
  expect(blames({ ...late, otherVenues: lagging })).toEqual(both('this machine'));
  expect(blames({ ...late, sameVenue: lagging })).toEqual(both('venue'));
  expect(verdictsOfOpen(late)).toMatchObject([
    { cause: 'sequence gap', blame: 'venue', certainty: 'possible' },
    { cause: 'slow consumer', blame: 'unknown', certainty: 'possible' },
  ]);
  expect(verdictsOfOpen({ ...late, sameVenue: lagging })[0]?.evidence).toEqual([
    '1 message number is missing; resync needed',
    'its messages are late, too',
    '1 other link lags alike, 0 of them to other venues',
  ]);
});

it('[H6] [L20] 1. that pings are answered is said only where they are', () => {
  const silent: OpenEvidence = { ...OPEN, silentMs: 70_000 };
  expect(verdictsOfOpen(silent)[0]?.evidence).toEqual(['no data for 70.0 s', 'pings answered']);
  expect(verdictsOfOpen({ ...silent, pongs: 'none' })[0]?.evidence).toEqual(['no data for 70.0 s']);
});

it('[H6] [L20] 2. the same message again and again is a replay, less sure than by stamps, which outrank it', () => {
  const of = (change: Partial<OpenEvidence>) => verdictsOfOpen({ ...OPEN, ...change });
  expect(of({ sameForMs: 60_000 })).toEqual([]);
  expect(of({ sameForMs: 61_000 })).toMatchObject([
    {
      cause: 'stale replay',
      blame: 'venue',
      certainty: 'possible',
      evidence: ['messages come, but those of one subscription have been the same for 61.0 s'],
    },
  ]);
  expect(of({ sameForMs: 61_000, frozenMs: 61_000 })).toMatchObject([{ cause: 'stale replay', certainty: 'likely' }]);
});

it('[H6] [L20] 13. messages that came twice by their identity are a duplicate delivery', () => {
  const evidence = (change: Partial<OpenEvidence>) => verdictsOfOpen({ ...OPEN, ...change }).map((one) => one.evidence);
  expect(evidence({ duplicateMessages: 2 })).toEqual([['2 messages came twice']]);
  expect(evidence({ duplicateMessages: 2, duplicateNumbers: 1 })).toEqual([['1 message number came twice']]);
});

it('[H6] one of a thing is not said as many', () => {
  const said = (n: number) =>
    verdictsOfOpen({ ...OPEN, silentAcked: n, neverAcked: n, duplicateNumbers: n, missingNumbers: n })
      .flatMap(({ evidence }) => evidence)
      .sort();
  expect(said(1)).toEqual([
    '1 message number came twice',
    '1 message number is missing; resync needed',
    '1 subscription acknowledged, and no data of it',
    '1 subscription never acknowledged',
  ]);
  expect(said(2)).toEqual([
    '2 message numbers are missing; resync needed',
    '2 message numbers came twice',
    '2 subscriptions acknowledged, and no data of them',
    '2 subscriptions never acknowledged',
  ]);
});

it('[H6] [L9] where the venue has refused, or not acknowledged, all that is wanted, that is why nothing comes', () => {
  const silent: OpenEvidence = { ...OPEN, silentMs: 61_000, wanted: 2, sameVenue: { ...NONE, links: 1, flowing: 1 } };
  expect(verdictsOfOpen(silent)).toMatchObject([{ cause: 'feed stalled', certainty: 'sure' }]);
  expect(verdictsOfOpen({ ...silent, refused: 2 })).toEqual([
    {
      cause: 'not subscribed',
      blame: 'our settings',
      certainty: 'likely',
      evidence: ['2 of 2 subscriptions refused by the venue'],
    },
  ]);
  expect(verdictsOfOpen({ ...silent, neverAcked: 2 }).map(({ cause }) => cause)).toEqual(['ack missing']);
  expect(verdictsOfOpen({ ...silent, refused: 1 }).map(({ cause }) => cause)).toEqual([
    'not subscribed',
    'feed stalled',
  ]);
});
