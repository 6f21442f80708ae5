/** One metric with a value for each link or pool. Names and units by Prometheus' rules; `null`: no sample. */
export interface MetricRow<T> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly value: (of: T) => number | null;
  /** Says how it is now, not what has been: no sample while the engine is not heard. */
  readonly isOfNow?: boolean;
}
