import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { DIAL_RANK, type DialGate, type DialRank, originOf } from '../dialGate.ts';
import type { DialScout } from './scouts.ts';
import type { Sockets } from './sockets.ts';
import type { DialSpare } from './succession.ts';

type Route = LinkConfig['routes'][number];

interface SpareDialsParts {
  readonly gate: DialGate;
  readonly config: () => LinkConfig;
  readonly sockets: () => Pick<Sockets, 'open' | 'openScout'>;
  /** For how long the venue has asked not to be dialled there, ms. */
  askedMs(url: string): number;
}

/** The dials of spare sockets, through their origin's gate (row L22). */
export class SpareDials {
  readonly #is: SpareDialsParts;

  constructor(parts: SpareDialsParts) {
    this.#is = parts;
  }

  readonly scout: DialScout = (route, listener, then, held) =>
    this.#pass(DIAL_RANK.spare, route, () => then(this.#is.sockets().openScout(route, listener)), held);

  /** A socket that is to take over, now or when it is needed. */
  ranked(rank: DialRank): DialSpare {
    return (to, then, held) => this.#pass(rank, to, () => then(this.#is.sockets().open(to)), held);
  }

  /**
   * Calls `go` when its turn has come, or `held` if the venue has asked for something meanwhile; without `held` it goes all
   * the same. Answers how to give up the place in the queue.
   */
  #pass(rank: DialRank, route: Route, go: () => void, held: () => void = go): () => void {
    const { askedMs, config, gate } = this.#is;
    const turn = (): void => (askedMs(route.url) > 0 ? held() : go());
    const ticket = gate.pass(originOf(config().preset, route.dialUrl), rank, turn);
    return () => ticket?.leave();
  }
}
