import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { linesOf, lonePoints } from '../../src/renderer/charts/lines.ts';
import { pointAt, pointsOf } from '../../src/renderer/charts/points.ts';
import { TimeScope } from '../../src/renderer/charts/timeScope.ts';
import { SliceBook } from '../../src/renderer/store/sliceHooks.ts';
import { SliceHistory } from '../../src/renderer/store/slices.ts';
import { onTick } from '../../src/renderer/store/ticker.ts';
import { Histogram } from '../../src/shared/histogram.ts';
import type { Slice } from '../../src/shared/slices.ts';
import { wallMs } from '../../src/shared/units.ts';

function slice(fromMs: number, samplesMs: readonly number[], change: Partial<Slice> = {}): Slice {
  const histogram = new Histogram();
  for (const ms of samplesMs) histogram.add(ms * 1000);
  const rtt = samplesMs.length === 0 ? null : histogram.encode();
  return { from: wallMs(fromMs), rtt, stalledSamples: 0, lag: null, loopMaxMs: 0, ...change };
}

const froms = (history: SliceHistory): number[] => history.slices.map(({ fromMs }) => fromMs);
const whole = (until: number, ...slices: Slice[]) => ({ kind: 'whole', until: wallMs(until), slices }) as const;
const news = (until: number, ...slices: Slice[]) => ({ kind: 'news', until: wallMs(until), slices }) as const;

test('[D2] a slice that grew takes the place of what it was, though the clock was slewed meanwhile', () => {
  const history = new SliceHistory('5m');
  history.accept(whole(12_000, slice(5_000, [1]), slice(10_000, [2])), null);
  history.accept(news(13_000, slice(10_040, [2, 3])), null);
  history.accept(news(16_000, slice(10_040, [2, 3, 4]), slice(15_040, [])), null);
  expect(froms(history)).toEqual([5_000, 10_040, 15_040]);
  expect(history.slices.map(({ rtt }) => rtt?.count ?? 0)).toEqual([1, 3, 0]);
});

test('[D2] a wire that is lost and comes back loses nothing that was known, and a clock put back takes the place of it', () => {
  const history = new SliceHistory('5m');
  history.accept(whole(12_000, slice(5_000, [1]), slice(10_000, [2])), null);
  history.accept(whole(40_000, slice(30_000, []), slice(35_000, [5])), null);
  expect(froms(history)).toEqual([5_000, 10_000, 30_000, 35_000]);
  history.accept(whole(9_000, slice(8_000, [7])), null);
  expect(froms(history)).toEqual([5_000, 8_000]);
});

test('[D2] paused, nothing that is shown is forgotten, nor the last hour of what comes; live again, what is old goes', () => {
  const history = new SliceHistory('1m');
  const held = { fromMs: 0, toMs: 60_000 };
  for (let t = 0; t < 3_000_000; t += 1000) {
    history.accept(news(t + 1000, slice(t, [4])), t >= 60_000 ? held : null);
  }
  expect(froms(history)).toEqual(Array.from({ length: 3000 }, (_, i) => i * 1000));
  for (let t = 3_000_000; t < 9_000_000; t += 1000) history.accept(news(t + 1000, slice(t, [4])), held);
  const kept = froms(history);
  expect(kept.slice(0, 61)).toEqual(Array.from({ length: 61 }, (_, i) => i * 1000));
  expect(kept.slice(61)).toEqual(Array.from({ length: 3899 }, (_, i) => 5_101_000 + i * 1000));
  history.accept(news(9_001_000, slice(9_000_000, [4])), null);
  expect(froms(history)[0]).toBeGreaterThan(8_800_000);
});

