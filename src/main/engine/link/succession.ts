import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { AskedBy, DownReason } from '../../../shared/linkState.ts';
import type { Timers } from '../timers.ts';
import type { AddressWaits } from './addressWaits.ts';
import type { Consequence } from './classify.ts';
import type { Session } from './session.ts';

export interface Successor {
  readonly session: Session;
  readonly because: DownReason;
}

type Route = LinkConfig['routes'][number];

/**
 * Dials a spare socket there, at once or in the origin's queue. `held` instead of `then`: the venue has asked to wait
 * meanwhile. What it returns gives up the place in the queue.
 */
export type DialSpare = (to: Route, then: (session: Session) => void, held: (() => void) | undefined) => () => void;

/** Wishes that stand until they are met: each failure is followed by another try. */
const STANDING: ReadonlySet<AskedBy> = new Set(['settings', 'rotation', 'venue']);
/** Wishes of a person who looks on: dialled at once, whatever the venue asked for. */
const BY_HAND: ReadonlySet<AskedBy> = new Set(['user', 'rotation-by-hand']);
/** What the socket that stood by has met by taking over: it was made with the present settings, and has its own age. */
const MET_BY_STANDBY: ReadonlySet<AskedBy> = new Set(['settings', 'rotation']);
const BY_SETTINGS: ReadonlySet<AskedBy> = new Set(['settings']);

interface Wish {
  readonly because: DownReason;
  /** Why it is not met; `null` while its first successor is being made. */
  readonly unmet: DownReason | null;
}

const NO_WISHES: readonly Wish[] = [];

/**
 * The socket that is being made ready beside the one in use: at most one.
 *
 * A successor wanted by a person is tried once, at once. What changed settings, a planned rotation or the venue's notice want
 * stands until any successor has taken over: after each failure, whatever that one was made for, another is tried when its
 * waits allow it; where the venue refuses the credentials none is before it has let in another socket. Any other is wanted
 * again by itself, and not while they last.
 * While it waits it has no place at the venue: a standby is worth more than a wish.
 */
export class Succession {
  readonly waits: AddressWaits;
  readonly #dial: DialSpare;
  readonly #target: () => Route;
  readonly #timers: Timers<'replace'>;
  readonly #due: (because: DownReason) => void;
  readonly #changed: () => void;
  readonly #asked: () => DownReason | null;
  #because: DownReason | null = null;
  #route: Route | null = null;
  #session: Session | null = null;
  #leaveQueue: () => void = () => undefined;
  #wishes = NO_WISHES;
  /** How the last one that was not had ended. */
  #failure: DownReason | null = null;

  constructor(parts: {
    dial: DialSpare;
    /** Where one is dialled, if nobody says where. */
    target: () => Route;
    timers: Timers<'replace'>;
    waits: AddressWaits;
    /** The wait of a wish that stands is over. */
    due: (because: DownReason) => void;
    /** What can be read of it is another. */
    changed: () => void;
    /** With what the venue has asked to wait, `null` if it has not. */
    asked: () => DownReason | null;
  }) {
    this.waits = parts.waits;
    this.#due = parts.due;
    this.#changed = parts.changed;
    this.#asked = parts.asked;
    this.#dial = parts.dial;
    this.#target = parts.target;
    this.#timers = parts.timers;
  }

  get session(): Session | null {
    return this.#session;
  }

  /** Why a successor is being made ready, `null` when none is. */
  get because(): DownReason | null {
    return this.#because;
  }

  /** Where it is being made ready. */
  get route(): Route | null {
    return this.#route;
  }

  /** Why changed settings are not in force yet, `null` when they are, or will be in a moment. */
  get pending(): DownReason | null {
    return this.#wishes.find(({ because }) => isBy(because, BY_SETTINGS))?.unmet ?? null;
  }

  /** A wish stands that another socket is to be in use. */
  get isWanted(): boolean {
    return this.#wishes.length > 0;
  }

