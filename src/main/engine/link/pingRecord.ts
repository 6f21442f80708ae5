const KEPT = 100;

/** The last 100 pings of one socket: what rows H4 and H5 judge. */
export class PingRecord {
  /** RTT in ms, or NaN for a missed one, so that the array holds bare numbers; oldest first. */
  readonly #outcomes: number[] = [];
  #answered = 0;
  /** Worked out when it is asked for, until the next ping. */
  #p99Ms: number | null | undefined;

  answered(rttMs: number): void {
    this.#push(rttMs);
  }

  missed(): void {
    this.#push(Number.NaN);
  }

  get count(): number {
    return this.#outcomes.length;
  }

  /** Percent of them answered in time. */
  get successPercent(): number {
    return this.count === 0 ? 100 : (100 * this.#answered) / this.count;
  }

  /** p99 of the answered ones, ms; `null` without any. */
  get p99Ms(): number | null {
    if (this.#p99Ms !== undefined) return this.#p99Ms;
    const sorted = this.#outcomes.filter((outcome) => !Number.isNaN(outcome)).sort((a, b) => a - b);
    this.#p99Ms = sorted[Math.max(1, Math.ceil(0.99 * sorted.length)) - 1] ?? null;
    return this.#p99Ms;
  }

  #push(outcome: number): void {
    this.#p99Ms = undefined;
    this.#outcomes.push(outcome);
    if (!Number.isNaN(outcome)) this.#answered += 1;
    if (this.#outcomes.length <= KEPT) return;
    if (!Number.isNaN(this.#outcomes.shift())) this.#answered -= 1;
  }
}
