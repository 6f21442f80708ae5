import { expect, it } from 'vitest';
import { Ledger } from '../../../src/main/engine/link/ledger.ts';
import { monoMs } from '../../../src/shared/units.ts';

/** The rate after looks at these moments, each with all messages so far; every one of them is looked at. */
function rateAfter(...looks: readonly [atMs: number, messages: number][]): number {
  const ledger = new Ledger(monoMs(0));
  let lookedAt = 0;
  for (const [atMs, messages] of looks) {
    ledger.tick(monoMs(atMs), messages, monoMs(lookedAt));
    lookedAt = atMs;
  }
  return ledger.counters({ bytesIn: 0, bytesOut: 0, messages: 0, dataMessages: 0 }, 0).messagesPerSec;
}

it('[H3] ten messages a second are ten, also where a look came too soon to count by', () => {
  expect(rateAfter([1_000, 10], [2_000, 20])).toBe(10);
  expect(rateAfter([400, 4], [1_400, 14])).toBe(10);
  expect(rateAfter([1_000, 10], [1_400, 14], [2_400, 24])).toBe(10);
  expect(rateAfter([1_000, 10], [1_300, 13], [1_450, 14], [2_000, 20])).toBe(10);
});

it('[H3] a link that rested is counted from its last look, whenever the next ones come', () => {
  const ledger = new Ledger(monoMs(0));
  const rate = () => ledger.counters({ bytesIn: 0, bytesOut: 0, messages: 0, dataMessages: 0 }, 0).messagesPerSec;
  ledger.tick(monoMs(1_000), 0, monoMs(0));
  expect(ledger.isQuiet).toBe(true);
  ledger.tick(monoMs(60_400), 4, monoMs(60_000));
  expect(ledger.isQuiet).toBe(false);
  ledger.tick(monoMs(61_000), 10, monoMs(60_400));
  expect(rate()).toBe(10);
});
