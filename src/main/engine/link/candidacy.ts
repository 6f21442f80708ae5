import type { DownReason } from '../../../shared/linkState.ts';
import type { Clock } from '../ports.ts';
import type { Timers } from '../timers.ts';
import { leaveAtAgeMs } from './rotation.ts';
import type { Session } from './session.ts';
import { shortfall } from './shortfall.ts';
import type { Sockets } from './sockets.ts';
import type { Spares } from './spares.ts';

/** How often it is looked at whether what is missing has come. */
const LOOK_MS = 100;

/** What it asks of the link's sockets. */
export interface CandidacyHost {
  readonly spares: Spares;
  readonly sockets: Sockets;
  /** The socket in use. */
  readonly session: Session | null;
  /** By when the venue has let us know that a socket is to be left, infinite where it has not. */
  readonly notices: { leaveBy(generation: number): number };
  /** The successor becomes the socket in use. */
  takeOver(): void;
}

/**
 * From a successor that is ready to one that takes over: it serves what the socket in use serves (`shortfall.ts`).
 *
 * It has the first-data time to show that, from when all it wants was answered, then it has failed, and what wanted it is
 * tried again. The socket that the venue is about to cut is left for it all the same, and one that is lost anyway.
 */
export class Candidacy {
  readonly #host: CandidacyHost;
  readonly #clock: Clock;
  readonly #timers: Pick<Timers<'candidate'>, 'arm'>;

  /** `timers` end with the use of the socket in use. */
  constructor(host: CandidacyHost, clock: Clock, timers: Pick<Timers<'candidate'>, 'arm'>) {
    this.#host = host;
    this.#clock = clock;
    this.#timers = timers;
  }

  /** It is ready, or what it has to show may be another. Nothing where it is the successor no more. */
  consider(successor: Session): void {
    const { session: first, spares } = this.#host;
    if (first === null || spares.succession.session !== successor) return;
    const now = this.#clock.now();
    const leaveInMs = this.#leaveBy(first) - now;
    const missing = shortfall(successor, first, now);
    // One that is doubted answers, or is dead, by its own deadlines.
    const isFit = missing === null && !successor.liveness.isDoubted;
    if (isFit || leaveInMs <= 0) return this.#host.takeOver();
    if (missing !== null && successor.answeredMs >= successor.config.policy.firstDataMs) {
      return this.#failed(successor, `${missing}, unlike on the one in use`);
    }
    this.#timers.arm('candidate', Math.min(LOOK_MS, leaveInMs), () => this.consider(successor));
  }

  #failed(successor: Session, what: string): void {
    const reason: DownReason = { kind: 'policy', what };
    this.#host.sockets.retire(successor, (one) => one.close(reason));
    this.#host.spares.ended(successor.generation, reason);
  }

  #leaveBy({ config, generation, openedAt }: Session): number {
    const { max_age_secs: maxAgeSecs } = config.preset.limits;
    const told = this.#host.notices.leaveBy(generation);
    return openedAt === null || maxAgeSecs === undefined
      ? told
      : Math.min(told, openedAt + leaveAtAgeMs(maxAgeSecs * 1000));
  }
}
