import type { SubscriptionNews } from '../../../shared/events.ts';
import type { ConnectPhase, DownReason, Suspicion } from '../../../shared/linkState.ts';
import type { VenueNotice } from '../../../shared/preset.ts';
import type { ConnectTimings } from '../../../shared/socketView.ts';
import type { Books } from './books.ts';
import type { Comparison } from './comparison.ts';
import type { MessageMark } from './handover.ts';
import type { PrimaryHost } from './primaryHost.ts';
import type { Session } from './session.ts';
import type { SessionListener, Witnessing } from './sessionListener.ts';
import type { Sockets } from './sockets.ts';
import type { Spares } from './spares.ts';
import type { VenueNotices } from './venueNotices.ts';

/** The link's sockets, as far as the news of one concern them. */
interface ReportsTarget {
  /** The socket in use. */
  readonly session: Session | null;
  readonly spares: Spares;
  readonly sockets: Sockets;
  readonly comparison: Comparison;
  readonly notices: VenueNotices;
  isInUse(generation: number): boolean;
  /** In use, or to be so. */
  isLive(generation: number): boolean;
  opened(generation: number, timings: ConnectTimings, address: string): void;
  ready(generation: number): void;
  ended(generation: number, reason: DownReason): void;
}

/**
 * What the socket of one generation tells: news that moves the link counts only from the socket in use, figures also from
 * the one that is being made ready, and the rest is dropped (row L19).
 */
export class Reports implements SessionListener {
  readonly #primary: ReportsTarget;
  readonly #books: Books;
  readonly #host: PrimaryHost;
  readonly #generation: number;

  constructor(primary: ReportsTarget, books: Books, host: PrimaryHost, generation: number) {
    this.#primary = primary;
    this.#books = books;
    this.#host = host;
    this.#generation = generation;
  }

  phase(phase: ConnectPhase): void {
    if (this.#inUse) this.#host.step({ kind: 'phase', phase }, '');
  }

  opened(timings: ConnectTimings, address: string): void {
    this.#primary.opened(this.#generation, timings, address);
  }

  progress(acked: number, wanted: number): void {
    if (this.#inUse) this.#host.step({ kind: 'restoring', acked, wanted }, '');
  }

  ready(): void {
    this.#primary.ready(this.#generation);
  }

  pingSent(): void {
    if (this.#live) this.#books.pingSent();
  }

  pong(rttMs: number | null, stalled: boolean, late: boolean): void {
    if (!this.#live) return;
    const measured = this.#books.pong(rttMs, stalled, late, this.#inUse);
    const url = this.#primary.session?.url;
    if (measured && rttMs !== null && url !== undefined) this.#primary.spares.routes.measured(url, rttMs);
  }

  missed(waitedMs: number, inARow: number): void {
    if (this.#live) this.#books.missed(waitedMs, inARow, this.#generation, this.#inUse);
  }

  foreignPong(what: string): void {
    this.#books.foreignPong(what, this.#generation);
  }

  venuePing(): void {
    if (this.#live) this.#books.venuePing();
  }

  suspect(probes: number, why: Suspicion): void {
    if (this.#inUse) this.#host.step({ kind: 'suspect', probes, why }, '');
  }

  cleared(because: string): void {
    if (!this.#inUse) return;
    const { acked = 0, wanted = 0, isReady = false } = this.#primary.session ?? {};
    this.#host.step(isReady ? { kind: 'restored' } : { kind: 'restoring', acked, wanted }, because);
    // What settings have asked for meanwhile was left until the link can be relied on.
    this.#primary.spares.keep();
  }

  hushed(silentMs: number): void {
    if (this.#inUse) this.#host.tell({ kind: 'quiet', ageMs: silentMs });
  }

  /** A second socket shows whether it is the venue or this one. */
  witness(why: Suspicion): Witnessing {
    return this.#inUse ? this.#primary.comparison.ask(why) : 'refused';
  }

  dataFlow(): void {
    if (this.#inUse) this.#primary.sockets.forgetPatience();
    else this.#primary.comparison.flows(this.#generation);
  }

  subscription(name: string, what: SubscriptionNews): void {
    this.#host.tell({ kind: 'subscription', name, what }, this.#generation);
  }

  quiet(ageMs: number): void {
    if (this.#inUse) this.#host.tell({ kind: 'quiet', ageMs });
  }

  notice(notice: VenueNotice): void {
    this.#primary.notices.came(this.#generation, notice);
  }

  gap(name: string, missing: number): void {
    if (this.#inUse) this.#host.tell({ kind: 'gap', name, missing });
  }

  proving(): boolean {
    return this.#primary.spares.overlap.proving;
  }

  marked(name: string, mark: MessageMark): void {
    this.#primary.spares.overlap.marked(this.#generation, name, mark);
  }

  ended(reason: DownReason): void {
    this.#primary.ended(this.#generation, reason);
  }

  get #inUse(): boolean {
    return this.#primary.isInUse(this.#generation);
  }

  get #live(): boolean {
    return this.#primary.isLive(this.#generation);
  }
}
