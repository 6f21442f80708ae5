import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { freshnessOf, silentOf } from './freshness.ts';
import type { SessionCore } from './sessionCore.ts';
import type { StreamWatch } from './streamWatch.ts';
import type { Subscriptions } from './subscriptions.ts';

/** A timer that is later than this ran on a machine that slept. */
const SLEPT_MS = 10_000;

/**
 * How old the data of one socket are (row L5).
 *
 * 1. One timer follows the data clocks lazily: it is not touched by a frame, it looks again when it is due.
 * 2. Time in which this machine was away, or in which nothing was asked for, is no silence.
 * 3. Patience ends with the first data of a subscription, where those can be told; each of the others has its time from there.
 */
export class FreshWatch {
  readonly #core: SessionCore;
  readonly #streams: StreamWatch;
  readonly #subscriptions: Subscriptions;
  /** The limit while no data flow: longer where a socket before this one was silent, too. */
  #patientMs: number;
  /** Then data came after a time of patience, or were expected again. */
  #countsFrom: MonoMs | null = null;
  #graceFrom: MonoMs | null = null;
  #dueAt: MonoMs | null = null;
  #rests = false;
  #quietTold = false;

  /** `limitMs`: data silence that is too long while no data flow. */
  constructor(core: SessionCore, streams: StreamWatch, subscriptions: Subscriptions, limitMs: number) {
    this.#core = core;
    this.#streams = streams;
    this.#subscriptions = subscriptions;
    this.#patientMs = limitMs;
  }

  /** This machine was away until then; `null`: never. */
  get graceFrom(): MonoMs | null {
    return this.#graceFrom;
  }

  /** Subscriptions whose silence is more than a quiet market, as far as that can be told. */
  silent(subscriptions: readonly SubscriptionView[]): readonly string[] {
    const { clock, config, openedAt } = this.#core;
    if (openedAt === null || this.#rests) return [];
    const unusualMs = (name: string): number => this.#streams.unusualMs(name);
    return silentOf(subscriptions, this.#from(openedAt), clock.now(), config.policy.dataNoticeMs, unusualMs);
  }

  /** Since when data that are wanted have not come; `null` while none are expected. */
  get silentSince(): MonoMs | null {
    const { openedAt } = this.#core;
    return openedAt === null || this.#rests ? null : this.#silentSince(openedAt);
  }

  /** Data silence that is too long. */
  get #limitMs(): number {
    return this.#core.dataFlows ? this.#core.policy.dataTimeoutMs : this.#patientMs;
  }

  /** Call once when the socket is open. */
  start(): void {
    this.#check();
  }

  /** Other settings, or another limit. */
  changed(limitMs: number): void {
    this.#patientMs = limitMs;
    this.#check();
  }

  /** Another limit, looked at a moment later: it may end the socket, and whoever sets it is changing sockets just now. */
  set patientMs(limitMs: number) {
    if (limitMs === this.#patientMs) return;
    this.#patientMs = limitMs;
    if (this.#core.openedAt !== null) this.#lookIn(1);
  }

  /** Call with data while none flow. */
  dataCame(): void {
    const core = this.#core;
    if (this.#patientMs > core.policy.dataTimeoutMs) this.#countsFrom = core.clock.now();
    core.dataFlows = true;
    core.listener.dataFlow();
    this.#lookIn(1);
  }

  /** A second connection was just as silent: the limit is this until data flow. */
  provedQuiet(limitMs: number): void {
    this.#core.dataFlows = false;
    this.changed(limitMs);
  }

  /** This machine was away: what is old now is not yet the venue's fault. */
  grace(now: MonoMs): void {
    this.#graceFrom = now;
    this.#check();
  }

  #check(): void {
    const { clock, config, openedAt } = this.#core;
    if (openedAt === null) return;
    if (!config.expectsData || this.#sendsNothingUnasked()) return this.#rest();
    const now = clock.now();
    if (this.#rests) this.#countsFrom = now;
    this.#rests = false;
    // Far too late for this machine to have been awake: its silence is not the venue's.
    if (this.#dueAt !== null && elapsedMs(this.#dueAt, now) > SLEPT_MS) this.#graceFrom = now;
    const freshness = freshnessOf(this.#silentSince(openedAt), now, config.policy.dataNoticeMs, this.#limitMs);
    const streams = this.#streams.check(this.#from(openedAt), now, this.#limitMs, this.#subscriptions.asked);
    if (freshness.kind === 'stale') return this.#core.end({ kind: 'stale', ageMs: freshness.ageMs });
    if (streams.staleMs !== null) return this.#core.end({ kind: 'stale', ageMs: streams.staleMs });
    for (const name of streams.retry) {
      this.#core.listener.subscription(name, 'stale-resubscribed');
      this.#subscriptions.again(name);
    }
    if (freshness.kind === 'quiet' && !this.#quietTold) this.#core.listener.quiet(freshness.ageMs);
    this.#quietTold = freshness.kind === 'quiet';
    this.#lookIn(Math.max(1, Math.min(freshness.checkInMs, streams.checkInMs)));
  }

  /** Silence before that is nobody's fault. */
  #from(openedAt: MonoMs): MonoMs {
    return Math.max(openedAt, this.#graceFrom ?? 0, this.#countsFrom ?? 0) as MonoMs;
  }

  #silentSince(openedAt: MonoMs): MonoMs {
    const asked = [...this.#subscriptions.asked.values()].map(({ at }) => at);
    const askedAt = asked.length === 0 ? openedAt : Math.min(...asked);
    return Math.max(this.#core.clocks.dataAt ?? openedAt, this.#from(openedAt), askedAt) as MonoMs;
  }

  /** Nothing is expected: a look that never was due is not late. */
  #rest(): void {
    this.#rests = true;
    this.#dueAt = null;
    this.#core.timers.disarm('fresh');
  }

  #lookIn(ms: number): void {
    this.#dueAt = after(this.#core.clock.now(), ms);
    this.#core.timers.armAbout('fresh', ms, () => this.#check());
  }

  /** A venue with channels of which none is subscribed: a new socket would be just as silent. */
  #sendsNothingUnasked(): boolean {
    return this.#subscriptions.wanted === 0 && Object.keys(this.#core.config.preset.channels).length > 0;
  }
}
