import type { SkewView } from '../../shared/feedLatency.ts';
import type { Preset } from '../../shared/preset.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import { stampMs } from './link/contentClock.ts';
import { jsonField } from './link/jsonField.ts';
import type { Ports } from './ports.ts';
import { Timers } from './timers.ts';

type ClockRule = NonNullable<Preset['clock']>;

const FIRST_SAMPLES = 5;
const FIRST_EVERY_MS = 2_000;
const EVERY_MS = 10 * 60_000;
const KEPT = 8;
/** This machine's two clocks came apart by so much from one look to the next: the wall clock was set, or it slept. */
const STEP_MS = 5;
/** How far a clock may run away from a venue's in the time since a sample. */
const DRIFT = 100e-6;

/** Half a unit: a stamp in whole seconds says no more. */
const RESOLUTION_MS = { s: 500, ms: 0.5, us: 0.0005, ns: 0, iso: 0.5 } as const;

export interface SkewSample {
  /** Venue time less ours at the middle of the round trip, ms. */
  readonly offsetMs: number;
  /** Half the round trip and half the stamp's unit: the offset is off by at most this. */
  readonly errorMs: number;
}

/** One that was taken at a moment. */
interface Taken extends SkewSample {
  readonly at: MonoMs;
  /** Our wall clock less our monotonic one then, ms. */
  readonly lead: number;
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
  readonly #asked = new Map<string, { readonly rule: ClockRule; samples: Taken[]; asks: number }>();
  /** Our wall clock less our monotonic one at the last look, ms: the two drift by more than a step in minutes. */
  #leadSeen: number;
  #stopped = false;

  constructor(ports: Pick<Ports, 'clock' | 'fetchText'>) {
    this.#ports = ports;
    this.#timers = new Timers(ports.clock);
    this.#leadSeen = this.#lead;
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
    return bestSample((this.#asked.get(url)?.samples ?? []).flatMap((one) => this.#asOfNow(one) ?? []));
  }

  /** Call about once a second: where the wall clock was set all venues are asked anew. */
  look(): void {
    for (const [url, asked] of this.#asked) {
      const valid = asked.samples.filter((one) => this.#asOfNow(one) !== null);
      if (valid.length === asked.samples.length) continue;
      asked.samples = valid;
      asked.asks = 0;
      this.#timers.arm(url, 0, () => void this.#ask(url));
    }
    this.#leadSeen = this.#lead;
  }

  get #lead(): number {
    return this.#ports.clock.wall() - this.#ports.clock.now();
  }

  /** The older a sample the less it says; `null` if it is from before a step of the wall clock. */
  #asOfNow({ offsetMs, errorMs, at, lead }: Taken): SkewSample | null {
    const apartMs = Math.abs(this.#lead - lead);
    const hasStepped = Math.abs(this.#lead - this.#leadSeen) > STEP_MS;
    if (hasStepped && apartMs > STEP_MS) return null;
    return { offsetMs, errorMs: errorMs + apartMs + elapsedMs(at, this.#ports.clock.now()) * DRIFT };
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.stop();
  }

  async #ask(url: string): Promise<void> {
    const { clock, fetchText } = this.#ports;
    const sentAt = clock.now();
    const sentWall = clock.wall();
    const lead = this.#lead;
    const text = await fetchText(url).catch(() => null);
    const asked = this.#asked.get(url);
    if (this.#stopped || asked === undefined) return;
    asked.asks += 1;
    const roundTripMs = elapsedMs(sentAt, clock.now());
    const source = text === null ? null : jsonField(text.trim(), asked.rule.field.split('.'));
    const venueMs = source === null ? null : stampMs(source, asked.rule.unit);
    // A clock that was set meanwhile makes the middle of the round trip unknown.
    if (venueMs !== null && Math.abs(this.#lead - lead) <= STEP_MS) {
      asked.samples.push({
        offsetMs: venueMs - (sentWall + roundTripMs / 2),
        errorMs: roundTripMs / 2 + RESOLUTION_MS[asked.rule.unit],
        at: clock.now(),
        lead,
      });
      if (asked.samples.length > KEPT) asked.samples.shift();
    }
    const delayMs = asked.asks < FIRST_SAMPLES ? FIRST_EVERY_MS : EVERY_MS;
    this.#timers.arm(url, delayMs, () => void this.#ask(url));
  }
}
