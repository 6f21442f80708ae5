import type { LagView } from '../../../shared/feedLatency.ts';
import { BUCKETS, bucketOf, Histogram } from '../../../shared/histogram.ts';

/** Adds slices up: counts side by side, one number a bucket, so that adding costs the same wherever a bucket lies. */
export class SliceSum {
  readonly #counts = new Uint32Array(BUCKETS);
  readonly #lags: LagView[] = [];
  #lowest = BUCKETS;
  #highest = -1;
  samples = 0;
  sumUs = 0;
  minUs = Number.POSITIVE_INFINITY;
  maxUs = 0;
  stalled = 0;

  add(us: number): void {
    this.bucket(bucketOf(us), 1);
    this.sums(us, us, us);
  }

  bucket(bucket: number, count: number): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    this.samples += count;
    if (bucket < this.#lowest) this.#lowest = bucket;
    if (bucket > this.#highest) this.#highest = bucket;
  }

  sums(sumUs: number, minUs: number, maxUs: number): void {
    this.sumUs += sumUs;
    if (minUs < this.minUs) this.minUs = minUs;
    if (maxUs > this.maxUs) this.maxUs = maxUs;
  }

  lag(lag: LagView): void {
    this.#lags.push(lag);
  }

  /** The median of the medians, each as heavy as its samples; the largest of the maxima. */
  get lagView(): LagView | null {
    if (this.#lags.length < 2) return this.#lags[0] ?? null;
    const samples = this.#lags.reduce((sum, lag) => sum + lag.samples, 0);
    const sorted = this.#lags.toSorted((a, b) => a.medianMs - b.medianMs);
    let seen = 0;
    const middle = sorted.find((lag) => {
      seen += lag.samples;
      return seen * 2 >= samples;
    });
    return { medianMs: middle?.medianMs ?? 0, maxMs: Math.max(...sorted.map((lag) => lag.maxMs)), samples };
  }

  get isEmpty(): boolean {
    return this.samples === 0 && this.stalled === 0 && this.#lags.length === 0;
  }

  /** How many different buckets were hit. */
  get buckets(): number {
    let buckets = 0;
    this.eachBucket(() => {
      buckets += 1;
    });
    return buckets;
  }

  eachBucket(visit: (bucket: number, count: number) => void): void {
    for (let bucket = this.#lowest; bucket <= this.#highest; bucket += 1) {
      const count = this.#counts[bucket] as number;
      if (count > 0) visit(bucket, count);
    }
  }

  histogram(): Histogram {
    const buckets: number[] = [];
    this.eachBucket((bucket, count) => buckets.push(bucket, count));
    return Histogram.decode({ buckets, sumUs: this.sumUs, minUs: this.minUs, maxUs: this.maxUs });
  }

  clear(): void {
    if (this.#highest >= 0) this.#counts.fill(0, this.#lowest, this.#highest + 1);
    this.#lags.length = 0;
    this.#lowest = BUCKETS;
    this.#highest = -1;
    this.samples = 0;
    this.sumUs = 0;
    this.minUs = Number.POSITIVE_INFINITY;
    this.maxUs = 0;
    this.stalled = 0;
  }
}
