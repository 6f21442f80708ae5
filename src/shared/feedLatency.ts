/** The venue's clock less ours, ms, and by how much that can be wrong at most (row H7). */
export interface SkewView {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** Arrival less event time of recent frames, ms (row H7), before the venue's skew is added. */
export interface LagView {
  readonly medianMs: number;
  readonly maxMs: number;
  readonly samples: number;
}

/** Feed latency: what is left of the lag when the clocks are set alike, with the error bar; `null` bar: skew unknown. */
export function feedLatency(
  lag: LagView,
  skew: SkewView | null,
): { readonly medianMs: number; readonly errorMs: number | null } {
  return { medianMs: lag.medianMs + (skew?.offsetMs ?? 0), errorMs: skew?.errorMs ?? null };
}
