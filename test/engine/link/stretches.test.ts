import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Stretches } from '../../../src/main/engine/link/stretches.ts';

type Span = readonly [number | null, number];

function missed(spans: readonly Span[], counted = true): number {
  const stretches = new Stretches(counted);
  for (const [from, to] of spans) stretches.add({ from: from === null ? null : BigInt(from), to: BigInt(to) });
  return stretches.missed;
}

it('[L12] what is missing of messages that came in any order, some of them twice, is what none of them brought', () => {
  const span = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 4 })).map(([from, n]): Span => [from, from + n]);
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 40 }), (spans) => {
      const came = new Set<number>();
      for (const [from, to] of spans) for (let n = Number(from) + 1; n <= to; n += 1) came.add(n);
      const numbers = Math.max(...came) - Math.min(...came) + 1;
      expect(missed(spans)).toBe(numbers - came.size);
    }),
  );
});

it('[L12] a chain of previous numbers only says that something is missing, not how much', () => {
  const chain: Span[] = [
    [5, 9],
    [9, 20],
    [50, 90],
    [90, 91],
    [100, 101],
  ];
  expect(missed(chain, false)).toBe(2);
  expect(missed([...chain, [20, 50]], false)).toBe(1);
});

it('[L12] before a message that has no predecessor nothing is missing, unless the other socket knows it', () => {
  const begun: Span[] = [
    [1, 5],
    [null, 100],
    [100, 101],
  ];
  expect(missed(begun)).toBe(0);
  expect(missed([...begun, [90, 100]])).toBe(85);
  expect(missed([[90, 100], ...begun])).toBe(85);
});

it('[L12] of hundreds of holes the lowest stay as they are, and what comes late above is filled', () => {
  const holes = Array.from({ length: 400 }, (_, i): Span => [2 * i, 2 * i + 1]);
  expect(missed(holes)).toBe(399);
  expect(missed([...holes, [1, 2]])).toBe(399);
  expect(missed([...holes, [797, 798]])).toBe(398);
});
