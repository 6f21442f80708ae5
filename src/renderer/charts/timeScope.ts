import { createContext, useContext, useMemo, useState, useSyncExternalStore } from 'react';
import { SLICE_SHAPES, type SliceRange } from '../../shared/slices.ts';

/** What a person points at: a moment, and, where it was a chart with a height, how far down (0 to 1). */
export interface Cursor {
  readonly t: number;
  readonly down: number | null;
}

/** A stretch of time on the axis. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** So many steps fill the axis: a smaller one would not be seen. */
const STEPS = 300;
const SECOND_MS = 1000;

/**
 * The time axis that all charts of a page share: which stretch they show, whether it stands still, and the moment that is
 * pointed at. The axis and the pointer have listeners of their own, so that pointing draws no chart.
 */
export class TimeScope {
  /** Another range shows the same moment. */
  range: SliceRange;
  #liveMs: number | null = null;
  #earliestMs = Number.NEGATIVE_INFINITY;
  #pausedMs: number | null = null;
  #cursor: Cursor | null = null;
  readonly #onSpan = new Set<() => void>();
  readonly #onCursor = new Set<() => void>();

  constructor(range: SliceRange) {
    this.range = range;
  }

  /** The axis as it is drawn; `null` as long as nothing is known. */
  get toMs(): number | null {
    if (this.#pausedMs !== null) return this.#pausedMs;
    if (this.#liveMs === null) return null;
    const stepMs = Math.max(SECOND_MS, SLICE_SHAPES[this.range].rangeMs / STEPS);
    return Math.floor(this.#liveMs / stepMs) * stepMs;
  }

  get pausedMs(): number | null {
    return this.#pausedMs;
  }

  get liveMs(): number | null {
    return this.#liveMs;
  }

  get cursor(): Cursor | null {
    return this.#cursor;
  }

  /** What must not be forgotten, while the axis stands still. */
  readonly held = (): Span | null => {
    if (this.#pausedMs === null) return null;
    return { fromMs: this.#pausedMs - SLICE_SHAPES[this.range].rangeMs, toMs: this.#pausedMs };
  };

  /** The engine was heard until `liveMs`; nothing is known of before `earliestMs`. */
  heard(liveMs: number, earliestMs: number): void {
    const before = this.toMs;
    this.#liveMs = liveMs;
    this.#earliestMs = earliestMs;
    if (this.toMs !== before) tell(this.#onSpan);
  }

  pause(): void {
    if (this.#pausedMs !== null || this.toMs === null) return;
    this.#pausedMs = this.toMs;
    tell(this.#onSpan);
  }

  goLive(): void {
    if (this.#pausedMs === null) return;
    this.#pausedMs = null;
    tell(this.#onSpan);
  }

  toggle(): void {
    if (this.#pausedMs === null) this.pause();
    else this.goLive();
  }

  /** Moves the axis, which then stands still; not past what is known, and at least a tenth of it stays filled. */
  scrub(byMs: number): void {
    this.pause();
    if (this.#pausedMs === null || this.#liveMs === null) return;
    const { rangeMs } = SLICE_SHAPES[this.range];
    const earliest = Math.min(this.#earliestMs + rangeMs / 10, this.#liveMs);
    const to = Math.round(Math.min(this.#liveMs, Math.max(earliest, this.#pausedMs + byMs)));
    if (to === this.#pausedMs) return;
    this.#pausedMs = to;
    tell(this.#onSpan);
  }

  point(cursor: Cursor | null): void {
    if (cursor === null && this.#cursor === null) return;
    this.#cursor = cursor;
    tell(this.#onCursor);
  }

  readonly followSpan = (listener: () => void): (() => void) => follow(this.#onSpan, listener);
  readonly followCursor = (listener: () => void): (() => void) => follow(this.#onCursor, listener);
}

function tell(listeners: ReadonlySet<() => void>): void {
  for (const listener of listeners) listener();
}

function follow(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const TimeScopeContext = createContext<TimeScope | null>(null);

/** The time axis of a page. It stays where it is when the range changes. */
export function usePageScope(range: SliceRange): TimeScope {
  const [scope] = useState(() => new TimeScope(range));
  scope.range = range;
  return scope;
}

export function useTimeScope(): TimeScope {
  const scope = useContext(TimeScopeContext);
  if (scope === null) throw new Error('a chart stands outside of TimeScopeContext');
  return scope;
}

/** The stretch of time that is drawn; `null` as long as nothing is known. */
export function useSpan(): Span | null {
  const scope = useTimeScope();
  const toMs = useSyncExternalStore(scope.followSpan, () => scope.toMs);
  const { rangeMs } = SLICE_SHAPES[scope.range];
  return useMemo(() => (toMs === null ? null : { fromMs: toMs - rangeMs, toMs }), [toMs, rangeMs]);
}

export function useCursor(): Cursor | null {
  const scope = useTimeScope();
  return useSyncExternalStore(scope.followCursor, () => scope.cursor);
}

export function usePausedMs(): number | null {
  const scope = useTimeScope();
  return useSyncExternalStore(scope.followSpan, () => scope.pausedMs);
}
