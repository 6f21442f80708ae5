import type { SliceSum } from './sliceSum.ts';

/** The most bytes that each part of a slice can take. */
const MOST_HEAD = 20;
const MOST_LAG = 20;
const MOST_SUMS = 20;
const MOST_PAIR = 4;
const NO_BYTES = new Uint8Array(0);
const STALLED = 1;
const LAG = 2;
/** What is left of the head says how many buckets follow; one sample is its own duration and has none. */
const BUCKETS_FROM = 4;
const ONE_SAMPLE = BUCKETS_FROM;

/**
 * Slices one after the other in one array of bytes, oldest first: two to three bytes a bucket, where a histogram of its own
 * takes a few hundred before it holds anything. Appended at the end, taken off at the front, read from front to end.
 */
export class PackedSlices {
  #bytes = NO_BYTES;
  #start = 0;
  #end = 0;
  /** The slice taken off last, and the one appended last: indices are kept as steps. */
  #before = 0;
  #last = 0;
  #first: number | null = null;
  #at = 0;

  get firstIndex(): number | null {
    return this.#first;
  }

  /** `index` must be higher than the last one. */
  append(index: number, sum: SliceSum): void {
    const lag = sum.lagView;
    this.#makeRoom(
      MOST_HEAD + (lag === null ? 0 : MOST_LAG) + (sum.samples > 1 ? MOST_SUMS + MOST_PAIR * sum.samples : 0),
    );
    if (this.#first === null) {
      this.#first = index;
      this.#before = index;
      this.#last = index;
    }
    this.#put(index - this.#last);
    this.#last = index;
    const buckets = sum.samples > 1 ? sum.buckets : 0;
    const follows = sum.samples === 1 ? ONE_SAMPLE : buckets === 0 ? 0 : (buckets + 1) * BUCKETS_FROM;
    this.#put(follows + (lag === null ? 0 : LAG) + (sum.stalled > 0 ? STALLED : 0));
    if (sum.stalled > 0) this.#put(sum.stalled);
    if (lag !== null) {
      const medianUs = Math.round(lag.medianMs * 1000);
      this.#put(medianUs < 0 ? -2 * medianUs - 1 : 2 * medianUs);
      this.#put(Math.max(0, Math.round(lag.maxMs * 1000) - medianUs));
      this.#put(lag.samples);
    }
    if (sum.samples === 1) return this.#put(sum.sumUs);
    if (buckets === 0) return;
    this.#put(sum.minUs);
    this.#put(sum.maxUs - sum.minUs);
    this.#put(sum.sumUs - sum.minUs * sum.samples);
    let previous = 0;
    sum.eachBucket((bucket, count) => {
      this.#put(bucket - previous);
      this.#put(count);
      previous = bucket;
    });
  }

  /** Takes the oldest slice off and adds it to `sum`. */
  shiftInto(sum: SliceSum): void {
    if (this.#first === null) return;
    this.#at = this.#start;
    this.#before += this.#take();
    this.#read(sum);
    this.#start = this.#at;
    if (this.#start === this.#end) {
      this.#first = null;
      this.#start = 0;
      this.#end = 0;
      return;
    }
    this.#first = this.#before + this.#take();
  }

  /** Shows every slice in turn; `sum()` answers where to add it, `null` leaves it out. */
  each(sum: (index: number) => SliceSum | null): void {
    let index = this.#before;
    this.#at = this.#start;
    while (this.#at < this.#end) {
      index += this.#take();
      this.#read(sum(index));
    }
  }

  #read(sum: SliceSum | null): void {
    const head = this.#take();
    const stalled = head & STALLED ? this.#take() : 0;
    if (sum !== null) sum.stalled += stalled;
    if (head & LAG) {
      const zigzag = this.#take();
      const medianUs = zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
      const maxUs = medianUs + this.#take();
      const samples = this.#take();
      sum?.lag({ medianMs: medianUs / 1000, maxMs: maxUs / 1000, samples });
    }
    const form = Math.floor(head / BUCKETS_FROM);
    if (form === 1) {
      const us = this.#take();
      sum?.add(us);
    }
    if (form < 2) return;
    const minUs = this.#take();
    const maxUs = minUs + this.#take();
    const overUs = this.#take();
    let bucket = 0;
    let samples = 0;
    for (let left = form - 1; left > 0; left -= 1) {
      bucket += this.#take();
      const count = this.#take();
      samples += count;
      sum?.bucket(bucket, count);
    }
    sum?.sums(overUs + minUs * samples, minUs, maxUs);
  }

  /** Seven bits a byte, the lowest first, as long as there are more. */
  #put(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#end++] = rest;
  }

  #take(): number {
    let byte = this.#bytes[this.#at++] as number;
    if (byte < 128) return byte;
    let value = byte - 128;
    let scale = 128;
    do {
      byte = this.#bytes[this.#at++] as number;
      value += (byte % 128) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  }

  #makeRoom(needed: number): void {
    if (this.#end + needed <= this.#bytes.length) return;
    const held = this.#end - this.#start;
    const wanted = held + needed;
    // What was taken off at the front is room again; a quarter more, so that not every slice has to move the others.
    const target = wanted <= this.#bytes.length * 0.75 ? this.#bytes : new Uint8Array(Math.ceil(wanted * 1.25));
    target.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = target;
    this.#start = 0;
    this.#end = held;
  }
}
