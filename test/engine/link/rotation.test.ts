import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { rotateInMs } from '../../../src/main/engine/link/rotation.ts';
import { parseWindow } from '../../../src/main/settings/rotationWindow.ts';
import { wallMs } from '../../../src/shared/units.ts';
import { isInWindow, minuteOfWeek } from '../../../src/shared/weekWindow.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

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

it.each([
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 1)],
  ['Europe/Berlin', Date.UTC(2026, 2, 29, 1)],
  ['America/New_York', Date.UTC(2026, 10, 1, 6)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4, 15)],
])(
  '[L12] in the nights in which clocks change in %s it is the last minute of a window by that clock',
  (zone, change) => {
    const quarters = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(quarters, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 700, max: 1_100 }), (at, lasts, age) => {
        const from = wallMs(change - 12 * HOUR);
        const minuteAt = (minutes: number) => minuteOfWeek(wallMs(from + minutes * 60_000), zone);
        const fromMinute = minuteAt(720 + at * 15);
        const windows = [{ fromMinute, untilMinute: fromMinute + lasts }];
        let last = age;
        while (last >= 0 && !isInWindow(windows, minuteAt(last))) last -= 1;
        expect(rotateInMs(0, age * 60_000, null, windows, zone, from)).toBe((last < 0 ? age : last) * 60_000);
      }),
      { numRuns: 60 },
    );
  },
);

it('[L12] a window in the night in which Berlin’s clocks go back is met, not its hour before', () => {
  const opened = wallMs(Date.UTC(2026, 9, 24, 3));
  const inMs = rotateInMs(0, 23 * HOUR, null, parseWindow('Sun 03:00-03:30') ?? [], 'Europe/Berlin', opened) ?? 0;
  expect(minuteOfWeek(wallMs(opened + inMs), 'Europe/Berlin')).toBe(6 * 1440 + 180);
});

describe('a rotation in a window of an hour, the last one before its age of a day,', () => {
  let rig: LinkRig;
  afterEach(() => rig.end());

  /** Up; the window begins so many hours later. */
  async function up(hours: number): Promise<void> {
    const fromMinute = minuteOfWeek(wallMs(new FakeClock().wall() + hours * HOUR), 'UTC');
    const rotationWindows = [{ fromMinute, untilMinute: fromMinute + 60 }];
    rig = new LinkRig(linkConfig({ rotationWindows, policy: { rotateAfterMs: 24 * HOUR, pingIntervalMs: 60_000 } }));
    await rig.openAndAnswer();
  }

  /** Lets so many hours pass and answers whether another socket was dialled. */
  async function rotatesWithin(hours: number): Promise<boolean> {
    for (let passed = 0; passed < hours * HOUR; passed += 500) {
      await rig.clock.advance(500);
      rig.net.sockets[0]?.answer();
    }
    return rig.net.sockets.length > 1;
  }

  it('[L12] is planned anew at its time when the wall clock was set back before', async () => {
    await up(2);
    rig.clock.setWall(-2 * HOUR);
    expect(await rotatesWithin(3.9)).toBe(false);
    expect(await rotatesWithin(1.1)).toBe(true);
  });

  it('[L12] is made outside of it when the clock was set forward beyond it, and not before the age', async () => {
    await up(2);
    rig.clock.setWall(2 * HOUR);
    expect(await rotatesWithin(23.9)).toBe(false);
    expect(await rotatesWithin(0.2)).toBe(true);
  });

  it('[L12] is made at its time by a clock that runs a minute fast', async () => {
    await up(2);
    rig.clock.setWall(65_000);
    expect(await rotatesWithin(3)).toBe(true);
  });

  it('[L12] [L16] is planned anew after a sleep', async () => {
    await up(10);
    rig.clock.setWall(8 * HOUR);
    rig.link.wake();
    expect(await rotatesWithin(2)).toBe(false);
    expect(await rotatesWithin(1)).toBe(true);
  });
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
  for (const text of [
    'Mon',
    'Mun 09:00-10:00',
    'Mon 9-10',
    'Mon 25:00-26:00',
    'Mon 09:00-09:00',
    'Mon-Wed-Fri 10:00-11:00',
    'daily 24:00-0:00',
    'Mon 24:00-01:00',
    '',
  ]) {
    expect(parseWindow(text), text).toBeNull();
  }
});
