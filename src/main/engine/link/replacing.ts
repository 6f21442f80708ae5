import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import type { AskedBy, DownReason } from '../../../shared/linkState.ts';
import { DIAL_RANK } from '../dialGate.ts';
import type { Clock } from '../ports.ts';
import type { Timers } from '../timers.ts';
import type { AddressWaits } from './addressWaits.ts';
import type { Consequence } from './classify.ts';
import { Overlap } from './overlap.ts';
import type { Routes } from './routes.ts';
import type { Session } from './session.ts';
import type { Witnessing } from './sessionListener.ts';
import type { SpareDials } from './spareDials.ts';
import { type DialSpare, Succession } from './succession.ts';
import type { VenueAsked } from './venueAsked.ts';
import type { VenuePlaces } from './venuePlaces.ts';

type Route = LinkConfig['routes'][number];

interface ReplacingParts {
  readonly clock: Clock;
  readonly timers: Timers<'replace'>;
  readonly dials: SpareDials;
  readonly places: VenuePlaces;
  readonly routes: Routes;
  readonly waits: AddressWaits;
  readonly asked: VenueAsked;
  /** The socket in use. */
  readonly inUse: () => Session | null;
  /** The venue allows one socket: close, wait for the slot, dial. */
  readonly yield: (because: DownReason) => void;
  readonly tell: (happening: LinkHappening) => void;
  /** What can be read of it is another. */
  readonly changed: () => void;
}

const BY_ROUTE: DownReason = { kind: 'asked', by: 'route' };

/** Another socket in place of the one in use: make before break, where the venue allows a second one (rows L11, L12, L13). */
export class Replacing {
  readonly succession: Succession;
  readonly overlap: Overlap;
  readonly #is: ReplacingParts;

  constructor(parts: ReplacingParts) {
    const { asked, changed, clock, routes, tell, timers, waits } = parts;
    this.#is = parts;
    this.overlap = new Overlap(clock, tell);
    this.succession = new Succession({
      dial: this.#dial,
      target: () => routes.target,
      timers,
      waits,
      due: (wish) => this.#want(wish),
      changed,
      asked: () => asked.reason(routes.target.url),
    });
  }

  /** Make before break, where the venue allows a second socket; else close, wait for the slot, dial. */
  want(by: AskedBy): void {
    this.#want({ kind: 'asked', by });
  }

  /** The same, if none is being made ready; else by that one, or after it has failed. */
  alsoWant(by: AskedBy): void {
    if (this.succession.because === null) this.want(by);
    else this.succession.want({ kind: 'asked', by });
  }

  /** A new socket because of what this one shows; nothing where the venue allows one only, or has asked to wait. */
  wantFor(because: DownReason): Witnessing {
    if (this.succession.because !== null) return 'under way';
    if (this.succession.mustWait(because)) return 'refused';
    if (this.#isAllowed()) {
      this.succession.begin(because);
      return 'begun';
    }
    this.#is.places.declineOwnSuccessor();
    return 'refused';
  }

  /** A better address is only good to have: the link never closes its socket for it, and waits as long as the venue asked. */
  switchTo(better: Route): void {
    if (this.succession.because !== null || this.succession.waits.of(better.url).leftMs > 0) return;
    if (this.#isAllowed()) this.succession.begin(BY_ROUTE, better);
  }

  /** A change of sockets that a person wants now. Answers why it is not done, `null` if it is. */
  byHand(): string | null {
    if (this.succession.because !== null) return 'another socket is being made ready already';
    this.want('rotation-by-hand');
    return null;
  }

  /** Addresses have come or gone: none that is made ready where one is gone is to take over. */
  readdressed(): void {
    const { because, route } = this.succession;
    const { routes } = this.#is;
    if (because === null || route === null) return this.succession.again();
    if (routes.has(route)) return;
    this.succession.abandon();
    this.overlap.abandon();
    if (because === BY_ROUTE) this.succession.again();
    else this.#want(because);
  }

  /** The successor has ended before it was ready; `follow`: what follows from that at this address. */
  failed(reason: DownReason, follow: (url: string) => Consequence): void {
    const { routes } = this.#is;
    const { session } = this.succession;
    this.overlap.abandon();
    if (session === null) return;
    const { url } = session;
    const consequence = follow(url);
    const isElsewhere = routes.isLeaving || url !== routes.current.url;
    if (isElsewhere) routes.unfit(url, consequence.kind === 'stop');
    this.succession.failed(url, reason, consequence);
  }

  /** Sockets that come or go with the change. */
  get count(): number {
    return (this.succession.because === null ? 0 : 1) + (this.overlap.session === null ? 0 : 1);
  }

  /** A wish that has to wait takes no place before its time. Where no socket is in use, the next is what is wanted. */
  #want(because: DownReason): void {
    if (this.#is.inUse() === null) return;
    if (this.succession.mustWait(because)) return this.succession.postpone(because);
    if (this.#isAllowed()) return this.succession.begin(because);
    this.#is.places.declineSuccessor();
    this.#is.yield(because);
  }

  /** The venue allows one socket more, and one that is being made ready has its place already. */
  #isAllowed(): boolean {
    return this.succession.because !== null || this.#is.places.forSuccessor();
  }

  /** The link lives without it: further tries leave dials to it, should it be lost. */
  readonly #dial: DialSpare = (to, then, held) => {
    const rank = this.succession.waits.of(to.url).hasFailed ? DIAL_RANK.other : DIAL_RANK.live;
    const opened = (session: Session): void => {
      const { because } = this.succession;
      const old = this.#is.inUse();
      if (because !== null && old !== null) this.overlap.begin(old.generation, session.generation, because);
      then(session);
    };
    return this.#is.dials.ranked(rank)(to, opened, held);
  };
}
