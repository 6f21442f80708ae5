import { Histogram, type Percentiles } from '../../../shared/histogram.ts';
import type { PoolCounters } from '../../../shared/pool.ts';
import type { MonoMs } from '../../../shared/units.ts';

type Counter = keyof PoolCounters;

/** Everything that is counted of one pool, all origins together, since it was made. */
export class PoolBook {
  readonly startedAt: MonoMs;
  flushedAt: MonoMs | null = null;
  /** Rises with every change that a reader could see. */
  revision = 0;
  readonly #cold = new Histogram();
  readonly #warm = new Histogram();
  readonly #counters: Record<Counter, number> = {
    requests: 0,
    reused: 0,
    failures: 0,
    retries: 0,
    connects: 0,
    connectFailures: 0,
    tlsHandshakes: 0,
    closedByPeer: 0,
    flushes: 0,
  };

  constructor(now: MonoMs) {
    this.startedAt = now;
  }

  get counters(): Readonly<PoolCounters> {
    return { ...this.#counters };
  }

  count(counter: Counter): void {
    this.#counters[counter] += 1;
    this.revision += 1;
  }

  changed(): void {
    this.revision += 1;
  }

  cold(ms: number): void {
    this.#cold.add(ms * 1000);
  }

  warm(ms: number): void {
    this.#warm.add(ms * 1000);
  }

  flushed(now: MonoMs): void {
    this.flushedAt = now;
    this.count('flushes');
  }

  view(): {
    readonly counters: PoolCounters;
    readonly cold: Percentiles | null;
    readonly warm: Percentiles | null;
    readonly saving: { readonly ms: number; readonly percent: number } | null;
  } {
    const [cold, warm] = [this.#cold.percentiles(), this.#warm.percentiles()];
    const saving =
      cold === null || warm === null || cold.p50Ms === 0
        ? null
        : { ms: cold.p50Ms - warm.p50Ms, percent: (100 * (cold.p50Ms - warm.p50Ms)) / cold.p50Ms };
    return { counters: this.counters, cold, warm, saving };
  }
}
