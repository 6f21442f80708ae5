const KEPT = 100;

/** The last 100 pings of one socket: what rows H4 and H5 judge. */
export class PingRecord {
  /** RTT in ms, or `null` for a missed one; oldest first. */
  readonly #outcomes: (number | null)[] = [];

  answered(rttMs: number): void {
    this.#push(rttMs);
  }

  missed(): void {
    this.#push(null);
  }

  get count(): number {
    return this.#outcomes.length;
  }

  /** Percent of them answered in time. */
  get successPercent(): number {
    const answered = this.#outcomes.filter((outcome) => outcome !== null).length;
    return this.count === 0 ? 100 : (100 * answered) / this.count;
  }

  /** p99 of the answered ones, ms; `null` without any. */
  get p99Ms(): number | null {
    const sorted = this.#outcomes.filter((outcome) => outcome !== null).sort((a, b) => a - b);
    return sorted[Math.max(1, Math.ceil(0.99 * sorted.length)) - 1] ?? null;
  }

  #push(outcome: number | null): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length > KEPT) this.#outcomes.shift();
  }
}
