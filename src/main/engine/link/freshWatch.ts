import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import type { Timers } from '../timers.ts';
import { freshnessOf } from './freshness.ts';
import type { StreamWatch } from './streamWatch.ts';

export type FreshTimer = 'fresh';

/** A timer that is later than this ran on a machine that slept. */
const SLEPT_MS = 10_000;

export interface FreshListener {
  /** Told once a quiet time. */
  quiet(ageMs: number): void;
  /** No data for the limit: told once, nothing follows. */
  stale(ageMs: number): void;
  /** One subscription is that silent, and others are not. */
  staleSubscription(name: string): void;
}

/**
 * How old the data of one socket are (row L5).
 *
 * 1. One timer follows the data clocks lazily: it is not touched by a frame, it looks again when it is due.
 * 2. Time in which this machine was away is no silence.
 */
export class FreshWatch {
  readonly #clock: Clock;
  readonly #timers: Timers<FreshTimer>;
  readonly #streams: StreamWatch;
  readonly #config: () => LinkConfig;
  readonly #dataAt: () => MonoMs | null;
  readonly #wanted: () => number;
  readonly #listener: FreshListener;
  #limitMs: number;
  #openedAt: MonoMs | null = null;
  #graceFrom: MonoMs | null = null;
  #dueAt: MonoMs | null = null;
  #quietTold = false;

  constructor(parts: {
    clock: Clock;
    timers: Timers<FreshTimer>;
    streams: StreamWatch;
    config: () => LinkConfig;
    dataAt: () => MonoMs | null;
    /** Subscriptions that the socket was asked for. */
    wanted: () => number;
    /** Data silence that is too long, ms. */
    limitMs: number;
    listener: FreshListener;
  }) {
    this.#clock = parts.clock;
    this.#timers = parts.timers;
    this.#streams = parts.streams;
    this.#config = parts.config;
    this.#dataAt = parts.dataAt;
    this.#wanted = parts.wanted;
    this.#limitMs = parts.limitMs;
    this.#listener = parts.listener;
  }

  /** This machine was away until then; `null`: never. */
  get graceFrom(): MonoMs | null {
    return this.#graceFrom;
  }

  opened(now: MonoMs): void {
    this.#openedAt = now;
    this.#check();
  }

  /** Other settings, or another limit. */
  changed(limitMs: number): void {
    this.#limitMs = limitMs;
    this.#check();
  }

  /** This machine was away: what is old now is not yet the venue's fault. */
  grace(now: MonoMs): void {
    this.#graceFrom = now;
    this.#check();
  }

  #check(): void {
    const { expectsData, policy } = this.#config();
    const openedAt = this.#openedAt;
    if (openedAt === null) return;
    if (!expectsData || this.#sendsNothingUnasked()) return this.#timers.disarm('fresh');
    const now = this.#clock.now();
    // Far too late for this machine to have been awake: its silence is not the venue's.
    if (this.#dueAt !== null && elapsedMs(this.#dueAt, now) > SLEPT_MS) this.#graceFrom = now;
    const from = Math.max(openedAt, this.#graceFrom ?? 0) as MonoMs;
    const heardAt = Math.max(this.#dataAt() ?? openedAt, from) as MonoMs;
    const freshness = freshnessOf(heardAt, now, policy.dataNoticeMs, this.#limitMs);
    const streams = this.#streams.check(from, now, this.#limitMs);
    if (freshness.kind === 'stale') return this.#listener.stale(freshness.ageMs);
    if (streams.allStale) return this.#listener.stale(this.#limitMs);
    for (const name of streams.retry) this.#listener.staleSubscription(name);
    if (freshness.kind === 'quiet' && !this.#quietTold) this.#listener.quiet(freshness.ageMs);
    this.#quietTold = freshness.kind === 'quiet';
    const checkInMs = Math.max(1, Math.min(freshness.checkInMs, streams.checkInMs));
    this.#dueAt = after(now, checkInMs);
    this.#timers.armAbout('fresh', checkInMs, () => this.#check());
  }

  /** A venue with channels of which none is subscribed: a new socket would be just as silent. */
  #sendsNothingUnasked(): boolean {
    return this.#wanted() === 0 && Object.keys(this.#config().preset.channels).length > 0;
  }
}
