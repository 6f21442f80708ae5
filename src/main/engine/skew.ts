import type { SkewView } from '../../shared/feedLatency.ts';
import type { Preset } from '../../shared/preset.ts';
import { elapsedMs } from '../../shared/units.ts';
import { stampMs } from './link/contentClock.ts';
import { jsonField } from './link/jsonField.ts';
import type { Ports } from './ports.ts';
import { Timers } from './timers.ts';

type ClockRule = NonNullable<Preset['clock']>;

const FIRST_SAMPLES = 5;
const FIRST_EVERY_MS = 2_000;
const EVERY_MS = 10 * 60_000;
const KEPT = 8;

/** Half a unit: a stamp in whole seconds says no more. */
const RESOLUTION_MS = { s: 500, ms: 0.5, us: 0.0005, ns: 0, iso: 0.5 } as const;

export interface SkewSample {
  /** Venue time less ours at the middle of the round trip, ms. */
  readonly offsetMs: number;
  /** Half the round trip and half the stamp's unit: the offset is off by at most this. */
  readonly errorMs: number;
}

/** The sample that can be off by least: the one of the fastest round trip. */
export function bestSample(samples: readonly SkewSample[]): SkewSample | null {
  return samples.reduce<SkewSample | null>(
    (best, one) => (best === null || one.errorMs < best.errorMs ? one : best),
    null,
  );
}

/**
 * How far each venue's clock is from ours (row H7), asked from its time endpoint: a few times at first, then every
 * ten minutes. A failed request says nothing and is not told: feed latency then has no error bar.
 */
export class SkewMeter {
  readonly #ports: Pick<Ports, 'clock' | 'fetchText'>;
  readonly #timers: Timers<string>;
  readonly #asked = new Map<string, { readonly rule: ClockRule; readonly samples: SkewSample[]; asks: number }>();
  #stopped = false;

  constructor(ports: Pick<Ports, 'clock' | 'fetchText'>) {
    this.#ports = ports;
    this.#timers = new Timers(ports.clock);
  }

  /** Measures exactly these clocks from now on. */
  measure(rules: readonly ClockRule[]): void {
    const wanted = new Map(rules.map((rule) => [rule.url, rule]));
    for (const url of this.#asked.keys()) {
      if (wanted.has(url)) continue;
      this.#asked.delete(url);
      this.#timers.disarm(url);
    }
    for (const [url, rule] of wanted) {
      if (this.#asked.has(url)) continue;
      this.#asked.set(url, { rule, samples: [], asks: 0 });
      this.#timers.arm(url, 0, () => void this.#ask(url));
    }
  }

  of(url: string): SkewView | null {
    const best = bestSample(this.#asked.get(url)?.samples ?? []);
    return best === null ? null : { offsetMs: best.offsetMs, errorMs: best.errorMs };
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.stop();
  }

  async #ask(url: string): Promise<void> {
    const { clock, fetchText } = this.#ports;
    const sentAt = clock.now();
    const sentWall = clock.wall();
    const text = await fetchText(url).catch(() => null);
    const asked = this.#asked.get(url);
    if (this.#stopped || asked === undefined) return;
    asked.asks += 1;
    const roundTripMs = elapsedMs(sentAt, clock.now());
    const source = text === null ? null : jsonField(text.trim(), asked.rule.field.split('.'));
    const venueMs = source === null ? null : stampMs(source, asked.rule.unit);
    if (venueMs !== null) {
      asked.samples.push({
        offsetMs: venueMs - (sentWall + roundTripMs / 2),
        errorMs: roundTripMs / 2 + RESOLUTION_MS[asked.rule.unit],
      });
      if (asked.samples.length > KEPT) asked.samples.shift();
    }
    const delayMs = asked.asks < FIRST_SAMPLES ? FIRST_EVERY_MS : EVERY_MS;
    this.#timers.arm(url, delayMs, () => void this.#ask(url));
  }
}
