import { expect, test } from 'vitest';
import { SeriesStore } from '../../src/renderer/store/series.ts';
import type { SeriesPoint } from '../../src/shared/rttView.ts';
import { wallMs } from '../../src/shared/units.ts';

const point = (p99Ms: number | null): SeriesPoint => ({ p50Ms: p99Ms, p99Ms, samples: p99Ms === null ? 0 : 30 });
const NONE = Number.NaN;

test('[D2] history ends at its time, and new points follow it', () => {
  const series = new SeriesStore();
  series.accept({ kind: 'history', until: wallMs(10_000), links: { a: [point(1), point(2)], b: [point(9)] } });
  series.accept({ kind: 'points', wall: wallMs(11_000), links: { a: point(3), b: point(8) } });
  expect([...series.values('a', 4)]).toEqual([NONE, 1, 2, 3]);
  expect([...series.values('b', 4)]).toEqual([NONE, NONE, 9, 8]);
});

test('[D2] a sparkline has NaN where there is no value, the newest last', () => {
  const series = new SeriesStore();
  series.accept({ kind: 'history', until: wallMs(3000), links: { a: [point(1), point(null), point(3)], b: [] } });
  series.accept({ kind: 'points', wall: wallMs(4000), links: { b: point(6) } });
  expect([...series.values('a', 5)]).toEqual([NONE, 1, NONE, 3, NONE]);
  expect([...series.values('b', 2)]).toEqual([NONE, 6]);
  expect([...series.values('nobody', 2)]).toEqual([NONE, NONE]);
});

test('[D2] the ring goes round without losing the order, whatever a link is called', () => {
  const series = new SeriesStore();
  for (let i = 0; i < 1000; i += 1) {
    series.accept({
      kind: 'points',
      wall: wallMs(i * 1000),
      links: JSON.parse(`{"__proto__": ${JSON.stringify(point(i))}}`),
    });
  }
  expect([...series.values('__proto__', 120)]).toEqual(Array.from({ length: 120 }, (_, i) => 880 + i));
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
