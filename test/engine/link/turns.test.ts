import { expect, it } from 'vitest';
import type { Said } from '../../../src/main/engine/link/budget.ts';
import { Turns } from '../../../src/main/engine/link/turns.ts';
import { SharedBudgets } from '../../../src/main/engine/sharedBudgets.ts';
import { Timers } from '../../../src/main/engine/timers.ts';
import { PLAIN_PRESET, type Preset } from '../../../src/shared/preset.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const limited = (limits: Partial<Preset['limits']>): Preset => ({
  ...PLAIN_PRESET,
  limits: { ...PLAIN_PRESET.limits, ...limits },
});

/** One socket that says `send` as long as it may, and when it said it, ms from now. */
function talk(clock: FakeClock, preset: Preset, budgets = new SharedBudgets(clock)) {
  const timers = new Timers<Said>(clock);
  const turns = new Turns({ clock, timers, preset, pace: 1, shared: budgets.of(preset) });
  turns.isInUse = true;
  const from = clock.now();
  const saidAt: number[] = [];
  const say = (): void => {
    while (turns.take('send', say)) saidAt.push(clock.now() - from);
  };
  say();
  return { saidAt, turns, timers };
}

it('[L9] a venue that limits its subscribe messages by the hour, and all messages by the second, is held to both', async () => {
  const clock = new FakeClock();
  const preset = limited({ messages: 2, subscribes: 3, subscribes_window_secs: 100 });
  const { saidAt, turns, timers } = talk(clock, preset);
  await clock.advance(104_000);
  expect(saidAt).toEqual([0, 0, 1_050]);
  // The second has room for others, the hundred seconds, and a margin of five, have none for these.
  expect(turns.take('keepalive', () => undefined)).toBe(true);
  await clock.advance(1_000);
  expect(saidAt).toEqual([0, 0, 1_050, 105_000]);
  timers.stop();
});

it('[L9] a socket whose own limit makes it wait keeps nobody else from what they share', async () => {
  const clock = new FakeClock();
  const budgets = new SharedBudgets(clock);
  const shared = { messages: 2, messages_of: 'address' } as const;
  const slow = talk(clock, limited({ ...shared, subscribes: 1, subscribes_window_secs: 100 }), budgets);
  const quick = talk(clock, limited(shared), budgets);
  await clock.advance(2_100);
  expect(slow.saidAt).toEqual([0]);
  expect(quick.saidAt).toEqual([0, 1_050, 1_050, 2_100, 2_100]);
  for (const { timers } of [slow, quick]) timers.stop();
  expect(clock.pending).toBe(0);
});

it('[L9] where one of them answers pings all leave a place for its pongs, and none starves it', async () => {
  const clock = new FakeClock();
  const budgets = new SharedBudgets(clock);
  const shared = { messages: 3, messages_of: 'address' } as const;
  const greedy = talk(clock, limited(shared), budgets);
  const careful = talk(clock, limited({ ...shared, pings_count: true }), budgets);
  await clock.advance(10_500);
  // The first window was full before it came.
  expect(greedy.saidAt.filter((at) => at > 0)).toHaveLength(10);
  expect(careful.saidAt).toHaveLength(10);
  for (const { timers } of [greedy, careful]) timers.stop();
});

it.each(['address', 'socket'] as const)(
  '[L4] probes of a socket that has said much already are not held back by that, but take at most half: limit of the %s',
  async (messages_of) => {
    const clock = new FakeClock();
    const preset = limited({ messages: 20, messages_window_secs: 60, messages_of });
    const timers = new Timers<Said>(clock);
    const turns = new Turns({ clock, timers, preset, pace: 1, shared: new SharedBudgets(clock).of(preset) });
    for (let i = 0; i < 12; i += 1) expect(turns.take('send', () => undefined)).toBe(true);
    let probes = 0;
    while (turns.take('probe', () => undefined)) probes += 1;
    expect(probes).toBe(8);
    timers.disarmAll();
    await clock.advance(64_000);
    probes = 0;
    while (turns.take('probe', () => undefined)) probes += 1;
    expect(probes).toBe(10);
    timers.stop();
  },
);