test('[C1] a whole is drawn at the next tick, what came since at the one after: not with all else that comes once a second', () => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false, addEventListener: () => undefined, removeEventListener: () => undefined });
  // A page always has something that ticks.
  const stop = onTick(() => undefined);
  const book = new SliceBook('5m');
  let drawn = 0;
  book.subscribe(() => {
    drawn += 1;
  });
  const drawnAfter = (ticks: number): number => {
    drawn = 0;
    vi.advanceTimersByTime(300 * ticks);
    return drawn;
  };
  book.accept('a', whole(90_000, slice(85_000, [1])), null);
  drawnAfter(1);
  book.accept('a', news(91_000, slice(85_000, [1, 2])), null);
  expect([drawnAfter(1), drawnAfter(1)]).toEqual([0, 1]);
  // A whole does not wait for what would.
  book.accept('a', news(92_000, slice(85_000, [1, 2, 3])), null);
  book.accept('b', whole(92_000, slice(85_000, [1])), null);
  expect([drawnAfter(1), drawnAfter(2)]).toEqual([1, 0]);
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('[D2] the axis ends where the drawn links were last heard: a clock that was put back is followed', () => {
  vi.stubGlobal('document', { hidden: true, addEventListener: () => undefined, removeEventListener: () => undefined });
  const book = new SliceBook('5m');
  book.follow(['a', 'b']);
  for (const name of ['a', 'b']) book.accept(name, whole(90_000, slice(85_000, [1])), null);
  book.follow(['b']);
  book.accept('b', whole(30_000, slice(25_000, [1])), null);
  expect([book.earliestMs, book.untilMs]).toEqual([25_000, 30_000]);
  vi.unstubAllGlobals();
});

test('[H1] a percentile at a point is that of the merged samples of the window before it, and says how many they are', () => {
  const samples = fc.array(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 6 }), {
    minLength: 20,
    maxLength: 70,
  });
  fc.assert(
    fc.property(samples, (perSlice) => {
      const history = new SliceHistory('5m');
      history.accept(whole(perSlice.length * 5000, ...perSlice.map((ms, i) => slice(i * 5000, ms))), null);
      const span = { fromMs: 0, toMs: perSlice.length * 5000 };
      const points = pointsOf(history.slices, '5m', span, []);
      for (const [i, point] of points.entries()) {
        const merged = new Histogram();
        for (const ms of perSlice.slice(Math.max(0, i - 11), i + 1).flat()) merged.add(ms * 1000);
        expect(point.count).toBe(merged.count);
        expect(point.figures?.p99 ?? null).toBe(merged.percentiles()?.p99Ms ?? null);
        expect(point.figures?.min ?? null).toBe(merged.percentiles()?.minMs ?? null);
      }
    }),
  );
});

test('[D2] no line crosses an outage, or a stretch in which nobody measured; few samples are a line of their own', () => {
  const history = new SliceHistory('5m');
  const many = Array.from({ length: 12 }, () => 5);
  const slices = [0, 5, 10, 15, 60, 65].map((s) => slice(s * 1000, s === 10 ? [] : many));
  history.accept(whole(70_000, ...slices), null);
  const points = pointsOf(history.slices, '5m', { fromMs: -230_000, toMs: 70_000 }, [
    { fromMs: 12_000, toMs: 16_000, paused: false },
  ]);
  const { rows, faint } = linesOf([{ points, quantile: 'p99' }], '5m');
  expect(rows.map(({ t, v0 }) => [t, v0])).toEqual([
    [5_000, null],
    [10_000, 5],
    [12_000, 5],
    [12_001, null],
    [20_000, 5],
    [20_001, null],
    [65_000, 5],
    [70_000, 5],
  ]);
  expect(lonePoints(rows, 0)).toEqual([{ t: 20_000, ms: 5 }]);
  expect(rows.slice(0, 2).map(({ w0 }) => w0)).toEqual([5, 5]);
  expect([...faint]).toEqual([0]);
  expect(pointAt(points, 62_000)?.t).toBe(65_000);
  expect(pointAt(points, 40_000)).toBeNull();
});

test('[D2] what was measured up to a loss is drawn up to it, and nothing of the outage after it', () => {
  const history = new SliceHistory('1h');
  const many = Array.from({ length: 121 }, () => 5);
  history.accept(whole(200_000, slice(0, many), slice(60_000, []), slice(120_000, []), slice(180_000, [7])), null);
  const span = { fromMs: -3_400_000, toMs: 200_000 };
  const points = pointsOf(history.slices, '1h', span, [{ fromMs: 42_000, toMs: 190_000, paused: false }]);
  expect(points.map(({ t, figures }) => [t, figures?.max ?? null])).toEqual([
    [42_000, 5],
    [120_000, null],
    [180_000, null],
    [200_000, 7],
  ]);
  const p50At = (t: number) => pointAt(points, t)?.figures?.p50 ?? null;
  expect([42_000, 42_001, 60_000, 195_000].map((t) => p50At(t) === null)).toEqual([false, true, true, false]);
  // Seen to a moment before the loss, or while it goes on
  const until = (toMs: number) =>
    pointsOf(history.slices, '1h', { fromMs: -3_400_000, toMs }, [{ fromMs: 42_000, toMs: null, paused: false }]).map(
      ({ t, figures }) => [t, figures?.max ?? null],
    );
  expect([until(40_000), until(70_000)]).toEqual([
    [[40_000, 5]],
    [
      [42_000, 5],
      [70_000, null],
    ],
  ]);
});

