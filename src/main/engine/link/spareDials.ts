import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { type DialGate, type DialRank, type Origin, originOf } from '../dialGate.ts';

type Route = LinkConfig['routes'][number];

/** The dials of spare sockets, through their origin's gate (row L22). */
export class SpareDials {
  readonly #gate: DialGate;
  readonly #config: () => LinkConfig;

  constructor(gate: DialGate, config: () => LinkConfig) {
    this.#gate = gate;
    this.#config = config;
  }

  /** Where a dial of this address is counted, and how many are allowed. */
  origin(route: Route): Origin {
    return originOf(this.#config().preset, route.dialUrl);
  }

  /** Calls `go` when its turn has come. Answers how to give up the place in the queue. */
  pass(rank: DialRank, route: Route, go: () => void): () => void {
    const ticket = this.#gate.pass(this.origin(route), rank, go);
    return () => ticket?.leave();
  }
}
