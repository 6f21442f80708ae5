import { type DownReason, type Suspicion, suspicionText } from '../../../shared/linkState.ts';
import type { Clock } from '../ports.ts';
import type { Timers } from '../timers.ts';
import { Candidacy, type CandidacyHost } from './candidacy.ts';
import type { Session } from './session.ts';
import type { Witnessing } from './sessionListener.ts';

/** What it asks of the link's sockets. */
export interface ComparisonHost extends CandidacyHost {
  /** The ready standby does. */
  relieve(because: DownReason): void;
}

/**
 * The second connection of a link that is silent and whose venue answers no ping (rows L2, L4, L5), beside the first.
 *
 * 1. One that flows takes over from one that is still silent, a standby at once. Where no data are expected, or first data are
 *    not waited for, one that is ready does.
 * 2. One that was asked for the same, was let in, and is silent for as long as the first has taught to be no silence, shows
 *    that the venue is quiet: it is closed, and the link is patient. One that was not told yes where the first was shows nothing.
 * 3. After a sleep, or on a new network, less is known of the first than of one that is ready: that takes over, whatever has
 *    waited in a queue for the first.
 */
export class Comparison {
  readonly candidacy: Candidacy;
  readonly #host: ComparisonHost;
  /** Why the last such connection was dialled. */
  #because: DownReason | null = null;
  #why: Suspicion = 'silence';

  constructor(host: ComparisonHost, clock: Clock, timers: Pick<Timers<'candidate'>, 'arm'>) {
    this.#host = host;
    this.candidacy = new Candidacy(host, clock, timers);
  }

  /** The socket in use wants one. */
  ask(why: Suspicion): Witnessing {
    const what = `${suspicionText(why).toLowerCase()}, and it answers no ping`;
    const because: DownReason = { kind: 'policy', what };
    if (this.#standbyFlows()) {
      this.#host.relieve(because);
      return 'under way';
    }
    if (why === 'wake') this.#distrust();
    const answer = this.#host.spares.replacing.wantFor(because);
    if (answer === 'begun') this.#because = because;
    if (answer === 'begun' || why === 'wake') this.#why = why;
    return answer;
  }

  /** The successor is ready, whatever it was made for. */
  ready(successor: Session): void {
    const { session: first } = this.#host;
    const { expectsData, policy } = successor.config;
    if (!this.#isOne || first === null) return this.candidacy.consider(successor);
    if (this.#why === 'wake') return this.#host.takeOver();
    if (first.liveness.doubtedFor === null) return void this.#dismiss(successor);
    if (!expectsData || policy.firstDataMs === 0 || successor.dataFlows) return this.#host.takeOver();
    const silentMs = Math.max(policy.firstDataMs, first.liveness.limits.silenceMs ?? 0);
    successor.awaitData(silentMs, () => this.#wasSilent(first, successor));
  }

  /** The first data came on a socket that is not in use. */
  flows(generation: number): void {
    const { spares, session: first } = this.#host;
    const successor = spares.succession.session;
    if (successor?.generation !== generation || !successor.isReady) return;
    if (!this.#isOne) this.candidacy.consider(successor);
    else if (first?.liveness.doubtedFor === null) this.#dismiss(successor);
    else this.#host.takeOver();
  }

  /** The successor was dialled for a comparison. */
  get #isOne(): boolean {
    return this.#because !== null && this.#host.spares.succession.because === this.#because;
  }

  #wasSilent(first: Session, successor: Session): void {
    const { sockets, session } = this.#host;
    if (!this.#dismiss(successor) || session !== first) return;
    // If it flows again there was no quiet that the second could have shown.
    if (first.liveness.doubtedFor === null || !isAskedLike(successor, first)) return;
    // Once a silence: the second connection is made again and again while it lasts.
    if (first.dataFlows) sockets.wasStale();
    first.provedQuiet(sockets.staleLimitMs);
  }

  /** A second connection that was open before this machine slept, or on another network, is no better than the first. */
  #distrust(): void {
    const { session: first, spares } = this.#host;
    const { because, session } = spares.succession;
    const { openedAt = null } = session ?? {};
    if (because === null || because !== this.#because || openedAt === null) return;
    if (openedAt >= awayAt(first)) return;
    spares.succession.abandon();
    spares.succession.again();
  }

  /** The standby was heard since the first is doubted. */
  #standbyFlows(): boolean {
    const { session: first, spares } = this.#host;
    const { isReady, session } = spares.standby;
    const { dataAt = null } = session?.clocks ?? {};
    if (!isReady || dataAt === null || first === null) return false;
    return dataAt > Math.max(first.clocks.bytesAt ?? 0, awayAt(first));
  }

  /** True if it was the successor until now, and nobody else wants it: a wish that stands is met by this one. */
  #dismiss(successor: Session): boolean {
    const { spares, sockets } = this.#host;
    const { because, isWanted } = spares.succession;
    if (spares.succession.session !== successor || because === null) return false;
    if (isWanted) {
      this.candidacy.consider(successor);
      return false;
    }
    spares.succession.dismiss();
    sockets.retire(successor, (one) => one.close(because));
    return true;
  }
}

const awayAt = (first: Session | null): number => Math.max(first?.awayUntil ?? 0, first?.liveness.awayAt ?? 0);

/** The venue has said yes to all that it said yes to on `other`, where it ever does, and no to nothing else. */
function isAskedLike(one: Session, other: Session): boolean {
  if (one.config.preset.ack.kind === 'data') return true;
  const said = new Map(one.subscriptionViews().map(({ name, status }) => [name, status]));
  return other
    .subscriptionViews()
    .every(({ name, status }) =>
      status === 'acked' ? said.get(name) === 'acked' : status === 'refused' || said.get(name) !== 'refused',
    );
}
