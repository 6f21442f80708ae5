import { type DownReason, type Suspicion, suspicionText } from '../../../shared/linkState.ts';
import type { Session } from './session.ts';
import type { Witnessing } from './sessionListener.ts';
import type { Sockets } from './sockets.ts';
import type { Spares } from './spares.ts';

/** What it asks of the link's sockets. */
export interface ComparisonHost {
  readonly spares: Spares;
  readonly sockets: Sockets;
  /** The socket in use. */
  readonly session: Session | null;
  /** The successor becomes the socket in use. */
  takeOver(): void;
}

/**
 * The second connection of a link that is silent and whose venue answers no ping (rows L2, L4, L5), beside the first.
 *
 * 1. One that flows takes over. Where no data are expected, or first data are not waited for, one that is ready does.
 * 2. One that is ready and as silent shows that the venue is quiet: it is closed, and the link is patient.
 * 3. After a sleep, or on a new network, less is known of the first than of one that is ready: that takes over.
 */
export class Comparison {
  readonly #host: ComparisonHost;
  /** Why the last such connection was dialled. */
  #because: DownReason | null = null;

  constructor(host: ComparisonHost) {
    this.#host = host;
  }

  /** The socket in use wants one. */
  ask(why: Suspicion): Witnessing {
    const what = `${suspicionText(why).toLowerCase()}, and it answers no ping`;
    const because: DownReason = { kind: 'policy', what };
    const answer = this.#host.spares.replaceFor(because);
    if (answer === 'begun') this.#because = because;
    return answer;
  }

  /** The successor is ready, whatever it was made for. */
  ready(successor: Session): void {
    const { spares, session } = this.#host;
    const { expectsData, policy } = successor.config;
    const isOne = spares.succession.because === this.#because;
    const awaitsData = expectsData && policy.firstDataMs > 0 && successor.clocks.dataAt === null;
    if (!isOne || !awaitsData || session?.liveness.doubtedFor === 'wake') return this.#host.takeOver();
    // Where something is subscribed it has waited for first data already.
    successor.awaitData(successor.wanted > 0 ? 0 : policy.firstDataMs, () => this.#dismiss(successor));
  }

  /** The first data came on a socket that is not in use. */
  flows(generation: number): void {
    const successor = this.#host.spares.succession.session;
    if (successor?.generation === generation && successor.isReady) this.#host.takeOver();
  }

  #dismiss(successor: Session): void {
    const { spares, sockets, session: first } = this.#host;
    const { because } = spares.succession;
    if (spares.succession.session !== successor || because === null) return;
    spares.succession.dismiss();
    sockets.retire(successor, (one) => one.close(because));
    // If it flows again there was no quiet that the second could have shown.
    if (first === null || first.liveness.doubtedFor === null) return;
    // Once a silence: the second connection is made again and again while it lasts.
    if (first.dataFlows) sockets.wasStale();
    first.provedQuiet(sockets.staleLimitMs);
  }
}
