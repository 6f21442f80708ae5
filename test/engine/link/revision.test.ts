import { expect, it } from 'vitest';
import { Glances, Revisions } from '../../../src/main/engine/link/revision.ts';

const NEVER = Number.POSITIVE_INFINITY;

it('[C1] each who looks at all links sees what has happened to one since he saw it, whatever others saw', () => {
  const revisions = new Revisions();
  const [mine, theirs] = [new Glances(revisions), new Glances(revisions)];
  const { place } = revisions.take();
  const other = revisions.take();
  expect([mine.isDue(place, 0), theirs.isDue(place, 0)]).toEqual([true, true]);
  mine.saw(place, NEVER);
  mine.saw(other.place, NEVER);
  other.changed();
  expect([mine.isDue(place, 0), theirs.isDue(place, 0)]).toEqual([false, true]);
  expect(mine.isDue(other.place, 0)).toBe(true);
});

it('[C1] time alone makes it due, too', () => {
  const revisions = new Revisions();
  const glances = new Glances(revisions);
  const { place } = revisions.take();
  glances.saw(place, 1000);
  expect([glances.isDue(place, 999), glances.isDue(place, 1000)]).toEqual([false, true]);
});

it('[C1] what was seen of a link that is gone is not taken for the one that has its place', () => {
  const revisions = new Revisions();
  const glances = new Glances(revisions);
  const gone = revisions.take();
  glances.saw(gone.place, NEVER);
  revisions.release(gone);
  const next = revisions.take();
  expect(next.place).toBe(gone.place);
  expect(glances.isDue(next.place, 0)).toBe(true);
});

it('[C1] places grow with the links: nothing of one is lost, and each has its own', () => {
  const revisions = new Revisions();
  const glances = new Glances(revisions);
  const all = Array.from({ length: 1000 }, () => {
    const revision = revisions.take();
    glances.saw(revision.place, NEVER);
    return revision;
  });
  all[3]?.changed();
  expect(all.flatMap(({ place }, index) => (glances.isDue(place, 0) ? [index] : []))).toEqual([3]);
  expect(new Set(all.map(({ place }) => place)).size).toBe(1000);
});
