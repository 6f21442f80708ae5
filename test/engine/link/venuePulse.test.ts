import { expect, it } from 'vitest';
import { VenuePulse } from '../../../src/main/engine/link/venuePulse.ts';
import { monoMs } from '../../../src/shared/units.ts';

function beaten(onlyWhileQuiet: boolean): VenuePulse {
  const pulse = new VenuePulse();
  for (let at = 0; at <= 9_000; at += 1_000) pulse.beat(monoMs(at), onlyWhileQuiet);
  return pulse;
}

it('[H6] [L20] 5. a beat that a venue leaves out while it sends data is not overdue among data, and is after them', () => {
  const pulse = beaten(true);
  expect(pulse.overdueMs(monoMs(60_000), monoMs(59_700))).toBeNull();
  expect(pulse.overdueMs(monoMs(62_100), monoMs(59_700))).toBeNull();
  expect(pulse.overdueMs(monoMs(62_300), monoMs(59_700))).toBe(1_600);
  expect(pulse.overdueMs(monoMs(12_000), null)).toBe(2_000);
});

it('[H6] [L20] 5. one that comes whether data flow or not is overdue among them', () => {
  expect(beaten(false).overdueMs(monoMs(12_000), monoMs(11_900))).toBe(2_000);
});
