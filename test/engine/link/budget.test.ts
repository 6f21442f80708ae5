import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SlidingWindow } from '../../../src/main/engine/link/budget.ts';
import { monoMs } from '../../../src/shared/units.ts';

it('[L9] however messages ask for their turn, no window ever holds more than the limit, and none waits for nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 100, max: 3_000 }),
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 120 }),
      (limit, windowMs, pauses) => {
        const window = new SlidingWindow({ limit, windowMs });
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

it('[L4] what is reserved is left over', () => {
  const window = new SlidingWindow({ limit: 4, windowMs: 1_000 });
  for (let i = 0; i < 2; i += 1) window.take(monoMs(0));
  expect(window.waitMs(monoMs(0), 2)).toBe(1_000);
  expect(window.waitMs(monoMs(0))).toBe(0);
});
