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
  expect(clock.lag).toMatchObject({ medianMs: 100, maxMs: 100, samples: 5 });
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
  expect(clock.lag?.samples).toBe(4);
});
