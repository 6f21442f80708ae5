import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RttWindows } from '../../../src/main/engine/link/rtt.ts';
import { monoMs } from '../../../src/shared/units.ts';

const WINDOW_MS = { '1m': 60_000, '5m': 300_000, '1h': 3_600_000 } as const;
const SLICE_MS = { '1m': 1_000, '5m': 5_000, '1h': 60_000 } as const;

it('[H1] a window holds every sample younger than its length less a slice, and none older than its length', () => {
  const gaps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 1, max: 5_000 })), {
    minLength: 1,
    maxLength: 80,
  });
  fc.assert(
    fc.property(gaps, fc.constantFrom(0, 511, 512, 700), (steps, before) => {
      const windows = new RttWindows();
      const times: number[] = [];
      let now = 50_000;
      for (let i = 0; i < before; i += 1) {
        now += 10;
        windows.add(1, monoMs(now));
        times.push(now);
      }
      for (const [gapMs, rttMs] of steps) {
        now += gapMs;
        windows.add(rttMs, monoMs(now));
        times.push(now);
      }
      for (const window of ['1m', '5m', '1h'] as const) {
        const count = windows.percentiles(window, monoMs(now))?.count ?? 0;
        const younger = times.filter((time) => now - time < WINDOW_MS[window] - SLICE_MS[window]).length;
        const inside = times.filter((time) => now - time <= WINDOW_MS[window]).length;
        expect(count).toBeGreaterThanOrEqual(younger);
        expect(count).toBeLessThanOrEqual(inside);
      }
      expect(windows.percentiles('start', monoMs(now))?.count).toBe(before + steps.length);
    }),
  );
});

it('[H1] a window without samples says so instead of showing old figures', () => {
  const windows = new RttWindows();
  windows.add(5, monoMs(0));
  expect(windows.percentiles('1m', monoMs(59_999))?.p99Ms).toBe(5);
  expect(windows.percentiles('1m', monoMs(65_000))).toBeNull();
  expect(windows.percentiles('5m', monoMs(65_000))?.count).toBe(1);
});
