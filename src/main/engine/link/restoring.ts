import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import type { Timers } from '../timers.ts';
import type { DialRecord } from './dialRecord.ts';
import type { Subscriptions } from './subscriptions.ts';

export type RestoringTimer = 'first-data';

export interface RestoringListener {
  progress(acked: number, wanted: number): void;
  /** Every subscription is settled, and data came or the first-data deadline has passed. Told once. */
  ready(): void;
  /** Acknowledged, and no data came in time. */
  silent(name: string): void;
}

/** From an open socket to one that delivers (row L9): connected without data is not ready. */
export class Restoring {
  readonly #clock: Clock;
  readonly #timers: Timers<RestoringTimer>;
  readonly #subscriptions: Subscriptions;
  readonly #config: () => LinkConfig;
  readonly #dataAt: () => MonoMs | null;
  readonly #flows: (name: string) => boolean;
  readonly #listener: RestoringListener;
  readonly #dial: DialRecord;
  #readyAt: MonoMs | null = null;
  /** Data frames still mean something to the subscriptions; afterwards they only move clocks. */
  #awaitsData = true;

  constructor(parts: {
    clock: Clock;
    timers: Timers<RestoringTimer>;
    subscriptions: Subscriptions;
    config: () => LinkConfig;
    dataAt: () => MonoMs | null;
    /** Data of this subscription have come. */
    flows: (name: string) => boolean;
    listener: RestoringListener;
    /** What took how long is kept here. */
    dial: DialRecord;
  }) {
    this.#clock = parts.clock;
    this.#timers = parts.timers;
    this.#subscriptions = parts.subscriptions;
    this.#config = parts.config;
    this.#dataAt = parts.dataAt;
    this.#flows = parts.flows;
    this.#listener = parts.listener;
    this.#dial = parts.dial;
  }

  get readyAt(): MonoMs | null {
    return this.#readyAt;
  }

  get awaitsData(): boolean {
    return this.#awaitsData;
  }

  /** Data came while they were awaited. */
  dataCame(): void {
    this.#subscriptions.dataCame();
    this.look();
  }

  /** Something of the open socket has changed that it may have waited for. */
  look(): void {
    const { acked, wanted } = this.#subscriptions;
    this.#awaitsData = this.#readyAt === null || !this.#subscriptions.settled;
    if (this.#readyAt !== null) return;
    const settled = this.#subscriptions.settledBy(this.#flows);
    this.#listener.progress(acked, wanted);
    if (settled) this.#dial.settled(this.#clock.now());
    const { expectsData, policy, preset } = this.#config();
    const wantsData = expectsData && wanted > 0 && policy.firstDataMs > 0;
    if (!settled && !(preset.ack.kind === 'data' && wantsData)) return;
    if (settled && (!wantsData || this.#dataAt() !== null)) return this.#ready();
    if (this.#timers.isArmed('first-data')) return;
    this.#timers.arm('first-data', policy.firstDataMs, () => {
      for (const { name, status } of this.#subscriptions.views()) if (status === 'acked') this.#listener.silent(name);
      this.#ready();
    });
  }

  #ready(): void {
    this.#timers.disarm('first-data');
    this.#readyAt = this.#clock.now();
    this.#dial.ready(this.#readyAt, this.#dataAt() !== null);
    this.#awaitsData = !this.#subscriptions.settled;
    this.#listener.ready();
  }
}
