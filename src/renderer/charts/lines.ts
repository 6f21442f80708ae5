import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';
import { isFaint, isHole, loneAmong, type Point, type Quantile } from './points.ts';

/** One moment of all lines: `v` and a line's number where enough samples stand behind it, `w` where they do not. */
export interface LineRow {
  t: number;
  /** It stands between two slices, only so that a line ends. */
  gap?: true;
  [key: `${'v' | 'w'}${number}`]: number | null;
}

/** One line: where its points come from, and which figure it shows. */
export interface LineSource {
  readonly points: readonly Point[];
  readonly quantile: Quantile;
}

export interface Lines {
  readonly rows: readonly LineRow[];
  /** Lines of which some points rest on few samples. */
  readonly faint: ReadonlySet<number>;
}

/** The points of a line that are no part of a stroke. */
export function lonePoints(
  rows: readonly LineRow[],
  line: number,
): readonly { readonly t: number; readonly ms: number }[] {
  const msAt = (index: number): number | null => rows[index]?.[`v${line}`] ?? rows[index]?.[`w${line}`] ?? null;
  return loneAmong(rows.length, msAt).map((index) => ({ t: (rows[index] as LineRow).t, ms: msAt(index) ?? 0 }));
}

/**
 * Rows for a line chart. A point of few samples belongs to the dotted line, and so does the point before or after it, where
 * the two meet. Where a line must not lead on there is a row without values.
 */
export function linesOf(sources: readonly LineSource[], range: SliceRange): Lines {
  const rows = new Map<number, LineRow>();
  const faint = new Set<number>();
  const startMs = sources.find(({ points }) => points.length > 0)?.points[0]?.slice.fromMs ?? 0;
  // All links' slices lie on one grid, but for the little that the wall clock was slewed between two frames.
  const placeOf = ({ slice }: Point): number => Math.round((slice.fromMs - startMs) / SLICE_SHAPES[range].sliceMs);
  const rowAt = (place: number, t: number): LineRow => {
    const row = rows.get(place) ?? { t };
    rows.set(place, row);
    return row;
  };
  for (const [line, { points, quantile }] of sources.entries()) {
    for (const [at, point] of points.entries()) {
      const [before, after] = [points[at - 1], points[at + 1]];
      const value = point.figures?.[quantile] ?? null;
      const row = rowAt(placeOf(point), point.t);
      // Where one link was lost in a slice, the others have all of it.
      row.t = Math.max(row.t, point.t);
      row[`v${line}`] = isFaint(point) ? null : value;
      if (isFaint(point) || isFaint(before) || isFaint(after)) row[`w${line}`] = value;
      if (isFaint(point)) faint.add(line);
      if (before !== undefined && isHole(before, point, range)) {
        const blank = rowAt(placeOf(before) + 0.5, before.t + 1);
        blank.gap = true;
        blank[`v${line}`] = null;
        blank[`w${line}`] = null;
      }
    }
  }
  return { rows: [...rows.values()].sort((a, b) => a.t - b.t), faint };
}