  /** One wanted for this reason may not be dialled now. Ask before it is given a place. */
  mustWait(because: DownReason): boolean {
    return this.#leftMs > 0 && !isBy(because, BY_HAND);
  }

  /** A person has seen to the link: what a wish that stands has waited for is over. */
  anew(): void {
    this.waits.anew();
    this.again();
  }

  /** What it waits for may be over. */
  again(): void {
    if (this.#because === null) this.#await();
  }

  /** Wanted as well, by the successor that is being made ready or by one that follows. */
  want(because: DownReason): void {
    if (!isBy(because, STANDING) || this.#wishes.some((wish) => isSame(wish.because, because))) return;
    this.#wishes = [...this.#wishes, { because, unmet: null }];
    this.#changed();
  }

  /** It waits until it may be dialled, if its wish stands. */
  postpone(because: DownReason): void {
    this.want(because);
    this.#unmet();
    this.#await();
  }

  /** Dials it. */
  begin(because: DownReason, to = this.#target()): void {
    this.abandon();
    this.#timers.disarm('replace');
    if (!this.isWanted) this.waits.of(to.url).wantedAnew();
    this.want(because);
    this.#because = because;
    this.#route = to;
    const opened = (session: Session): void => {
      this.#session = session;
      this.#changed();
    };
    const held = (): void => {
      this.#none();
      this.#unmet();
      this.#await();
    };
    this.#leaveQueue = this.#dial(to, opened, isBy(because, BY_HAND) ? undefined : held);
    this.#changed();
  }

  /** Cuts the successor, if there is one. What is wanted stays so. */
  abandon(): void {
    this.#leaveQueue();
    this.#leaveQueue = () => undefined;
    this.#session?.cut();
    this.#none();
  }

  /** Nothing is wanted any more: the socket in use is, or will be, made with the present settings. */
  forget(): void {
    this.abandon();
    this.#wishes = NO_WISHES;
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

  /** The standby is the socket in use now. */
  promoted(): void {
    this.#met(MET_BY_STANDBY);
  }

  /** No other socket is wanted for settings: the one in use is as they want it, or another wish follows. */
  forgetSettings(): void {
    this.#met(BY_SETTINGS);
  }

  #met(by: ReadonlySet<AskedBy>): void {
    if (this.#because !== null && isBy(this.#because, by)) this.abandon();
    this.#wishes = this.#wishes.filter(({ because }) => !isBy(because, by));
    if (this.#wishes.length === 0) this.#timers.disarm('replace');
    else this.again();
    this.#changed();
  }

  /** The successor is not needed, and is not this one's any more. No wish stands. */
  dismiss(): void {
    this.#none();
  }

  /** The successor at this address ended before it was ready. */
  failed(url: string, reason: DownReason, consequence: Consequence): void {
    this.#none();
    this.waits.of(url).failed(consequence);
    this.#failure = reason;
    this.#unmet(reason);
    this.#await();
  }

  #none(): void {
    this.#session = null;
    this.#because = null;
    this.#route = null;
    this.#changed();
  }

  /** `reason`: why what is wanted has to wait. */
  #unmet(reason = this.#asked() ?? this.#failure): void {
    this.#wishes = this.#wishes.map(({ because, unmet }) => ({ because, unmet: reason ?? unmet ?? because }));
  }

  #await(): void {
    const [first] = this.#wishes;
    const leftMs = first === undefined ? Number.POSITIVE_INFINITY : this.#leftMs;
    if (first === undefined || leftMs === Number.POSITIVE_INFINITY) return this.#timers.disarm('replace');
    this.#timers.arm('replace', leftMs, () => this.#due(first.because));
  }

  get #leftMs(): number {
    return this.waits.of(this.#target().url).leftMs;
  }
}

const isBy = (because: DownReason, by: ReadonlySet<AskedBy>): boolean => because.kind === 'asked' && by.has(because.by);
const isSame = (a: DownReason, b: DownReason): boolean => a.kind === 'asked' && b.kind === 'asked' && a.by === b.by;
