import { expect, it } from 'vitest';
import { ContentClock } from '../../../src/main/engine/link/contentClock.ts';
import { monoMs, wallMs } from '../../../src/shared/units.ts';

it('[H7] channels that stamp their messages in different places: the first place that a message has counts', () => {
  const clock = new ContentClock({ field: ['E', 'data.0.ts'], unit: 'ms' });
  const frames = ['{"E":900}', '{"data":[{"ts":"1900"}]}', '{"E":2900}', '{"data":[{"ts":3900}]}', '{"E":4900}'];
  for (const [i, text] of frames.entries()) {
    const at = 1_000 * (i + 1);
    clock.note(Buffer.from(text), monoMs(at), wallMs(at), wallMs(at));
  }
  expect(clock.lag(monoMs(5_000), 60_000)).toMatchObject({ medianMs: 100, maxMs: 100, samples: 5 });
});

it('[H7] the lag of a second is that of the frames that came in it, and a second without any says nothing', () => {
  const clock = new ContentClock({ field: ['E'], unit: 'ms' });
  const frame = (eventMs: number, lagMs: number): void => {
    const wall = wallMs(eventMs + lagMs);
    clock.note(Buffer.from(`{"E":${eventMs}}`), monoMs(eventMs), wall, wall);
  };
  for (const [i, lagMs] of [40, 5, 6].entries()) frame(1000 + i, lagMs);
  expect(clock.takeLag()).toEqual({ medianMs: 6, maxMs: 40, samples: 3 });
  expect(clock.takeLag()).toBeNull();
  frame(2000, -2);
  expect(clock.takeLag()).toEqual({ medianMs: -2, maxMs: -2, samples: 1 });
  expect(clock.lag(monoMs(2_000), 60_000)?.samples).toBe(4);
  expect(clock.lag(monoMs(62_001), 60_000)).toBeNull();
});

it('[L20] 2. channels without a stamp say nothing of the time of those that have one', () => {
  const clock = new ContentClock({ field: ['E'], unit: 'ms' });
  const note = (text: string, at: number): void => clock.note(Buffer.from(text), monoMs(at), wallMs(at), wallMs(at));
  note('{"E":1000}', 1_000);
  for (let at = 2_000; at <= 200_000; at += 1_000) note('{"b":"1.0"}', at);
  expect(clock.frozenMs).toBe(0);
  note('{"E":1000}', 201_000);
  expect(clock.frozenMs).toBe(200_000);
  note('{"E":201500}', 202_000);
  expect(clock.frozenMs).toBe(0);
});

it('[L20] 21. a day in which two clocks drift apart by a second is no lag, and messages 3 s late are', () => {
  const clock = new ContentClock({ field: ['E'], unit: 'ms' });
  const hour = 3_600_000;
  const note = (at: number, lagMs: number): void => {
    const wall = wallMs(at + lagMs);
    clock.note(Buffer.from(`{"E":${at}}`), monoMs(at), wall, wall);
  };
  let at = 1_000;
  for (; at < 24 * hour; at += 10_000) note(at, (at / (24 * hour)) * 1_300);
  expect(clock.growthMs).toBeLessThan(1_000);
  for (let i = 0; i < 5; i += 1, at += 1_000) note(at, 4_300);
  expect(clock.growthMs).toBeGreaterThan(2_900);
});

it('[L20] 2. a first stamp that is an hour ahead is told by the five after it, and a replay from the first on is none of that', () => {
  const clock = new ContentClock({ field: ['E'], unit: 'ms' });
  const note = (eventMs: number, at: number): void =>
    clock.note(Buffer.from(`{"E":${eventMs}}`), monoMs(at), wallMs(at), wallMs(at));
  note(3_601_000, 1_000);
  for (let at = 2_000; at <= 5_000; at += 1_000) note(at, at);
  expect(clock.frozenMs, 'it may be a replay').toBe(4_000);
  for (let at = 6_000; at <= 60_000; at += 1_000) note(at, at);
  expect(clock.frozenMs).toBe(0);
  expect(clock.lag(monoMs(60_000), 60_000)).toMatchObject({ medianMs: 0, maxMs: 0 });
  for (let at = 61_000; at <= 100_000; at += 1_000) note(30_000 + (at % 10_000), at);
  expect(clock.frozenMs, 'of what is known by then').toBe(40_000);
});
