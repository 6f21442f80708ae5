import { expect, it } from 'vitest';
import { OwnSilence } from '../../../src/main/engine/link/ownSilence.ts';
import { monoMs } from '../../../src/shared/units.ts';

const sec = (n: number) => monoMs(n * 1_000);

/** Asked at 0, with data at these seconds. */
function heard(...secs: readonly number[]): OwnSilence {
  const silence = new OwnSilence();
  silence.asked(sec(0));
  for (const at of secs) silence.note(sec(at));
  return silence;
}

it('[L5] three times its longest silence is unusual for a subscription, from when it was sent on', () => {
  expect(heard().unusualMs).toBe(0);
  expect(heard(10).unusualMs).toBe(30_000);
  expect(heard(10, 50, 60).unusualMs).toBe(120_000);
});

it('[L5] what comes within 5 s of its being sent, or sent again, may be a snapshot and says nothing', () => {
  expect(heard(5).unusualMs).toBe(0);
  const silence = heard(1, 7);
  silence.asked(sec(300));
  silence.note(sec(301));
  expect(silence.unusualMs).toBe(18_000);
});

it('[L5] [L16] the time of a sleep is no silence of its own', () => {
  const silence = heard(10, 20);
  silence.excuse(sec(3_600));
  silence.note(sec(3_601));
  expect(silence.unusualMs).toBe(30_000);
});

it('[L5] twenty messages are enough to know it', () => {
  const secs = Array.from({ length: 20 }, (_, i) => 10 + i);
  expect(heard(...secs.slice(1)).isKnown).toBe(false);
  expect(heard(...secs).isKnown).toBe(true);
});
