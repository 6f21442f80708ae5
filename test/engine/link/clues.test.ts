import { expect, it } from 'vitest';
import { openClues } from '../../../src/main/engine/link/clues.ts';
import type { SequenceCounts, SubscriptionView } from '../../../src/shared/subscriptionView.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { linkConfig, subscription } from '../../support/linkConfig.ts';

const counts = (missing: number): SequenceCounts => ({ gaps: 1, missing, duplicates: 0, reordered: 0, resets: 0 });
const watched = (name: string, missing: number): SubscriptionView => ({
  name,
  status: 'acked',
  since: monoMs(0),
  dataAt: null,
  told: false,
  retried: false,
  againAt: null,
  sequence: counts(missing),
});

const RULE = { field: 'n' } as never;
const ofAll = { ...(RULE as object), of_connection: true } as never;
const SUBSCRIPTIONS = [
  { ...subscription('a'), name: 'untold', sequence: RULE },
  { ...subscription('b'), name: 'of all', data: ['b'], sequence: ofAll },
  { ...subscription('c'), name: 'of all, too', data: ['c'], sequence: ofAll },
  { ...subscription('d'), name: 'own', data: ['d'], sequence: RULE },
];

it('[H6] [L15] a number that is missing on the whole connection is one, however many subscriptions watch it', () => {
  const clues = openClues(
    {
      now: monoMs(60_000),
      config: linkConfig({ subscriptions: SUBSCRIPTIONS }),
      dialledAt: monoMs(0),
      openedAt: monoMs(0),
      clocks: { bytesAt: null, pongAt: null, heartbeatAt: null, dataAt: monoMs(59_000) },
      silentSince: monoMs(59_000),
      wanted: 4,
      content: null,
      pulse: null,
      sent: { used: () => 0 } as never,
      foreignPongs: 0,
      unansweredPings: 0,
      sameForMs: 0,
      twice: 0,
      unproved: [],
    },
    [watched('untold', 1), watched('of all', 1), watched('of all, too', 1), watched('own', 2)],
    { provedQuiet: false, missedInARow: 0 },
  );
  expect(clues.missingNumbers).toBe(3);
});
