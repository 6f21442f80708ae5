import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Named } from '../../../src/main/engine/link/named.ts';

const name = fc.integer({ min: 0, max: 30 }).map(String);

it('[L5] [H8] of few or many things the first of that name is found', () => {
  fc.assert(
    fc.property(fc.array(name, { maxLength: 40 }), name, (names, sought) => {
      const things = names.map((one) => ({ name: one }));
      expect(new Named(things).at(sought)).toBe(things.find((thing) => thing.name === sought));
    }),
    { numRuns: 500 },
  );
});

it('[H8] a thousand of them are not compared with what is sought', () => {
  let read = 0;
  const things = Array.from({ length: 1_000 }, (_, i) => ({
    get name() {
      read += 1;
      return `ticker:${i}`;
    },
  }));
  const named = new Named(things);
  read = 0;
  for (let i = 0; i < 1_000; i += 1) named.at(`ticker:${i}`);
  expect(read).toBe(0);
});
