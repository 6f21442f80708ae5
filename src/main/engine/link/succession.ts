import type { AskedBy, DownReason } from '../../../shared/linkState.ts';
import type { Timers } from '../timers.ts';
import type { Session } from './session.ts';

export interface Successor {
  readonly session: Session;
  readonly because: DownReason;
}

/** Dials a spare socket, at once or in the origin's queue. What it returns gives up the place in the queue. */
export type DialSpare = (then: (session: Session) => void) => () => void;

/** Wishes that stand until they are met: each failure is followed by another try. */
const STANDING: ReadonlySet<AskedBy> = new Set(['settings', 'rotation', 'venue']);

/**
 * The socket that is being made ready beside the one in use: at most one.
 *
 * A successor wanted by a person is tried once. One wanted by changed settings, by a planned rotation or by the venue's
 * notice is `pending` until it has taken over: it is tried again after each failure.
 */
export class Succession {
  readonly #dial: DialSpare;
  readonly #timers: Timers<'replace'>;
  readonly #backoffMs: (tries: number) => number;
  #because: DownReason | null = null;
  #session: Session | null = null;
  #leaveQueue: () => void = () => undefined;
  #pending: { readonly wish: DownReason; readonly reason: DownReason; readonly tries: number } | null = null;

  constructor(parts: {
    dial: DialSpare;
    timers: Timers<'replace'>;
    /** The wait before try number `tries` + 1, ms. */
    backoffMs: (tries: number) => number;
  }) {
    this.#dial = parts.dial;
    this.#timers = parts.timers;
    this.#backoffMs = parts.backoffMs;
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
    return this.#pending !== null && isBy(this.#pending.wish, 'settings') ? this.#pending.reason : null;
  }

  begin(because: DownReason): void {
    this.abandon();
    this.#timers.disarm('replace');
    this.#because = because;
    this.#leaveQueue = this.#dial((session) => {
      this.#session = session;
    });
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

  /** The successor ended before it was ready. */
  failed(reason: DownReason): void {
    const wish = this.#because !== null && isStanding(this.#because) ? this.#because : (this.#pending?.wish ?? null);
    this.#session = null;
    this.#because = null;
    if (wish === null) return;
    const tries = (this.#pending?.tries ?? 0) + 1;
    this.#pending = { wish, reason, tries };
    this.#timers.arm('replace', this.#backoffMs(tries), () => this.begin(wish));
  }
}

function isStanding(because: DownReason): boolean {
  return because.kind === 'asked' && STANDING.has(because.by);
}

function isBy(because: DownReason, by: AskedBy): boolean {
  return because.kind === 'asked' && because.by === by;
}
