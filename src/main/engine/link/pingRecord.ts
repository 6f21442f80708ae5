import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

const KEPT = 100;
/** Answered in time, and not measured. */
const UNMEASURED = -1;

/** What rows H4 and H5 judge: the last 100 pings of one socket that were answered in time or missed. */
export interface PingFigures {
  readonly count: number;
  /** Of these the ones that were measured, or missed. */
  readonly known: number;
  /** Percent of them answered in time. */
  readonly successPercent: number;
  /** p99 of the measured ones, ms; `null` without any. */
  readonly p99Ms: number | null;
}

const NOTHING: PingFigures = { count: 0, known: 0, successPercent: 100, p99Ms: null };

/** Keeps them. Where none was measured or missed for too long all before is forgotten: it tells nothing of now. */
export class PingRecord {
  /** RTT in ms, NaN for a missed one, or `UNMEASURED`, so that the array holds bare numbers; oldest first. */
  readonly #outcomes: number[] = [];
  readonly #keptMs: () => number;
  #known = 0;
  #missed = 0;
  #toldAt: MonoMs | null = null;
  /** Worked out when they are asked for, until the next ping. */
  #figures: PingFigures | null = null;

  /** `keptMs`: for so long after one was measured or missed they count. */
  constructor(keptMs: () => number) {
    this.#keptMs = keptMs;
  }

  /** `rttMs`: `null` where it measured nothing. */
  answered(rttMs: number | null, now: MonoMs): void {
    this.#push(rttMs ?? UNMEASURED, now);
  }

  missed(now: MonoMs): void {
    this.#push(Number.NaN, now);
  }

  /** Until when they count if no other follows. */
  get until(): number {
    return this.#toldAt === null ? Number.POSITIVE_INFINITY : this.#toldAt + this.#keptMs();
  }

  known(now: MonoMs): number {
    return this.#isOld(now) ? 0 : this.#known;
  }

  figures(now: MonoMs): PingFigures {
    if (this.#isOld(now)) return NOTHING;
    this.#figures ??= this.#worked();
    return this.#figures;
  }

  #worked(): PingFigures {
    const count = this.#outcomes.length;
    if (count === 0) return NOTHING;
    const sorted = this.#outcomes.filter((outcome) => outcome >= 0).sort((a, b) => a - b);
    return {
      count,
      known: this.#known,
      successPercent: (100 * (count - this.#missed)) / count,
      p99Ms: sorted[Math.max(1, Math.ceil(0.99 * sorted.length)) - 1] ?? null,
    };
  }

  #isOld(now: MonoMs): boolean {
    return this.#toldAt !== null && elapsedMs(this.#toldAt, now) > this.#keptMs();
  }

  #push(outcome: number, now: MonoMs): void {
    if (this.#isOld(now)) {
      this.#outcomes.length = 0;
      this.#known = 0;
      this.#missed = 0;
      this.#toldAt = null;
    }
    this.#figures = null;
    this.#outcomes.push(outcome);
    this.#count(outcome, 1);
    if (outcome !== UNMEASURED) this.#toldAt = now;
    if (this.#outcomes.length > KEPT) this.#count(this.#outcomes.shift() ?? UNMEASURED, -1);
  }

  #count(outcome: number, by: 1 | -1): void {
    if (outcome !== UNMEASURED) this.#known += by;
    if (Number.isNaN(outcome)) this.#missed += by;
  }
}
