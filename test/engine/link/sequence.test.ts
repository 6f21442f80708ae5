import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type NumberSpan, SequenceWatch, spanOf } from '../../../src/main/engine/link/sequence.ts';
import { monoMs } from '../../../src/shared/units.ts';

/** A message whose numbers rise by one. */
const unit = (source: string): NumberSpan => spanOf(`{"n":${source}}`, { field: 'n' }) as NumberSpan;

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
      for (const number of [...stream, 5_000]) watch.note(unit(String(number)), monoMs(0));
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
  for (const number of ['1', '2', '4', '3', '5']) watch.note(unit(number), monoMs(0));
  expect(watch.settle(monoMs(5_000))).toBe(0);
  expect(watch.counts).toEqual({ gaps: 0, missing: 0, duplicates: 0, reordered: 1, resets: 0 });
});

it('[L15] a new socket, and a count that begins anew, are resets and no gaps; numbers beyond 2^53 are told apart', () => {
  const watch = new SequenceWatch();
  watch.note(unit('500000'), monoMs(0));
  expect(watch.note(unit('1'), monoMs(0))).toBe('duplicate');
  expect(watch.note(unit('2'), monoMs(0))).toBe('reset');
  expect(watch.counts).toMatchObject({ duplicates: 0, resets: 1 });
  watch.newSocket();
  expect(watch.note(unit('"9007199254740993"'), monoMs(0))).toBe('first');
  expect(watch.note(unit('"9007199254740994"'), monoMs(0))).toBe('next');
  expect(spanOf('{"n":null}', { field: 'n' })).toBeNull();
  expect(watch.settle(monoMs(9_000))).toBe(0);
});

it('[L15] messages that stand for several numbers at once: from the first to the last of each', () => {
  const rule = { field: 'u', first: 'U' };
  const depth = (first: number, last: number): NumberSpan => spanOf(`{"U":${first},"u":${last}}`, rule) as NumberSpan;
  const watch = new SequenceWatch();
  const news = [depth(10, 12), depth(13, 13), depth(17, 20), depth(14, 15)].map((span) => watch.note(span, monoMs(0)));
  expect(news).toEqual(['first', 'next', 'ahead', 'reordered']);
  expect(watch.settle(monoMs(1_000))).toBe(1);
  expect(watch.counts).toEqual({ gaps: 1, missing: 1, duplicates: 0, reordered: 1, resets: 0 });
});

it('[L15] messages that name the one before: a broken chain is a gap of unknown size, a missing predecessor a new count', () => {
  const rule = { field: 'seqId', previous: 'prevSeqId' };
  const book = (previous: number, own: number): NumberSpan =>
    spanOf(`{"seqId":${own},"prevSeqId":${previous}}`, rule) as NumberSpan;
  const watch = new SequenceWatch(false);
  const at = monoMs(0);
  expect(watch.note(book(-1, 100), at)).toBe('first');
  expect(watch.note(book(100, 130), at)).toBe('next');
  // A venue that has nothing to say repeats its number; one that was restarted goes on below it, and says after what.
  expect(watch.note(book(130, 130), at)).toBe('next');
  expect(watch.note(book(130, 3), at)).toBe('next');
  expect(watch.note(book(50, 60), at)).toBe('ahead');
  expect(watch.note(book(3, 50), at)).toBe('reordered');
  expect(watch.note(book(90, 95), at)).toBe('ahead');
  expect(watch.note(book(60, 70), at)).toBe('reordered');
  expect(watch.settle(monoMs(1_000))).toBe(1);
  expect(watch.counts).toMatchObject({ gaps: 1, missing: 1, reordered: 2 });
  expect(watch.note(book(-1, 7), at)).toBe('reset');
  expect(watch.note(book(7, 9), at)).toBe('next');
});

it('[L15] holes that are given up together are as many gaps as they are, and so is what is left of one that was partly filled', () => {
  const watch = new SequenceWatch();
  for (const number of ['1', '3', '5', '10', '8']) watch.note(unit(number), monoMs(0));
  // 2, 4, 6 to 7, and 9.
  expect(watch.settle(monoMs(1_000))).toBe(5);
  expect(watch.counts).toMatchObject({ gaps: 4, missing: 5, reordered: 1 });
});

it('[L15] holes that are too many to wait for are gaps, too, and are told', () => {
  const watch = new SequenceWatch();
  for (let number = 1; number <= 2_401; number += 2) watch.note(unit(String(number)), monoMs(0));
  expect(watch.settle(monoMs(1))).toBe(200);
  expect(watch.settle(monoMs(1_000))).toBe(1_000);
  expect(watch.counts).toMatchObject({ gaps: 1_200, missing: 1_200 });
});
