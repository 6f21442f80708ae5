import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rotateInMs } from '../../../src/main/engine/link/rotation.ts';
import { parseWindow } from '../../../src/main/settings/rotationWindow.ts';
import { wallMs } from '../../../src/shared/units.ts';
import { minuteOfWeek } from '../../../src/shared/weekWindow.ts';

const HOUR = 3_600_000;
/** A Wednesday, 12:00 UTC. */
const WEDNESDAY_NOON = wallMs(Date.UTC(2026, 10, 18, 12));

it('[L12] without windows a socket is rotated at its age, or before the venue cuts it', () => {
  expect(rotateInMs(0, 23 * HOUR, null, [], 'UTC', WEDNESDAY_NOON)).toBe(23 * HOUR);
  expect(rotateInMs(20 * HOUR, 23 * HOUR, null, [], 'UTC', WEDNESDAY_NOON)).toBe(3 * HOUR);
  expect(rotateInMs(0, 48 * HOUR, 24 * HOUR, [], 'UTC', WEDNESDAY_NOON)).toBe(24 * HOUR - 600_000);
  expect(rotateInMs(0, 0, 24 * HOUR, [], 'UTC', WEDNESDAY_NOON)).toBe(24 * HOUR - 600_000);
  expect(rotateInMs(0, 0, null, [], 'UTC', WEDNESDAY_NOON)).toBeNull();
});

it('[L12] windows are the user’s own time, weekdays too', () => {
  const windows = parseWindow('Wed 21:00-22:00') ?? [];
  const inBerlin = rotateInMs(0, 23 * HOUR, null, windows, 'Europe/Berlin', WEDNESDAY_NOON) ?? 0;
  // 21:00 to 22:00 in Berlin is 20:00 to 21:00 UTC.
  expect(inBerlin).toBeGreaterThanOrEqual(8 * HOUR);
  expect(inBerlin).toBeLessThan(9 * HOUR);
  const never = parseWindow('Sun 03:00-04:00') ?? [];
  expect(rotateInMs(0, 23 * HOUR, null, never, 'UTC', WEDNESDAY_NOON)).toBe(23 * HOUR);
});

it('[L12] over random windows it is always inside one if one lies before the age, and never after it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_079 }),
      fc.integer({ min: 5, max: 600 }),
      fc.integer({ min: 1, max: 100 }),
      (fromMinute, lengthMinutes, ageHours) => {
        const windows = [{ fromMinute, untilMinute: Math.min(10_080, fromMinute + lengthMinutes) }];
        const inMs = rotateInMs(0, ageHours * HOUR, null, windows, 'UTC', WEDNESDAY_NOON) ?? -1;
        expect(inMs).toBeGreaterThanOrEqual(0);
        expect(inMs).toBeLessThanOrEqual(ageHours * HOUR);
        const at = minuteOfWeek(wallMs(WEDNESDAY_NOON + inMs), 'UTC');
        const inside = at >= fromMinute && at < (windows[0]?.untilMinute ?? 0);
        if (!inside) expect(inMs).toBe(ageHours * HOUR);
      },
    ),
    { numRuns: 300 },
  );
});

it('[C2] windows are read with their days, over midnight too, and what is none is refused', () => {
  expect(parseWindow('Mon-Wed 09:00-10:00')).toEqual([
    { fromMinute: 540, untilMinute: 600 },
    { fromMinute: 1_980, untilMinute: 2_040 },
    { fromMinute: 3_420, untilMinute: 3_480 },
  ]);
  expect(parseWindow('Sun 23:00-01:00')).toEqual([
    { fromMinute: 10_020, untilMinute: 10_080 },
    { fromMinute: 0, untilMinute: 60 },
  ]);
  expect(parseWindow('daily 04:00-05:00')).toHaveLength(7);
  for (const text of ['Mon', 'Mun 09:00-10:00', 'Mon 9-10', 'Mon 25:00-26:00', 'Mon 09:00-09:00', '']) {
    expect(parseWindow(text), text).toBeNull();
  }
});
