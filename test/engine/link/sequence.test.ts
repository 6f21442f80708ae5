import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SequenceWatch } from '../../../src/main/engine/link/sequence.ts';
import { monoMs } from '../../../src/shared/units.ts';

it('[L15] of any stream with losses, repeats and neighbours swapped, exactly what is lost is missing', () => {
  const fate = fc.constantFrom('sent', 'sent', 'sent', 'lost', 'twice', 'swapped');
  fc.assert(
    fc.property(fc.array(fate, { minLength: 3, maxLength: 200 }), (fates) => {
      const watch = new SequenceWatch();
      const stream: number[] = [100];
      for (const [i, what] of fates.entries()) {
        const number = 101 + i;
        if (what === 'lost') continue;
        stream.push(number);
        if (what === 'twice') stream.push(number);
        const last = stream.length - 1;
        if (what === 'swapped' && stream[last - 1] === number - 1 && last >= 2) {
          [stream[last - 1], stream[last]] = [number, number - 1];
        }
      }
      for (const number of [...stream, 5_000]) watch.note(String(number), monoMs(0));
      // All up to the last one that came are known to be missing once the reordering window has passed.
      watch.settle(monoMs(1_000));
      const seen = new Set([...stream, 5_000]);
      const holes = Array.from({ length: 4_901 }, (_, i) => 100 + i).filter((number) => !seen.has(number)).length;
      expect(watch.counts.missing).toBe(holes);
    }),
    { numRuns: 500 },
  );
});

it('[L15] a number that comes late within the window is reordered, and no gap', () => {
  const watch = new SequenceWatch();
  for (const number of ['1', '2', '4', '3', '5']) watch.note(number, monoMs(0));
  expect(watch.settle(monoMs(5_000))).toBe(0);
  expect(watch.counts).toEqual({ gaps: 0, missing: 0, duplicates: 0, reordered: 1, resets: 0 });
});

it('[L15] a new socket, and a count that begins anew, are resets and no gaps; numbers beyond 2^53 are told apart', () => {
  const watch = new SequenceWatch();
  watch.note('500000', monoMs(0));
  expect(watch.note('1', monoMs(0))).toBe('duplicate');
  expect(watch.note('2', monoMs(0))).toBe('reset');
  expect(watch.counts).toMatchObject({ duplicates: 0, resets: 1 });
  watch.newSocket();
  expect(watch.note('"9007199254740993"', monoMs(0))).toBe('first');
  expect(watch.note('"9007199254740994"', monoMs(0))).toBe('next');
  expect(watch.note('null', monoMs(0))).toBeNull();
  expect(watch.settle(monoMs(9_000))).toBe(0);
});
