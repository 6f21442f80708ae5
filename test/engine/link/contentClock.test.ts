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
