import type { EndEvidence } from '../../src/shared/verdict/endEvidence.ts';

const NONE = { links: 0, lost: 0, flowing: 0, lagging: 0 };

/** The end of a socket of the only link there is, which ran well for ten minutes. */
export const END: EndEvidence = {
  reason: { kind: 'closed', code: 4001, text: 'silent for 30 s' },
  livedMs: 600_000,
  closeClass: null,
  before: [],
  lastAnswerMs: 30_000,
  stalledMs: 0,
  wokeMs: null,
  movedMs: null,
  sameVenue: NONE,
  otherVenues: NONE,
  lagGrowthMs: 0,
  pongs: true,
  refused403: 'credentials',
  foreignPongs: 0,
  unansweredPings: 0,
  sentLastSec: 0,
  neverSubscribed: false,
  heartbeatMissedMs: null,
};
