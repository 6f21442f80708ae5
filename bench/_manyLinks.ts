import { type FakeSpec, TEN_LINKS } from '../test/renderer/fakeLinks.ts';

/** As many made-up links as wanted, of ten kinds: most of them up, some waiting, some down, at a dozen venues. */
export function manyLinks(count: number): readonly FakeSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const like = TEN_LINKS[index % TEN_LINKS.length] as FakeSpec;
    const calm: Partial<FakeSpec> = index % 20 < 10 ? { state: 'up' } : {};
    return { ...like, ...calm, name: `${like.name}-${index}`, perSec: 10 + (index % 7) * 5 };
  });
}
