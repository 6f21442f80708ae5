import { Histogram as PromHistogram, type Registry } from 'prom-client';
import { bucketBoundsUs, type EncodedHistogram } from '../../shared/histogram.ts';

export interface Filling {
  readonly labels: Readonly<Record<string, string>>;
  readonly histogram: EncodedHistogram;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * A Prometheus histogram whose counts come from elsewhere: prom-client's own can only be observed into, one sample at a
 * time, which would be a second count beside the engine's.
 */
export class FilledHistogram extends PromHistogram {
  readonly #name: string;
  readonly #help: string;
  readonly #boundsSecs: readonly number[];
  #samples: readonly Sample[] = [];

  constructor(registry: Registry, name: string, help: string, boundsSecs: readonly number[]) {
    super({ name, help, buckets: [...boundsSecs], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#boundsSecs = boundsSecs;
  }

  fill(all: readonly Filling[]): void {
    this.#samples = all.flatMap(({ labels, histogram }) => this.#samplesOf(labels, histogram));
  }

  /** What prom-client asks for when it writes the text. */
  async getForPromString() {
    return { name: this.#name, help: this.#help, type: 'histogram', values: this.#samples, aggregator: 'sum' };
  }

  #samplesOf(labels: Filling['labels'], histogram: EncodedHistogram): Sample[] {
    const { counts, total } = cumulative(histogram, this.#boundsSecs);
    const bucket = (le: string, value: number): Sample => ({
      metricName: `${this.#name}_bucket`,
      labels: { le, ...labels },
      value,
    });
    return [
      ...counts.map((value, index) => bucket(String(this.#boundsSecs[index]), value)),
      bucket('+Inf', total),
      { metricName: `${this.#name}_sum`, labels, value: histogram.sumUs / 1e6 },
      { metricName: `${this.#name}_count`, labels, value: total },
    ];
  }
}

/**
 * How many samples lie at or below each bound. A fine bucket that a bound falls into is counted by its middle, where our
 * own percentiles put its samples too: a sample within 0.8 % of a bound may stand on its other side.
 */
export function cumulative(
  { buckets }: EncodedHistogram,
  boundsSecs: readonly number[],
): { readonly counts: readonly number[]; readonly total: number } {
  const counts = boundsSecs.map(() => 0);
  let total = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const { fromUs, toUs } = bucketBoundsUs(buckets[i] as number);
    const count = buckets[i + 1] as number;
    const middleUs = (fromUs + toUs - 1) / 2;
    total += count;
    for (const [index, bound] of boundsSecs.entries()) {
      if (middleUs <= bound * 1e6) counts[index] = (counts[index] as number) + count;
    }
  }
  return { counts, total };
}
