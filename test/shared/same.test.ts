import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { same, sharing } from '../../src/shared/same.ts';

const json = fc.jsonValue({ maxDepth: 3 });
const views = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), json, { noNullPrototype: true });

it('[D1] two values are the same exactly if JSON would say so', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(same(a, structuredClone(a))).toBe(true);
      expect(same(a, b)).toBe(isDeepStrictEqual(a, b));
    }),
  );
});

it('[D1] a new view holds the parts of the last one that have not changed, and says what it said', () => {
  fc.assert(
    fc.property(views, views, fc.boolean(), (before, other, alike) => {
      const after = structuredClone(alike ? { ...other, ...before } : other);
      const said = structuredClone(after);
      const shared = sharing(before, after);
      expect(shared).toEqual(said);
      for (const key in shared) {
        if (Object.hasOwn(before, key) && isDeepStrictEqual(before[key], said[key]))
          expect(shared[key]).toBe(before[key]);
      }
    }),
  );
});
