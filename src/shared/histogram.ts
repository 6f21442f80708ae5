/**
 * A histogram of durations that merges across time, links and processes without losing precision.
 *
 * Layout: microseconds; one bucket per microsecond below 64, then 64 buckets per power of two up to 2^27 us (134 s).
 * A quantile is the middle of its bucket, so it is within 0.8 % of the sorted sample of the same rank; minimum, maximum
 * and mean are exact. Stored sparsely: memory follows the number of distinct buckets, not the range.
 */

const SUB_BUCKETS = 64;
const FIRST_OCTAVE = 6;
const LAST_OCTAVE = 26;

/** The largest duration that is told apart, in microseconds; longer ones land in the last bucket. */
export const HIGHEST_US = 2 ** (LAST_OCTAVE + 1) - 1;

/** Buckets are numbered from 0 to one less than this. */
export const BUCKETS = (LAST_OCTAVE - FIRST_OCTAVE + 2) * SUB_BUCKETS;

/** What goes over the wire, into history and to the chart: `[bucket, count, bucket, count, ...]` in rising order. */
export interface EncodedHistogram {
  readonly buckets: readonly number[];
  readonly sumUs: number;
  readonly minUs: number;
  readonly maxUs: number;
}

/** Figures over a window, milliseconds; `count` says how many samples stand behind them. */
export interface Percentiles {
  readonly count: number;
  readonly minMs: number;
  readonly avgMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

/** Of several histograms; microseconds. */
export interface Together {
  readonly count: number;
  readonly minUs: number;
  readonly maxUs: number;
  readonly quantilesUs: readonly number[];
}

/** How often each bucket was met while several histograms are read together; zero in between. */
const COUNTS = new Uint32Array(BUCKETS);

export class Histogram {
  /** `[bucket, count, ...]`, rising by bucket. One flat array keeps a sparse slice around a hundred bytes. */
  #pairs: number[] = [];
  #count = 0;
  #sumUs = 0;
  #minUs = Number.POSITIVE_INFINITY;
  #maxUs = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds one duration in microseconds. Throws a RangeError for a negative or non-finite one: that is a clock bug. */
  add(us: number): void {
    if (!(us >= 0 && us < Number.POSITIVE_INFINITY)) throw new RangeError(`a duration must be 0 us or more, got ${us}`);
    const whole = Math.round(us);
    this.#addToBucket(bucketOf(whole), 1);
    this.#count += 1;
    this.#sumUs += whole;
    this.#minUs = Math.min(this.#minUs, whole);
    this.#maxUs = Math.max(this.#maxUs, whole);
  }

  merge(other: Histogram): void {
    const pairs = other.#pairs;
    for (let i = 0; i < pairs.length; i += 2) this.#addToBucket(pairs[i] as number, pairs[i + 1] as number);
    this.#count += other.#count;
    this.#sumUs += other.#sumUs;
    this.#minUs = Math.min(this.#minUs, other.#minUs);
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs);
  }

  clear(): void {
    this.#pairs = [];
    this.#count = 0;
    this.#sumUs = 0;
    this.#minUs = Number.POSITIVE_INFINITY;
    this.#maxUs = 0;
  }

