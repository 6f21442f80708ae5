import { useEffect, useMemo } from 'react';
import type { SliceRange } from '../../shared/slices.ts';
import { type Engine, selectEvents } from '../store/engine.ts';
import { isStale, useEngine, useEngineState } from '../store/hooks.ts';
import { whileSeen } from '../store/seen.ts';
import { SliceBook, useSlices, useWholes } from '../store/sliceHooks.ts';
import { type Mark, marksOf } from './marks.ts';
import { awayOf, keptSince } from './outages.ts';
import { type Point, pointsOf } from './points.ts';
import { type Span, type TimeScope, usePageScope, useSpan } from './timeScope.ts';

export interface ChartData {
  /** The stretch that is drawn, `null` before the first numbers. */
  readonly span: Span | null;
  /** The points of each link, in the order asked. */
  readonly points: readonly (readonly Point[])[];
  readonly marks: readonly Mark[];
  /** Where the stretch begins before the events that are kept: since when those are. */
  readonly eventsSinceMs: number | null;
}

const NO_MARKS: readonly Mark[] = [];

/** What all charts of a page share: its time axis, and what was read. Paused, both outlive the part that shows them. */
export interface PageTime {
  readonly scope: TimeScope;
  readonly book: SliceBook;
}

/** What was read last outlives its page: with the engine gone it does not come again. */
const lastBooks = new WeakMap<Engine, SliceBook>();

/** Another range begins a new book. */
export function usePageTime(range: SliceRange): PageTime {
  const engine = useEngine();
  const scope = usePageScope(range);
  return useMemo(() => {
    const last = lastBooks.get(engine);
    const book = last?.range === range ? last : new SliceBook(range);
    lastBooks.set(engine, book);
    return { scope, book };
  }, [engine, scope, range]);
}

/** Points and marks of some links on the page's time axis, made anew when that moves. */
export function useChartData(names: readonly string[], { scope, book }: PageTime): ChartData {
  const { range } = book;
  useSlices(names, book, scope.held);
  const wholes = useWholes(book);
  const events = useEngineState(selectEvents);
  const { store } = useEngine();
  useEffect(() => {
    const hear = (): void => {
      if (book.untilMs !== null) scope.heard(book.untilMs, book.earliestMs ?? book.untilMs);
    };
    // Else what is of now comes in a moment.
    if (isStale(store.getState(), performance.now())) hear();
    return whileSeen((told) => book.subscribe(told), hear);
  }, [book, scope, store]);
  // Nothing points any more once the charts are gone
  useEffect(() => () => scope.point(null), [scope]);
  const span = useSpan();
  const fromMs = span?.fromMs ?? null;
  const toMs = span?.toMs ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the book changes inside, as the axis moves or a whole comes
  const points = useMemo(() => {
    if (fromMs === null || toMs === null) return names.map(() => []);
    return names.map((name) => pointsOf(book.of(name).slices, range, { fromMs, toMs }, awayOf(events, name)));
  }, [book, wholes, names, range, fromMs, toMs, events]);
  const marks = useMemo(
    () => (fromMs === null || toMs === null ? NO_MARKS : marksOf(events, new Set(names), { fromMs, toMs })),
    [events, names, fromMs, toMs],
  );
  const since = useMemo(() => keptSince(events, new Set(names)), [events, names]);
  const eventsSinceMs = since !== null && fromMs !== null && since > fromMs ? since : null;
  return { span, points, marks, eventsSinceMs };
}
