import { expect, test } from 'vitest';
import { SeriesStore } from '../../src/renderer/store/series.ts';
import type { SeriesPoint } from '../../src/shared/snapshot.ts';
import { wallMs } from '../../src/shared/units.ts';

const point = (p99Ms: number | null): SeriesPoint => ({ p50Ms: p99Ms, p99Ms, samples: p99Ms === null ? 0 : 30 });
const P99 = ['p99'] as const;

test('[D2] history ends at its time, and new points follow it', () => {
  const series = new SeriesStore();
  series.accept({ kind: 'history', until: wallMs(10_000), links: { a: [point(1), point(2)], b: [point(9)] } });
  series.accept({ kind: 'points', wall: wallMs(11_000), links: { a: point(3), b: point(8) } });
  expect(series.untilMs).toBe(11_000);
  expect(series.rows(['a', 'b'], P99, 0, 300)).toEqual([
    { t: 9000, v0: 1, v1: null },
    { t: 10_000, v0: 2, v1: 9 },
    { t: 11_000, v0: 3, v1: 8 },
  ]);
});

test('[D2] what was not measured stays a gap: a null point, a missing link, a lost wire', () => {
  const series = new SeriesStore();
  series.accept({ kind: 'points', wall: wallMs(1000), links: { a: point(5), b: point(6) } });
  series.accept({ kind: 'points', wall: wallMs(2000), links: { a: point(null) } });
  series.accept({ kind: 'points', wall: wallMs(9000), links: { a: point(7), b: point(6) } });
  expect(series.rows(['a', 'b'], P99, 0, 300)).toEqual([
    { t: 1000, v0: 5, v1: 6 },
    { t: 2000, v0: null, v1: null },
    { t: 2001, v0: null, v1: null },
    { t: 9000, v0: 7, v1: 6 },
  ]);
});

test('[D2] ten minutes become at most 300 rows, each the worst of its points, in the same groups a second later', () => {
  const series = new SeriesStore();
  for (let i = 0; i < 1500; i += 1) {
    series.accept({ kind: 'points', wall: wallMs(i * 1000), links: { a: point(i % 100 === 0 ? 500 : 4) } });
  }
  const rows = series.rows(['a'], P99, 899_000, 300);
  expect(rows).toHaveLength(300);
  expect(rows.filter((row) => row.v0 === 500)).toHaveLength(6);
  series.accept({ kind: 'points', wall: wallMs(1_500_000), links: { a: point(4) } });
  const later = series.rows(['a'], P99, 900_000, 300);
  const sameTimes = later.filter((row) => rows.some((held) => held.t === row.t)).length;
  expect(sameTimes).toBeGreaterThan(295);
});

test('[D2] a sparkline has NaN where there is no value, the newest last', () => {
  const series = new SeriesStore();
  series.accept({ kind: 'history', until: wallMs(3000), links: { a: [point(1), point(null), point(3)] } });
  expect([...series.values('a', 'p99', 5)]).toEqual([Number.NaN, Number.NaN, 1, Number.NaN, 3]);
  expect([...series.values('nobody', 'p99', 2)]).toEqual([Number.NaN, Number.NaN]);
});

test('[D2] a subscriber hears of each frame, and of none after it has left, twice over', () => {
  const series = new SeriesStore();
  let heard = 0;
  const leave = series.subscribe(() => {
    heard += 1;
  });
  series.accept({ kind: 'points', wall: wallMs(1000), links: {} });
  leave();
  leave();
  series.accept({ kind: 'points', wall: wallMs(2000), links: {} });
  expect(heard).toBe(1);
  expect(series.version).toBe(2);
});
