import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GRAIN_MS, Wheel } from '../../src/main/engine/wheel.ts';
import { after } from '../../src/shared/units.ts';
import { FakeClock } from '../support/fakeClock.ts';

/** One wait, ms from the start; some are cancelled, and some arm another one when they run. */
const WAIT = fc.record({
  inMs: fc.integer({ min: 0, max: 500 }),
  cancelledInMs: fc.option(fc.integer({ min: 0, max: 500 }), { nil: null }),
  againInMs: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
});

it('[L2] waits on the wheel run once, never early, at most a grain late, and not once they are cancelled', () => {
  fc.assert(
    fc.property(fc.array(WAIT, { maxLength: 40 }), (waits) => {
      const clock = new FakeClock();
      const wheel = new Wheel(clock);
      const ran: { readonly dueAt: number; readonly at: number }[] = [];
      let wanted = 0;
      const add = (inMs: number, againInMs: number | null): (() => void) => {
        const dueAt = after(clock.now(), inMs);
        let isOver = false;
        wanted += 1;
        const cancel = wheel.at(dueAt, () => {
          expect(isOver).toBe(false);
          isOver = true;
          ran.push({ dueAt, at: clock.now() });
          if (againInMs !== null) add(againInMs, null);
        });
        return () => {
          if (!isOver) wanted -= 1;
          isOver = true;
          cancel();
        };
      };
      for (const { inMs, cancelledInMs, againInMs } of waits) {
        const cancel = add(inMs, againInMs);
        if (cancelledInMs !== null) clock.at(after(clock.now(), cancelledInMs), cancel);
      }
      expect(clock.pending).toBeLessThanOrEqual(1 + waits.filter((wait) => wait.cancelledInMs !== null).length);
      clock.advanceSync(700);
      expect(ran).toHaveLength(wanted);
      for (const { dueAt, at } of ran) {
        expect(at).toBeGreaterThanOrEqual(dueAt);
        // A wait that is armed in a turn of the wheel for that same grain waits for the next one.
        expect(at - dueAt).toBeLessThanOrEqual(GRAIN_MS);
      }
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 500 },
  );
});

it('[L2] a thousand waits of one grain wake the thread once', () => {
  const clock = new FakeClock();
  const wheel = new Wheel(clock);
  let [ran, wakes] = [0, 0];
  const counted = new Wheel({
    now: () => clock.now(),
    at: (at, task) =>
      clock.at(at, () => {
        wakes += 1;
        task();
      }),
  });
  const run = (): void => {
    ran += 1;
  };
  for (let i = 0; i < 1000; i += 1) counted.at(after(clock.now(), 1 + (i % 19)), run);
  clock.advanceSync(GRAIN_MS);
  expect({ ran, wakes }).toEqual({ ran: 1000, wakes: 1 });
  wheel.at(after(clock.now(), 5), () => undefined)();
  expect(clock.pending).toBe(0);
});

it('[L2] after a sleep all that is over is run at once, what was due first before the rest', () => {
  const clock = new FakeClock();
  const wheel = new Wheel(clock);
  const ran: number[] = [];
  for (const inMs of [900, 30, 400_000, 100]) wheel.at(after(clock.now(), inMs), () => ran.push(inMs));
  clock.sleep(10_000);
  clock.advanceSync(0);
  expect(ran).toEqual([30, 100, 900]);
  clock.advanceSync(400_000);
  expect(ran).toEqual([30, 100, 900, 400_000]);
});

it('[L2] a wait that arms itself for the moment it runs does not hold the wheel', () => {
  const clock = new FakeClock();
  const wheel = new Wheel(clock);
  const times: number[] = [];
  const again = (): void => {
    times.push(clock.now());
    if (times.length <= 10) wheel.at(clock.now(), again);
  };
  wheel.at(clock.now(), again);
  clock.advanceSync(10 * GRAIN_MS);
  expect(new Set(times).size).toBe(11);
});
