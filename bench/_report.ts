/** Percentiles of raw samples by sorting: the yardstick that Warmwire's histograms are compared with. */
export function exactPercentile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => exactPercentile(values, 0.5);

export interface Report {
  readonly bench: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** Highest allowed value by ratio or figure. */
  readonly aims: Readonly<Record<string, number>>;
}

/** The last line of every bench: JSON, with `ok` true if every aim is met. */
export function printReport(report: Report): void {
  const measured = { ...report.figures, ...report.ratios };
  const ok = Object.entries(report.aims).every(
    ([name, limit]) => (measured[name] ?? Number.POSITIVE_INFINITY) <= limit,
  );
  process.stdout.write(`${JSON.stringify({ ...report, ok })}\n`);
}

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits));
