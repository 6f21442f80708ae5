import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { AskedBy, DownReason } from '../../../shared/linkState.ts';
import type { Timers } from '../timers.ts';
import type { Consequence } from './classify.ts';
import type { Session } from './session.ts';
import type { SpareWaits } from './spareWaits.ts';

export interface Successor {
  readonly session: Session;
  readonly because: DownReason;
}

type Route = LinkConfig['routes'][number];

/**
 * Dials a spare socket, at once or in the origin's queue, at the address in use or at `to`. What it returns gives up the
 * place in the queue.
 */
export type DialSpare = (then: (session: Session) => void, to?: Route) => () => void;

/** Wishes that stand until they are met: each failure is followed by another try. */
const STANDING: ReadonlySet<AskedBy> = new Set(['settings', 'rotation', 'venue']);
/** Wishes of a person who looks on: dialled at once, whatever the venue asked for. */
const BY_HAND: ReadonlySet<AskedBy> = new Set(['user', 'rotation-by-hand']);

/**
 * The socket that is being made ready beside the one in use: at most one.
 *
 * A successor wanted by a person is tried once, at once. One wanted by changed settings, by a planned rotation or by the
 * venue's notice is `pending` until it has taken over: it is tried again after each failure, when its waits allow it, and
 * given up where the venue refuses the credentials. Any other is wanted again by itself, and not while they last.
 * While it waits it has no place at the venue: a standby is worth more than a wish.
 */
export class Succession {
  readonly waits: SpareWaits;
  readonly #dial: DialSpare;
  readonly #timers: Timers<'replace'>;
  readonly #due: (wish: DownReason) => void;
  #because: DownReason | null = null;
  #session: Session | null = null;
  #leaveQueue: () => void = () => undefined;
  #pending: { readonly wish: DownReason; readonly reason: DownReason } | null = null;
  /** How the last one failed. */
  #failure: DownReason | null = null;

  constructor(parts: {
    dial: DialSpare;
    timers: Timers<'replace'>;
    waits: SpareWaits;
    /** The wait of a wish that stands is over. */
    due: (wish: DownReason) => void;
  }) {
    this.waits = parts.waits;
    this.#due = parts.due;
    this.#dial = parts.dial;
    this.#timers = parts.timers;
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Why a successor is being made ready, `null` when none is. */
  get because(): DownReason | null {
    return this.#because;
  }

  /** Why changed settings are not in force yet, `null` when they are. */
  get pending(): DownReason | null {
    return this.#pending !== null && isBy(this.#pending.wish, BY_SETTINGS) ? this.#pending.reason : null;
  }

  /** One wanted for this reason may not be dialled now. Ask before it is given a place. */
  mustWait(because: DownReason): boolean {
    return this.waits.leftMs > 0 && !isBy(because, BY_HAND);
  }

  /** It waits until it may be dialled, if its wish stands. */
  postpone(because: DownReason): void {
    this.#await(because);
  }

  /** Dials it, at the address in use or at `to`. */
  begin(because: DownReason, to?: Route): void {
    this.abandon();
    this.#timers.disarm('replace');
    this.#because = because;
    this.#leaveQueue = this.#dial((session) => {
      this.#session = session;
    }, to);
  }

  /** Cuts the successor, if there is one. What is pending stays so. */
  abandon(): void {
    this.#leaveQueue();
    this.#leaveQueue = () => undefined;
    this.#session?.cut();
    this.#session = null;
    this.#because = null;
  }

  /** Nothing is wanted any more: the socket in use is, or will be, made with the present settings. */
  forget(): void {
    this.abandon();
    this.#pending = null;
    this.#timers.disarm('replace');
  }

  /** Hands the successor over to be the socket in use; with it the present settings are in force. */
  take(): Successor | null {
    if (this.#session === null || this.#because === null) return null;
    const successor = { session: this.#session, because: this.#because };
    this.#session = null;
    this.forget();
    return successor;
  }

  /** The successor is not needed, and is not this one's any more. What is pending comes next. */
  dismiss(): void {
    this.#session = null;
    this.#because = null;
    if (this.#pending !== null) this.#await(this.#pending.wish);
  }

  /** The successor ended before it was ready. */
  failed(reason: DownReason, consequence: Consequence): void {
    const wish =
      this.#because !== null && isBy(this.#because, STANDING) ? this.#because : (this.#pending?.wish ?? null);
    this.#session = null;
    this.#because = null;
    this.#failure = reason;
    this.waits.failed(consequence);
    if (wish !== null) this.#await(wish);
  }

  /** Settings that a refusal keeps from being in force stay pending, so that it is seen. */
  #await(wish: DownReason): void {
    if (!isBy(wish, STANDING)) return;
    const { leftMs } = this.waits;
    const givenUp = leftMs === Number.POSITIVE_INFINITY;
    this.#pending = givenUp && !isBy(wish, BY_SETTINGS) ? null : { wish, reason: this.#failure ?? wish };
    if (!givenUp) this.#timers.arm('replace', leftMs, () => this.#due(wish));
  }
}

const BY_SETTINGS: ReadonlySet<AskedBy> = new Set(['settings']);

const isBy = (wish: DownReason, by: ReadonlySet<AskedBy>): boolean => wish.kind === 'asked' && by.has(wish.by);