  /**
   * The duration in microseconds at or below which the share `q` (0 to 1) of the samples lies: the middle of the bucket
   * of the sample of rank ceil(q * count), held between minimum and maximum. `null` without samples.
   */
  quantileUs(q: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    for (let i = 0; i < this.#pairs.length; i += 2) {
      seen += this.#pairs[i + 1] as number;
      if (seen >= rank) {
        return Math.min(this.#maxUs, Math.max(this.#minUs, middleUs(this.#pairs[i] as number)));
      }
    }
    return this.#maxUs;
  }

  percentiles(): Percentiles | null {
    if (this.#count === 0) return null;
    const ms = (q: number): number => (this.quantileUs(q) ?? 0) / 1000;
    return {
      count: this.#count,
      minMs: this.#minUs / 1000,
      avgMs: Math.round(this.#sumUs / this.#count) / 1000,
      maxMs: this.#maxUs / 1000,
      p50Ms: ms(0.5),
      p95Ms: ms(0.95),
      p99Ms: ms(0.99),
      p999Ms: ms(0.999),
    };
  }

  encode(): EncodedHistogram {
    return {
      buckets: this.#pairs.slice(),
      sumUs: this.#sumUs,
      minUs: this.#count === 0 ? 0 : this.#minUs,
      maxUs: this.#maxUs,
    };
  }

  /**
   * Figures of several histograms as if they were one, which is not made. `shares` rise; each is answered as by `quantileUs`.
   * `null` without samples.
   */
  static together(parts: readonly Histogram[], shares: readonly number[]): Together | null {
    const together = { count: 0, minUs: Number.POSITIVE_INFINITY, maxUs: 0, quantilesUs: [] as number[] };
    let [lowest, highest] = [BUCKETS, -1];
    for (const part of parts) {
      const pairs = part.#pairs;
      if (pairs.length === 0) continue;
      for (let i = 0; i < pairs.length; i += 2) {
        const bucket = pairs[i] as number;
        COUNTS[bucket] = (COUNTS[bucket] as number) + (pairs[i + 1] as number);
      }
      lowest = Math.min(lowest, pairs[0] as number);
      highest = Math.max(highest, pairs[pairs.length - 2] as number);
      together.count += part.#count;
      together.minUs = Math.min(together.minUs, part.#minUs);
      together.maxUs = Math.max(together.maxUs, part.#maxUs);
    }
    let [bucket, seen] = [lowest - 1, 0];
    for (const share of shares) {
      const rank = Math.max(1, Math.ceil(share * together.count));
      while (seen < rank && bucket < highest) seen += COUNTS[++bucket] as number;
      together.quantilesUs.push(Math.min(together.maxUs, Math.max(together.minUs, middleUs(bucket))));
    }
    COUNTS.fill(0, Math.max(0, lowest), highest + 1);
    return together.count === 0 ? null : together;
  }

  static decode(encoded: EncodedHistogram): Histogram {
    const histogram = new Histogram();
    histogram.#pairs = encoded.buckets.slice();
    for (let i = 1; i < histogram.#pairs.length; i += 2) histogram.#count += histogram.#pairs[i] as number;
    histogram.#sumUs = encoded.sumUs;
    histogram.#minUs = histogram.#count === 0 ? Number.POSITIVE_INFINITY : encoded.minUs;
    histogram.#maxUs = encoded.maxUs;
    return histogram;
  }

  #addToBucket(bucket: number, count: number): void {
    const pairs = this.#pairs;
    let low = 0;
    let high = pairs.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[middle * 2] as number) < bucket) low = middle + 1;
      else high = middle;
    }
    if (pairs[low * 2] === bucket) pairs[low * 2 + 1] = (pairs[low * 2 + 1] as number) + count;
    else pairs.splice(low * 2, 0, bucket, count);
  }
}

/** The bucket of a whole number of microseconds. */
export function bucketOf(us: number): number {
  if (us < SUB_BUCKETS) return us;
  const held = Math.min(us, HIGHEST_US);
  const octave = 31 - Math.clz32(held);
  return (octave - FIRST_OCTAVE + 1) * SUB_BUCKETS + ((held >> (octave - FIRST_OCTAVE)) - SUB_BUCKETS);
}

/** The microseconds that share a bucket: `fromUs` inclusive, `toUs` exclusive. */
export function bucketBoundsUs(bucket: number): { readonly fromUs: number; readonly toUs: number } {
  if (bucket < SUB_BUCKETS) return { fromUs: bucket, toUs: bucket + 1 };
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1;
  const fromUs = ((bucket % SUB_BUCKETS) + SUB_BUCKETS) * 2 ** shift;
  return { fromUs, toUs: fromUs + 2 ** shift };
}

function middleUs(bucket: number): number {
  const { fromUs, toUs } = bucketBoundsUs(bucket);
  return (fromUs + toUs - 1) / 2;
}
