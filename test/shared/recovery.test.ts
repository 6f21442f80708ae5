import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Course, decide, type Moment, NEW_COURSE } from '../../src/main/engine/link/machine.ts';
import type { Step } from '../../src/main/engine/link/step.ts';
import { recoveryOf, waitMs } from '../../src/shared/recovery.ts';
import { monoMs } from '../../src/shared/units.ts';
import { POLICY } from '../support/linkConfig.ts';

const ENDED: Step = {
  kind: 'ended',
  reason: { kind: 'cut', code: 'ECONNRESET' },
  consequence: { kind: 'retry', loud: false },
};

it('[L6] [L8] the promised waits are the engine’s: exactly of a stable link, at most of one that was not', () => {
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const waits = (loss: number): number[] => numbers.map((number) => waitMs(POLICY, loss, number) / 1000);
  // It may have waited once before without a failure.
  expect(waits(1)).toEqual([0.2, 0.4, 10, 10, 10, 10, 12.8, 25.6, 30, 30]);
  expect(waits(0)).toEqual([0.1, 0.2, 0.4, 10, 10, 10, 10, 12.8, 25.6, 30]);
  expect(waitMs(POLICY, 0, 2, 5_000)).toBe(5_000);
});

it('[D6] whatever the jitter, no wait of the engine that runs at a fault’s end is longer than promised', () => {
  const jitter = fc.constantFrom('proportional', 'symmetric', 'additive', 'full', 'equal', 'decorrelated' as const);
  const chances = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true }));
  const policies = fc.record({
    jitter,
    jitterFactor: fc.double({ min: 0, max: 1, noNaN: true }),
    breakerFailures: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(
      policies,
      chances,
      fc.integer({ min: 1, max: 90 }),
      fc.boolean(),
      fc.boolean(),
      (own, chance, secs, stable, again) => {
        const policy = { ...POLICY, ...own };
        const lastsMs = secs * 1000;
        const promised = recoveryOf(policy, stable ? 0 : 1, { lastsMs, lostMs: 0, dialMs: 0, atLeastMs: 0 });
        let nowMs = 0;
        let course: Course = NEW_COURSE;
        const step = (one: Step): void => {
          const random = chance.next().value ?? 0;
          const moment: Moment = { now: monoMs(nowMs), random, policy, queue: null };
          course = decide(course, one, moment).course;
        };
        step({ kind: 'start' });
        if (again) {
          step({ kind: 'stable' });
          step(ENDED);
          step({ kind: 'due' });
        }
        if (stable) step({ kind: 'stable' });
        for (;;) {
          step(ENDED);
          const { state } = course;
          if (state.kind !== 'waiting' && state.kind !== 'blocked') throw new Error(`unexpected ${state.kind}`);
          const waits = (state.until ?? nowMs) - nowMs;
          nowMs += waits;
          if (nowMs > lastsMs) {
            expect(waits).toBeLessThanOrEqual(promised.longestMs + 1e-6);
            // A jitter of nothing at all tries without end: what is played stops at a thousand.
            if (promised.failures < 900) expect(course.failures).toBeLessThanOrEqual(promised.failures);
            return;
          }
          step({ kind: 'due' });
        }
      },
    ),
  );
});
