import type { VenueNotice } from '../../../shared/preset.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import type { Timers } from '../timers.ts';
import type { AddressWaits } from './addressWaits.ts';
import { RETRY } from './classify.ts';
import type { PrimaryHost } from './primaryHost.ts';
import type { Session } from './session.ts';
import type { Sockets } from './sockets.ts';
import type { Spares } from './spares.ts';

/** What it asks of the link's sockets. */
export interface NoticesHost {
  readonly spares: Spares;
  readonly sockets: Sockets;
  /** The socket in use. */
  readonly session: Session | null;
  readonly kept: readonly Session[];
  /** The successor becomes the socket in use. */
  takeOver(): void;
}

/**
 * The venue's word that it will cut a socket (row L18): worth one change of sockets.
 *
 * 1. The first is met at once; where the sockets that follow are told the same before they are stable, by the link's backoff,
 *    but when half of the time is over that the venue leaves, where it says so.
 * 2. Where the venue has no place for a second socket a change costs what the cut does: one in the stability time.
 * 3. What is said of a socket that is not in use counts when it has come into use.
 */
export class VenueNotices {
  readonly #sockets: NoticesHost;
  readonly #host: PrimaryHost;
  readonly #clock: Clock;
  readonly #timers: Pick<Timers<'notice'>, 'arm'>;
  readonly #waits: AddressWaits;
  /** Until when the socket of that generation is to be left at the latest; infinite where the venue does not say. */
  #told: ReadonlyMap<number, MonoMs> = new Map();
  /** When a change of sockets was last begun for one. */
  #metAt: MonoMs | null = null;

  constructor(sockets: NoticesHost, host: PrimaryHost, clock: Clock, timers: Pick<Timers<'notice'>, 'arm'>) {
    this.#sockets = sockets;
    this.#host = host;
    this.#clock = clock;
    this.#timers = timers;
    this.#waits = sockets.spares.newWaits();
  }

  came(generation: number, { text, cut_in_secs: cutInSecs = Number.POSITIVE_INFINITY }: VenueNotice): void {
    const { kept, session, sockets, spares } = this.#sockets;
    const told = kept.find((one) => one.generation === generation);
    if (told === undefined) return;
    this.#host.tell({ kind: 'notice', text }, generation);
    const open = new Set([...kept, ...sockets.retiring].map((one) => one.generation));
    const known = [...this.#told].filter(([one]) => open.has(one));
    this.#told = new Map([[generation, after(this.#clock.now(), cutInSecs * 500)], ...known]);
    this.#waits.of(told.url).forgiveSince(told.openedAt);
    if (told === session) this.heed();
    else if (told === spares.standby.session) spares.standby.told(told);
  }

  /** Another socket is wanted if the one in use was told. */
  heed(): void {
    const { session, spares } = this.#sockets;
    const leaveBy = session === null ? undefined : this.#told.get(session.generation);
    // A link that is being paused wants no other socket.
    if (session === null || leaveBy === undefined || this.#host.isClosing()) return;
    if (spares.succession.session?.isReady === true) return this.#sockets.takeOver();
    const waitMs = spares.succession.because === null ? this.#waitMs(session, leaveBy) : 0;
    if (waitMs > 0) return this.#timers.arm('notice', waitMs, () => this.heed());
    if (spares.succession.because === null) this.#met(session);
    spares.replacing.alsoWant('venue');
  }

  #waitMs({ url }: Session, leaveBy: MonoMs): number {
    const now = this.#clock.now();
    const waitMs = Math.min(this.#waits.of(url).leftMs, elapsedMs(now, leaveBy));
    const { stableAfterMs } = this.#host.config().policy;
    const dwellMs = this.#metAt === null ? 0 : stableAfterMs - elapsedMs(this.#metAt, now);
    return waitMs > 0 || dwellMs <= 0 || this.#sockets.spares.replacing.hasPlace() ? waitMs : dwellMs;
  }

  #met({ url }: Session): void {
    this.#metAt = this.#clock.now();
    this.#waits.of(url).failed(RETRY);
  }
}
