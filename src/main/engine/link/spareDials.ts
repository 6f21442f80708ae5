import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { type DialGate, type DialRank, originOf } from '../dialGate.ts';

type Route = LinkConfig['routes'][number];

/** The dials of spare sockets, through their origin's gate (row L22). */
export class SpareDials {
  readonly #gate: DialGate;
  readonly #config: () => LinkConfig;
  readonly #askedMs: (url: string) => number;

  /** `askedMs`: for how long the venue has asked not to be dialled there, ms. */
  constructor(gate: DialGate, config: () => LinkConfig, askedMs: (url: string) => number) {
    this.#gate = gate;
    this.#config = config;
    this.#askedMs = askedMs;
  }

  /**
   * Calls `go` when its turn has come, or `held` if the venue has asked for something meanwhile; without `held` it goes all
   * the same. Answers how to give up the place in the queue.
   */
  pass(rank: DialRank, route: Route, go: () => void, held: () => void = go): () => void {
    const turn = (): void => (this.#askedMs(route.url) > 0 ? held() : go());
    const ticket = this.#gate.pass(originOf(this.#config().preset, route.dialUrl), rank, turn);
    return () => ticket?.leave();
  }
}
