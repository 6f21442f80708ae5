import { expect, it } from 'vitest';
import { inTurns } from '../../src/main/engine/inTurns.ts';
import { Timers } from '../../src/main/engine/timers.ts';
import { FakeClock } from '../support/fakeClock.ts';

/** Ten items of 0.4 ms each, on a clock that they move. */
function rig() {
  const clock = new FakeClock();
  const timers = new Timers<'round'>(clock);
  const log: string[] = [];
  const finish = inTurns(
    Array.from({ length: 10 }, (_, i) => i),
    (item) => {
      clock.sleep(0.4);
      log.push(String(item));
    },
    { clock, later: (turn) => timers.armAfterInput('round', turn), done: () => log.push('done') },
  );
  return { clock, timers, log, finish };
}

it('[H6] a round of many links takes about a millisecond at a time, and what comes in goes in between', async () => {
  const { clock, log } = rig();
  expect(log).toEqual(['0', '1', '2']);
  clock.afterInput(() => log.push('input'));
  await clock.advance(10);
  expect(log).toEqual(['0', '1', '2', '3', '4', '5', 'input', '6', '7', '8', '9', 'done']);
});

it('[H6] what is left of a round can be done at once, and is done once', async () => {
  const { clock, log, finish } = rig();
  finish();
  const whole = [...'0123456789', 'done'];
  expect(log).toEqual(whole);
  finish();
  await clock.advance(10);
  expect(log).toEqual(whole);
});

it('[H8] a round that other work holds up is ended at once after a tenth of a second', async () => {
  const { clock, log } = rig();
  clock.sleep(100);
  await clock.advance(0);
  expect(log.at(-1)).toBe('done');
});

it('[L14] a round ends with whoever owns its waiting', async () => {
  const { clock, log, timers } = rig();
  timers.stop();
  await clock.advance(10);
  expect(log).toEqual(['0', '1', '2']);
});
