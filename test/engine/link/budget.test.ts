import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlidingWindow, subscribeBudget } from '../../../src/main/engine/link/budget.ts';
import { PLAIN_PRESET } from '../../../src/shared/preset.ts';
import { monoMs } from '../../../src/shared/units.ts';

it('[L9] however messages ask for their turn, no window ever holds more than the limit, and none waits for nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 100, max: 3_000 }),
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 120 }),
      (limit, windowMs, pauses) => {
        const window = new SlidingWindow(limit, windowMs);
        const sentAt: number[] = [];
        let now = 0;
        for (const pauseMs of pauses) {
          now += pauseMs;
          const waitMs = window.waitMs(monoMs(now));
          const inWindow = sentAt.filter((at) => at > now - windowMs).length;
          if (inWindow < limit) expect(waitMs).toBe(0);
          now += waitMs;
          expect(window.waitMs(monoMs(now))).toBe(0);
          window.take(monoMs(now));
          sentAt.push(now);
        }
        for (const [i, at] of sentAt.entries()) {
          expect(sentAt.slice(i).filter((other) => other < at + windowMs).length).toBeLessThanOrEqual(limit);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

it('[L9] what is shared by all connections of an address is held to by all of them together, and each to its own', () => {
  const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 900 })), { maxLength: 120 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), asks, (own, together, wishes) => {
      const shared = new SlidingWindow(together, 1_000);
      const windows = [0, 1, 2].map(() => new SlidingWindow(own, 2_000, shared));
      const sent: { by: number; at: number }[] = [];
      let now = 0;
      for (const [by, pauseMs] of wishes) {
        now += pauseMs;
        const window = windows[by] as SlidingWindow;
        now += window.waitMs(monoMs(now));
        expect(window.waitMs(monoMs(now))).toBe(0);
        window.take(monoMs(now));
        sent.push({ by, at: now });
      }
      for (const [i, { by, at }] of sent.entries()) {
        const later = sent.slice(i);
        expect(later.filter((other) => other.at < at + 1_000).length).toBeLessThanOrEqual(together);
        expect(later.filter((other) => other.by === by && other.at < at + 2_000).length).toBeLessThanOrEqual(own);
      }
    }),
    { numRuns: 1_000 },
  );
});

it('[L4] what is reserved is left over', () => {
  const window = new SlidingWindow(4, 1_000);
  for (let i = 0; i < 2; i += 1) window.take(monoMs(0));
  expect(window.waitMs(monoMs(0), 2)).toBe(1_000);
  expect(window.waitMs(monoMs(0))).toBe(0);
  expect(new SlidingWindow(Number.POSITIVE_INFINITY, 1_000).waitMs(monoMs(0))).toBe(0);
});

it('[L9] a venue that limits its subscribe messages by the hour, and all messages by the second, is held to both', () => {
  const all = new SlidingWindow(2, 1_000);
  const limits = { ...PLAIN_PRESET.limits, subscribes: 3, subscribes_window_secs: 100 };
  const budget = subscribeBudget(all, { ...PLAIN_PRESET, limits });
  const takeAt = (ms: number): number => {
    const waitMs = budget.waitMs(monoMs(ms));
    if (waitMs === 0) budget.take(monoMs(ms));
    return waitMs;
  };
  expect([takeAt(0), takeAt(0), takeAt(0)]).toEqual([0, 0, 1_000]);
  expect(takeAt(1_000)).toBe(0);
  // The second has room again; the hundred seconds, and a margin of five, have not.
  expect(takeAt(2_000)).toBe(103_000);
  expect(all.waitMs(monoMs(2_000))).toBe(0);
});
