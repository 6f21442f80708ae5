import { expect, it } from 'vitest';
import { DataClocks } from '../../../src/main/engine/link/dataClocks.ts';
import { Repeats } from '../../../src/main/engine/link/repeats.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { subscription } from '../../support/linkConfig.ts';

const told = (symbol: string, identity: string | null = null) => ({
  ...subscription(symbol),
  data: [`"s":"${symbol}"`],
  identity,
});

/** Plays frames of a subscription, one a second from 1 s on. */
function played(repeats: Repeats, frames: readonly string[], from = 1): Repeats {
  for (const [i, frame] of frames.entries()) repeats.note(Buffer.from(frame), monoMs((from + i) * 1_000));
  return repeats;
}

const times = (n: number, frame: string): string[] => Array<string>(n).fill(frame);

it('[L20] 2. a run of the same frame is as long as from its first to its last, and ends with another one', () => {
  const repeats = played(new Repeats(true, null), ['a', ...times(70, 'b')]);
  expect(repeats.sameForMs).toBe(69_000);
  played(repeats, ['c'], 100);
  expect(repeats.sameForMs).toBe(0);
});

it.each([
  ['every other frame is the one before', times(40, 'aabb').join('').split('')],
  ['one of the same length', times(70, 'a').map((_, i) => `{"p":${100 + (i % 2)}}`)],
  ['one that is longer by what follows', times(70, 'a').map((_, i) => 'a'.repeat(1 + (i % 2)))],
  ['one that differs at its end only', times(70, '').map((_, i) => `${'x'.repeat(4_000)}${i % 10}`)],
  ['the same, too long to be compared', times(70, 'x'.repeat(5_000))],
])('[L20] 2. near miss: %s', (_, frames) => {
  expect(played(new Repeats(true, null), frames).sameForMs).toBe(0);
});

it('[L20] 2. near miss: the same state once a minute is no run', () => {
  const repeats = new Repeats(true, null);
  for (const at of [0, 60, 120, 180]) played(repeats, ['a'], at);
  expect(repeats.sameForMs).toBe(0);
});

it('[L20] 2. after a frame that was too long the next one begins a run', () => {
  expect(played(new Repeats(true, null), ['x'.repeat(5_000), ...times(10, 'a')]).sameForMs).toBe(9_000);
});

it('[L20] 13. the same identity once more is counted, whatever came between, for as long as it is kept', () => {
  const ids = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => `{"data":{"t":${from + i}}}`);
  const repeats = played(new Repeats(false, ['data', 't']), ids(0, 100));
  expect(repeats.twice).toBe(0);
  played(repeats, [...ids(50, 53), '{"no":1}', '{"no":1}', ...ids(100, 1_000)]);
  expect(repeats.twice).toBe(3);
  played(repeats, [...ids(0, 10), ...ids(999, 1_000)]);
  expect(repeats.twice).toBe(4);
  expect(repeats.sameForMs).toBe(0);
});

it('[L20] 13. near miss: the snapshot that follows a subscription may bring once more what was live', () => {
  const repeats = played(new Repeats(false, ['t']), ['{"t":1}'], 10);
  repeats.subscribed(monoMs(20_000));
  played(repeats, ['{"t":1}', '{"t":2}', '{"t":2}'], 21);
  expect(repeats.twice).toBe(0);
  played(repeats, ['{"t":3}', '{"t":3}'], 25);
  expect(repeats.twice).toBe(1);
});

it('[L20] 13. near miss: a frame that names its symbol twice, and one at the same moment, are each counted once', () => {
  const symbols = ['A', 'B', 'C', 'D', 'E'];
  const clocks = new DataClocks(
    symbols.map((symbol) => told(symbol, 't')),
    true,
  );
  const send = (t: number): boolean => clocks.sampled(Buffer.from(`{"s":"A","t":${t},"of":{"s":"A"}}`), monoMs(1_000));
  expect([send(1), send(2)]).toEqual([true, true]);
  expect(clocks.twice).toBe(0);
  expect(send(2)).toBe(true);
  expect(clocks.twice).toBe(1);
});

it('[L15] [L20] 13. where the numbers of a subscription are watched those tell what came twice', () => {
  const watched = { ...told('A', 'n'), sequence: { field: 'n' } };
  const clocks = new DataClocks([watched], false);
  for (let i = 0; i < 3; i += 1) clocks.sampled(Buffer.from('{"s":"A","n":1}'), monoMs(10_000));
  expect(clocks.twice).toBe(0);
});
