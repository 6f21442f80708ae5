import type { SliceRange } from '../../shared/slices.ts';
import type { Axis } from './axis.ts';
import type { PlotBox } from './ChartFrame.tsx';
import type { Point } from './points.ts';
import type { Span } from './timeScope.ts';

/** One link over time, and the box it is drawn in. */
export interface Plotted {
  readonly plot: PlotBox;
  readonly points: readonly Point[];
  readonly range: SliceRange;
  readonly span: Span;
  readonly axis: Axis;
}
