import { afterEach, expect, it } from 'vitest';
import type { Clock } from '../../src/main/engine/ports.ts';
import { StallMeter } from '../../src/main/engine/stall.ts';
import { after, type MonoMs, monoMs, wallMs } from '../../src/shared/units.ts';
import { FakeClock } from '../support/fakeClock.ts';

let meter: StallMeter;
afterEach(() => meter.stop());

it('[H6] a thread that keeps its beat was never stalled', async () => {
  const clock = new FakeClock();
  meter = new StallMeter(clock);
  const from = clock.now();
  await clock.advance(5_000);
  expect(meter.stalledSince(from)).toBe(false);
  expect(meter.view()).toMatchObject({ stalls: 0, loopMaxMs: 0 });
});

/** A clock whose tasks the test runs late, as a thread that was busy would. */
function lateClock(): { clock: Clock; passAndRun: (ms: number) => void; pass: (ms: number) => void } {
  let now = 0;
  let task: () => void = () => undefined;
  const arm = (_at: MonoMs, next: () => void): (() => void) => {
    task = next;
    return () => undefined;
  };
  const clock: Clock = {
    now: () => monoMs(now),
    wall: () => wallMs(0),
    at: arm,
    about: arm,
    sharp: arm,
    afterInput: () => () => undefined,
  };
  return {
    clock,
    pass: (ms) => {
      now += ms;
    },
    passAndRun: (ms) => {
      now += ms;
      task();
    },
  };
}

it('[H6] a beat that comes late marks every time span that reaches over it, and none after it', () => {
  const { clock, passAndRun } = lateClock();
  meter = new StallMeter(clock);
  const before = clock.now();
  passAndRun(20);
  expect(meter.stalledSince(before)).toBe(false);
  passAndRun(250);
  expect(meter.stalledSince(before)).toBe(true);
  const later = after(clock.now(), 1);
  passAndRun(20);
  expect(meter.stalledSince(later)).toBe(false);
  expect(meter.view().stalls).toBe(1);
  expect(meter.view().loopMaxMs).toBe(230);
});

it('[H6] a stall that goes on is seen before its beat has run', () => {
  const { clock, pass } = lateClock();
  meter = new StallMeter(clock);
  pass(30);
  expect(meter.stalledSince(clock.now())).toBe(false);
  pass(20);
  expect(meter.stalledSince(clock.now())).toBe(true);
});

it('[L4] a short stall is taken off the time in which the venue could be heard, a long one lets it begin anew', () => {
  const { clock, passAndRun, pass } = lateClock();
  meter = new StallMeter(clock);
  const from = clock.now();
  for (let i = 0; i < 10; i += 1) passAndRun(20);
  expect(meter.awakeMs(from)).toBe(200);
  passAndRun(70);
  expect(meter.awakeMs(from)).toBe(220);
  passAndRun(20 + 300);
  expect(meter.awakeMs(from)).toBe(0);
  passAndRun(20);
  expect(meter.awakeMs(from)).toBe(20);
  pass(20 + 400);
  expect(meter.awakeMs(from)).toBe(0);
});

it('[H6] a small stall does not hide the long one shortly before it', () => {
  const { clock, passAndRun } = lateClock();
  meter = new StallMeter(clock);
  passAndRun(20 + 2_500);
  passAndRun(20 + 60);
  expect(meter.stalledMs(5_000)).toBe(2_500);
  expect(meter.stalledMs(50)).toBe(60);
  for (let i = 0; i < 260; i += 1) passAndRun(20);
  expect(meter.stalledMs(5_000)).toBe(0);
});

it('[L21] the time of all stalls since a moment, short or long, one that goes on included', () => {
  const { clock, passAndRun, pass } = lateClock();
  meter = new StallMeter(clock);
  passAndRun(20 + 500);
  const from = after(clock.now(), 1);
  passAndRun(20);
  expect(meter.heldUpMs(from)).toBe(0);
  passAndRun(20 + 300);
  passAndRun(20 + 50);
  expect(meter.heldUpMs(from)).toBe(350);
  // The next beat falls on a multiple of 20 ms.
  pass(10 + 400);
  expect(meter.heldUpMs(from)).toBe(750);
});
