import type { SkewView } from '../../shared/feedLatency.ts';
import { csvOf, isoTime } from './csv.ts';
import { laneOf } from './laneData.ts';
import type { Point } from './points.ts';

/** A chart's numbers as rows, for the eye and for a file: the same ones. */
export interface ChartTable {
  /** With units. */
  readonly head: readonly string[];
  /** Oldest first; the first cell is the time, ms since 1970. */
  readonly rows: readonly (readonly [number, ...(number | null)[]])[];
}

/** Microseconds are what is measured: more digits would be invented. */
const us = (ms: number | null | undefined): number | null => (ms == null ? null : Math.round(ms * 1000) / 1000);

export function linkTable(points: readonly Point[], skew: SkewView | null): ChartTable {
  const lane = laneOf(points, skew);
  return {
    head: [
      'time',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'min ms',
      'max ms',
      'samples',
      'kept out: stall',
      'feed median ms',
      'own loop late ms',
    ],
    rows: points.map(({ t, figures, count }, i) => [
      t,
      us(figures?.p50),
      us(figures?.p95),
      us(figures?.p99),
      us(figures?.min),
      us(figures?.max),
      count,
      lane[i]?.stalledSamples ?? null,
      us(lane[i]?.feedMs),
      us(lane[i]?.loopMs),
    ]),
  };
}

/** The rows of a line chart of several links: a p99 each. */
export function linesTable(
  names: readonly string[],
  rows: readonly { readonly t: number }[],
  valueAt: (row: number, line: number) => number | null,
): ChartTable {
  return {
    head: ['time', ...names.map((name) => `${name} p99 ms`)],
    rows: rows.map(({ t }, row) => [t, ...names.map((_, line) => us(valueAt(row, line)))]),
  };
}

/** The same as a file: with ISO times. */
export function tableCsv({ head, rows }: ChartTable): string {
  return csvOf(
    head,
    rows.map(([t, ...values]) => [isoTime(t), ...values]),
  );
}