test('[D2] an outage breaks the line however short it is, and lies within one slice or in two', () => {
  const history = new SliceHistory('5m');
  const many = Array.from({ length: 25 }, () => 5);
  history.accept(whole(25_000, ...[0, 5, 10, 15, 20].map((s) => slice(s * 1000, many))), null);
  const rowsWith = (...away: readonly (readonly [number, number])[]) => {
    const outages = away.map(([fromMs, toMs]) => ({ fromMs, toMs, paused: false }));
    const points = pointsOf(history.slices, '5m', { fromMs: -275_000, toMs: 25_000 }, outages);
    return linesOf([{ points, quantile: 'p99' }], '5m').rows.map(({ t, v0 }) => (v0 === null ? '|' : t / 1000));
  };
  expect(rowsWith([11_000, 11_200])).toEqual([5, 10, '|', 15, 20, 25]);
  expect(rowsWith([14_000, 16_000])).toEqual([5, 10, 14, '|', 20, 25]);
  expect(rowsWith([11_000, 11_200], [14_000, 15_000])).toEqual([5, 10, '|', 14, '|', 20, 25]);
});

test('[D2] a row of several links stands at the end of its slice, though one of them was lost in it', () => {
  const history = new SliceHistory('5m');
  history.accept(whole(10_000, slice(0, [5]), slice(5_000, [5])), null);
  const pointsWith = (fromMs: number) =>
    pointsOf(history.slices, '5m', { fromMs: -290_000, toMs: 10_000 }, [{ fromMs, toMs: null, paused: false }]);
  const sources = [8_000, 20_000].map((fromMs) => ({ points: pointsWith(fromMs), quantile: 'p99' as const }));
  expect(linesOf(sources, '5m').rows.map(({ t, w0, w1 }) => [t, w0, w1])).toEqual([
    [5_000, 5, 5],
    [10_000, 5, 5],
  ]);
});

test('[D2] points of links whose clocks were slewed a little share their rows', () => {
  const history = (shiftMs: number) => {
    const made = new SliceHistory('5m');
    made.accept(whole(20_000, ...[0, 5000, 10_000].map((t) => slice(t + shiftMs, [3, 4]))), null);
    return pointsOf(made.slices, '5m', { fromMs: -280_000, toMs: 20_000 }, []);
  };
  const { rows } = linesOf(
    [-30, 0, 45].map((shift) => ({ points: history(shift), quantile: 'p99' })),
    '5m',
  );
  expect(rows).toHaveLength(3);
  expect(rows.every((row) => row.w0 === 4 && row.w1 === 4 && row.w2 === 4)).toBe(true);
});

test('[D2] the axis stands still while it is paused, can be moved within what is known, and goes back to now', () => {
  const scope = new TimeScope('5m');
  expect([scope.toMs, scope.held()]).toEqual([null, null]);
  scope.pause();
  expect(scope.pausedMs).toBeNull();
  scope.heard(1_000_400, 400_000);
  expect(scope.toMs).toBe(1_000_000);
  scope.pause();
  scope.heard(1_050_000, 400_000);
  expect([scope.toMs, scope.held()]).toEqual([1_000_000, { fromMs: 700_000, toMs: 1_000_000 }]);
  scope.scrub(-60_000);
  expect(scope.toMs).toBe(940_000);
  scope.scrub(-9e9);
  expect(scope.toMs).toBe(430_000);
  scope.scrub(9e9);
  expect(scope.toMs).toBe(1_050_000);
  scope.range = '1h';
  expect(scope.toMs).toBe(1_050_000);
  scope.goLive();
  expect(scope.toMs).toBe(1_044_000);
});
