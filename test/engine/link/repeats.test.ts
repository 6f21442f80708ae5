import { expect, it } from 'vitest';
import { DataClocks } from '../../../src/main/engine/link/dataClocks.ts';
import { Identities, SameFrames } from '../../../src/main/engine/link/repeats.ts';
import { type MonoMs, monoMs } from '../../../src/shared/units.ts';
import { subscription } from '../../support/linkConfig.ts';

const told = (symbol: string, identity: string | null = null) => ({
  ...subscription(symbol),
  data: [`"s":"${symbol}"`],
  identity,
});

interface Seen {
  note(frame: Buffer, now: MonoMs): void;
}

/** Plays frames of a subscription, one each `everyMs` from `fromSec` on. */
function played<T extends Seen>(seen: T, frames: readonly string[], fromSec = 1, everyMs = 1_000): T {
  for (const [i, frame] of frames.entries()) seen.note(Buffer.from(frame), monoMs(fromSec * 1_000 + i * everyMs));
  return seen;
}

const times = (n: number, frame: string): string[] => Array<string>(n).fill(frame);
/** As it stands at that time, with a notice of a minute. */
const forMs = (same: SameFrames, atSec: number): number => same.forMs(monoMs(atSec * 1_000), 60_000);

it('[L20] 2. a run of the same frame is as long as from its first to its last, and ends with another one', () => {
  const same = played(new SameFrames(), ['a', ...times(70, 'b')]);
  expect(forMs(same, 71)).toBe(69_000);
  expect(same.changedAt).toBe(2_000);
  played(same, ['c'], 100);
  expect(forMs(same, 100)).toBe(0);
});

it('[L20] 2. a run ages out by itself where nothing more comes', () => {
  const same = played(new SameFrames(), times(70, 'a'));
  expect(forMs(same, 130)).toBe(69_000);
  expect(forMs(same, 131)).toBe(0);
});

it('[L20] 2. a pause in a replay takes off no more than itself, and the same state that comes rarely is none', () => {
  const same = played(new SameFrames(), times(121, 'a'));
  played(same, ['a'], 131);
  expect(forMs(same, 131)).toBe(110_000);
  played(same, times(10, 'a'), 151, 20_000);
  expect(forMs(same, 331)).toBe(0);
});

it.each([
  ['every other frame is the one before', times(40, 'aabb').join('').split('')],
  ['one of the same length', times(70, 'a').map((_, i) => `{"p":${100 + (i % 2)}}`)],
  ['one that is longer by what follows', times(70, 'a').map((_, i) => 'a'.repeat(1 + (i % 2)))],
  ['one that differs at its end only', times(70, '').map((_, i) => `${'x'.repeat(4_000)}${i % 10}`)],
  ['the same, too long to be compared', times(70, 'x'.repeat(5_000))],
])('[L20] 2. near miss: %s', (_, frames) => {
  expect(forMs(played(new SameFrames(), frames), frames.length)).toBe(0);
});

it.each([6, 20, 60])('[L20] 2. near miss: the same state each %i s is no run, however often', (everySec) => {
  const frames = times(100, 'a');
  expect(forMs(played(new SameFrames(), frames, 0, everySec * 1_000), 99 * everySec)).toBe(0);
});

it('[L20] 2. after a frame that was too long the next one begins a run', () => {
  expect(forMs(played(new SameFrames(), ['x'.repeat(5_000), ...times(10, 'a')]), 11)).toBe(9_000);
});

it('[L20] [G1] [D3] 2. what stays subscribed stays a replay, whatever is added, taken out or watched beside it', () => {
  const [A, B] = [told('A'), told('B')];
  const clocks = new DataClocks([A, B], true);
  const send = (symbol: string, sec: number): boolean =>
    clocks.sampled(Buffer.from(`{"s":"${symbol}"}`), monoMs(sec * 1_000));
  for (let sec = 0; sec <= 70; sec += 1) send('A', sec);
  const names = () => clocks.sameness(monoMs(71_000), 60_000).names;
  for (const wanted of [
    [A, B, told('C')],
    [A],
    [told('D'), { ...A, identity: 'n' }],
    [{ ...A, sequence: { field: 'n' } }],
  ]) {
    clocks.change(wanted);
    expect(names()).toEqual(['ticker:A']);
  }
  clocks.change([{ ...A, data: ['"symbol":"A"'] }]);
  expect(names()).toEqual([]);
});

it('[L20] [D3] 13. what came twice stays known when something else is added or taken out', () => {
  const clocks = new DataClocks([told('A', 't')], true);
  const send = () => clocks.sampled(Buffer.from('{"s":"A","t":1}'), monoMs(10_000));
  send();
  clocks.change([told('A', 't'), told('B', 't')]);
  send();
  expect(clocks.twice).toBe(1);
  clocks.change([told('A', 't')]);
  expect(clocks.twice).toBe(1);
});

it('[L20] 13. the same identity once more is counted, whatever came between, for as long as it is kept', () => {
  const ids = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => `{"data":{"t":${from + i}}}`);
  const identities = played(new Identities(['data', 't']), ids(0, 100));
  expect(identities.twice).toBe(0);
  played(identities, [...ids(50, 53), '{"no":1}', '{"no":1}', ...ids(100, 1_000)]);
  expect(identities.twice).toBe(3);
  played(identities, [...ids(0, 10), ...ids(999, 1_000)]);
  expect(identities.twice).toBe(4);
});

it('[L20] 13. near miss: the snapshot that follows a subscription may bring once more what was live', () => {
  const identities = played(new Identities(['t']), ['{"t":1}'], 10);
  identities.subscribed(monoMs(20_000));
  played(identities, ['{"t":1}', '{"t":2}', '{"t":2}'], 21);
  expect(identities.twice).toBe(0);
  played(identities, ['{"t":3}', '{"t":3}'], 25);
  expect(identities.twice).toBe(1);
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
