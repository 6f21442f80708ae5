import type { LagView } from '../../../shared/feedLatency.ts';
import type { Preset } from '../../../shared/preset.ts';
import { elapsedMs, type MonoMs, type WallMs } from '../../../shared/units.ts';
import { jsonField } from './jsonField.ts';

type TimeUnit = NonNullable<Preset['event_time']>['unit'];

const KEPT = 200;
/** Lag is the median of so many messages: one stray stamp is none. */
const RECENT = 5;
/** A stamp further ahead of the venue's usual ones is one message's error. */
const AHEAD_MS = 2_000;
/** Two clocks drift apart by so much, and over a day that would look like lag: what is best wears off at this rate. */
const DRIFT = 50e-6;

const NONE_BELOW = { lastMs: Number.NEGATIVE_INFINITY, count: 0 };

/** The venue's time in a message as Unix milliseconds, `null` if it is none. `source` is JSON source text. */
export function stampMs(source: string, unit: TimeUnit): number | null {
  const text = source.startsWith('"') ? source.slice(1, -1) : source;
  const value = unit === 'iso' ? Date.parse(text) : Number(text);
  if (text === '' || !Number.isFinite(value)) return null;
  const scale = { iso: 1, ms: 1, s: 1000, us: 1 / 1000, ns: 1 / 1_000_000 };
  return value * scale[unit];
}

/**
 * How old the content of data frames is, by the venue's own stamps (rows H7, incident 2): frames that arrive while their
 * time stands still are a replay, and lag that grows is the early sign of a slow consumer.
 */
export class ContentClock {
  readonly #paths: readonly (readonly string[])[];
  readonly #unit: TimeUnit;
  #newestMs: number | null = null;
  /** Stamps that went on far below the newest, before it is known where they lie. */
  #below = NONE_BELOW;
  #advancedAt: MonoMs | null = null;
  /** Arrival of the last frame with a stamp: channels without any say nothing of its time. */
  #stampedAt: MonoMs | null = null;
  /** Arrival less event time of the last frames, ms; this machine's clock error included. */
  readonly #lags: number[] = [];
  readonly #steadyLags: number[] = [];
  #leastMs = Number.POSITIVE_INFINITY;
  #leastAt: MonoMs | null = null;
  #untaken = 0;

  constructor(rule: NonNullable<Preset['event_time']>) {
    this.#paths = rule.field.map((field) => field.split('.'));
    this.#unit = rule.unit;
  }

  /**
   * A data frame of the sample came. `steady`: the wall clock as it was when the socket opened, moved on by the monotonic
   * one, so that a clock that is set right is no lag. Only a frame whose time advances says how old frames are.
   */
  note(frame: Buffer, now: MonoMs, wall: WallMs, steady: WallMs): void {
    const source = this.#stampIn(frame.toString('utf8'));
    const eventMs = source === null ? null : stampMs(source, this.#unit);
    if (eventMs === null) return;
    this.#stampedAt = now;
    if (this.#newestMs !== null && eventMs <= this.#newestMs && !this.#wasStray(this.#newestMs, eventMs)) return;
    // A stray stamp far ahead of where this venue's stamps lie would make every later one look old.
    const usualMs = this.#steadyLags.length < RECENT ? null : steady - medianOf(this.#steadyLags);
    if (usualMs === null || eventMs <= usualMs + AHEAD_MS) this.#newestMs = eventMs;
    this.#advancedAt = now;
    keep(this.#lags, wall - eventMs, KEPT);
    this.#untaken += 1;
    keep(this.#steadyLags, steady - eventMs, RECENT);
    if (this.#steadyLags.length === RECENT) this.#learnLeast(now);
  }

  /** The newest was one message's error, told by the others before it is known where stamps lie: they begin anew. */
  #wasStray(newestMs: number, eventMs: number): boolean {
    if (this.#steadyLags.length >= RECENT || eventMs > newestMs - AHEAD_MS) return false;
    if (eventMs <= this.#below.lastMs) return false;
    this.#below = { lastMs: eventMs, count: this.#below.count + 1 };
    if (this.#below.count < RECENT) return false;
    this.#below = NONE_BELOW;
    this.#lags.length = 0;
    this.#steadyLags.length = 0;
    return true;
  }

  #learnLeast(now: MonoMs): void {
    const wornMs = this.#leastAt === null ? 0 : elapsedMs(this.#leastAt, now) * DRIFT;
    this.#leastAt = now;
    this.#leastMs = Math.min(this.#leastMs + wornMs, medianOf(this.#steadyLags));
  }

  #stampIn(text: string): string | null {
    for (const path of this.#paths) {
      const source = jsonField(text, path);
      if (source !== null) return source;
    }
    return null;
  }

  /** For how long frames have come whose time does not advance, ms; 0 while it does. */
  get frozenMs(): number {
    if (this.#advancedAt === null || this.#stampedAt === null) return 0;
    return elapsedMs(this.#advancedAt, this.#stampedAt);
  }

  /** Our clock was set anew: what is usual is learned again. */
  resync(): void {
    this.#steadyLags.length = 0;
    this.#leastMs = Number.POSITIVE_INFINITY;
    this.#leastAt = null;
  }

  /** How much older the last messages were than they have been at best, ms: a consumer that cannot keep up (incident 21). */
  get growthMs(): number {
    if (this.#steadyLags.length < RECENT) return 0;
    return Math.max(0, medianOf(this.#steadyLags) - this.#leastMs);
  }

  /** Median and highest of the last lags, ms, clock skew not yet taken off; `null` if none came within `withinMs`. */
  lag(now: MonoMs, withinMs: number): LagView | null {
    if (this.#advancedAt === null || elapsedMs(this.#advancedAt, now) > withinMs) return null;
    return lagOf(this.#lags);
  }

  /** The same of those that came since this was last asked. */
  takeLag(): LagView | null {
    if (this.#untaken === 0) return null;
    const lag = lagOf(this.#lags.slice(-this.#untaken));
    this.#untaken = 0;
    return lag;
  }
}

function lagOf(lags: readonly number[]): LagView | null {
  if (lags.length === 0) return null;
  return { medianMs: medianOf(lags), maxMs: Math.max(...lags), samples: lags.length };
}

function keep(values: number[], value: number, count: number): void {
  values.push(value);
  if (values.length > count) values.shift();
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
