import type { MonoMs } from '../../../shared/units.ts';
import type { SessionCore } from './sessionCore.ts';
import type { StreamWatch } from './streamWatch.ts';
import type { Subscriptions } from './subscriptions.ts';

/** From an open socket to one that delivers (row L9): connected without data is not ready. */
export class Restoring {
  readonly #core: SessionCore;
  readonly #subscriptions: Subscriptions;
  readonly #streams: StreamWatch;
  #readyAt: MonoMs | null = null;
  /** Data frames still mean something to the subscriptions; afterwards they only move clocks. */
  #awaitsData = true;
  /** Asked with every message. */
  #awaitsAcks = true;
  #hadData = false;

  constructor(core: SessionCore, subscriptions: Subscriptions, streams: StreamWatch) {
    this.#core = core;
    this.#subscriptions = subscriptions;
    this.#streams = streams;
  }

  get readyAt(): MonoMs | null {
    return this.#readyAt;
  }

  get awaitsData(): boolean {
    return this.#awaitsData;
  }

  /** An ack may still come, of one that was given up, too. */
  get awaitsAcks(): boolean {
    return this.#awaitsAcks;
  }

  /** Data came while they were awaited. */
  dataCame(): void {
    this.#subscriptions.dataCame();
    // A thousand subscriptions may be awaited, and most frames are the first of none of them.
    if (!this.#streams.takeFirst() && this.#hadData) return;
    this.#hadData = true;
    this.look();
  }

  /** Something has changed that it may have waited for. */
  look(): void {
    if (this.#core.isOver || this.#core.openedAt === null) return;
    const { wanted, served } = this.#subscriptions;
    const { acked, settled, awaitsAcks } = served.progress;
    this.#awaitsAcks = awaitsAcks;
    this.#awaitsData = this.#readyAt === null || !settled;
    if (this.#readyAt !== null) return;
    this.#core.listener.progress(acked, wanted);
    if (settled) this.#core.dial.settled(this.#core.clock.now());
    const { expectsData, policy, preset } = this.#core.config;
    const wantsData = expectsData && wanted > 0 && policy.firstDataMs > 0;
    if (!settled && preset.ack.kind !== 'data') return;
    if (settled && (!wantsData || this.#core.clocks.dataAt !== null)) return this.#ready();
    if (wantsData) this.#readyIn(policy.firstDataMs, () => this.#tellSilent());
    // Data would be the acks, and none are awaited.
    else if (this.#subscriptions.views().every(({ status }) => status !== 'unsent'))
      this.#readyIn(policy.ackTimeoutMs, () => undefined);
  }

  /** At the latest, and then `first`. */
  #readyIn(ms: number, first: () => void): void {
    if (this.#core.timers.isArmed('first-data')) return;
    this.#core.timers.arm('first-data', ms, () => {
      first();
      this.#ready();
    });
  }

  #tellSilent(): void {
    for (const { name, status } of this.#subscriptions.views())
      if (status === 'acked') this.#core.listener.subscription(name, 'acked-but-silent');
  }

  /** Every subscription is settled and data came, or the deadline for that has passed. */
  #ready(): void {
    this.#core.timers.disarm('first-data');
    this.#readyAt = this.#core.clock.now();
    this.#core.dial.ready(this.#readyAt, this.#core.clocks.dataAt !== null);
    this.#awaitsData = !this.#subscriptions.served.progress.settled;
    this.#core.listener.ready();
  }
}
