import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { Clock } from '../ports.ts';
import type { AddressWaits } from './addressWaits.ts';
import type { Consequence } from './classify.ts';
import { Routes } from './routes.ts';
import { type DialScout, Scouts } from './scouts.ts';
import type { Session } from './session.ts';
import type { SpareWaits } from './spareWaits.ts';
import type { VenueAsked } from './venueAsked.ts';

type Route = LinkConfig['routes'][number];

/** What the measuring asks of its link's spares. */
export interface MeasuringHost {
  readonly dialScout: DialScout;
  readonly asked: Pick<VenueAsked, 'leftMs'>;
  /** The venue has let it in. */
  letIn(session: Session): void;
  /** Answers what follows from such an end at this address. */
  follow(url: string, reason: DownReason): Consequence;
  /** Of the kind of socket that asks. */
  readonly newWaits: () => AddressWaits;
  /** For how long a successor is not to be dialled there, ms. */
  successorMs(url: string): number;
}

/** The addresses of one link (row L13): which is in use, and the sockets that measure the others. */
export class Measuring {
  readonly routes: Routes;
  readonly #host: MeasuringHost;
  readonly #clock: Clock;
  /** Made for a link of several addresses. */
  #scouts: Scouts | null = null;

  constructor(routes: readonly Route[], clock: Clock, host: MeasuringHost) {
    this.#host = host;
    this.#clock = clock;
    this.routes = new Routes(routes, {
      now: () => clock.now(),
      askedMs: (url) => host.asked.leftMs(url),
      successorMs: (url) => host.successorMs(url),
    });
  }

  get sessions(): readonly Session[] {
    return this.#scouts?.sessions ?? [];
  }

  /** The addresses to be measured beside the one in use: not those that refuse the credentials. */
  get wanted(): readonly Route[] {
    const { others } = this.routes;
    const scouts = this.#scouts;
    return scouts === null ? others : others.filter((route) => !scouts.isRefused(route));
  }

  get waits(): Iterable<SpareWaits> {
    return this.#scouts?.waits.all ?? [];
  }

  /** How many addresses are measured, or are about to be. */
  get count(): number {
    return this.#scouts?.count ?? 0;
  }

  /** Measures one address less; false if it measures none. */
  giveUp(): boolean {
    return this.#scouts?.giveUp() ?? false;
  }

  /** Measures exactly these addresses from now on. What another has shown before says nothing of it any more. */
  measure(routes: readonly Route[]): void {
    if (routes.length > 0) this.#scouts ??= this.#newScouts();
    this.#scouts?.measure(routes);
    this.routes.forgetBut(routes);
  }

  /** Measures nothing while no socket is in use. What was measured is kept: it tells where to dial next. */
  rest(): void {
    this.#scouts?.measure([]);
  }

  /** A person has seen to the link; `measure` follows. */
  anew(): void {
    this.routes.anew();
    this.#scouts?.anew();
  }

  again(): void {
    this.#scouts?.again();
  }

  stop(): void {
    this.#scouts?.stop();
  }

  #newScouts(): Scouts {
    const host = this.#host;
    return new Scouts({
      clock: this.#clock,
      dial: host.dialScout,
      onLetIn: (session) => host.letIn(session),
      onRtt: (url, rttMs) => this.routes.measured(url, rttMs),
      onLost: (url, reason) => {
        const consequence = host.follow(url, reason);
        this.routes.lost(url, consequence.kind === 'stop');
        return consequence;
      },
      waits: host.newWaits(),
    });
  }
}
