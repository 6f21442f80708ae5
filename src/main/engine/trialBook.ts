import type { ConnectPhase } from '../../shared/linkState.ts';
import type { ConnectTimings } from '../../shared/socketView.ts';
import {
  phasesOf,
  TRIAL_PINGS,
  type TrialPhase,
  type TrialPing,
  type TrialSubscription,
  type TrialView,
} from '../../shared/trial.ts';
import { elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Session } from './link/session.ts';

/** What one trial has found so far. Time comes in. */
export class TrialBook {
  readonly #phases: { readonly phase: TrialPhase; readonly ms: number }[] = [];
  readonly #pings: TrialPing[] = [];
  #phase: { readonly name: ConnectPhase; readonly since: MonoMs } | null = null;
  #openedAt: MonoMs | null = null;
  #subscribedAt: MonoMs | null = null;
  #dataAt: MonoMs | null = null;

  get pings(): readonly TrialPing[] {
    return this.#pings;
  }

  get dataCame(): boolean {
    return this.#dataAt !== null;
  }

  /** The phase before it has ended. */
  entered(phase: ConnectPhase, now: MonoMs): void {
    const before = this.#phase;
    if (before?.name === phase) return;
    if (before !== null) this.#phases.push({ phase: before.name, ms: elapsedMs(before.since, now) });
    this.#phase = { name: phase, since: now };
  }

  /** The socket's own stopwatch is the better one, but knows nothing of a token. */
  opened(timings: ConnectTimings, now: MonoMs): void {
    const token = this.#phases.filter(({ phase }) => phase === 'token');
    this.#phases.splice(0, this.#phases.length, ...token, ...phasesOf(timings));
    this.#phase = null;
    this.#openedAt = now;
  }

  subscribed(now: MonoMs): void {
    if (this.#subscribedAt !== null || this.#openedAt === null) return;
    this.#subscribedAt = now;
    this.#phases.push({ phase: 'subscribe', ms: elapsedMs(this.#openedAt, now) });
  }

  data(now: MonoMs): void {
    if (this.#dataAt !== null) return;
    this.#dataAt = now;
    const from = this.#subscribedAt ?? this.#openedAt;
    if (from !== null) this.#phases.push({ phase: 'data', ms: elapsedMs(from, now) });
  }

  ping(ping: TrialPing): void {
    if (this.#pings.length < TRIAL_PINGS) this.#pings.push(ping);
  }

  /** From the dial to the first data, ms. */
  firstDataMs(session: Session | null): number | null {
    return session === null || this.#dataAt === null ? null : elapsedMs(session.dial.startedAt, this.#dataAt);
  }

  found(session: Session | null, now: MonoMs): Omit<TrialView, 'stage' | 'elapsedMs' | 'pingsWanted'> {
    return {
      address: session?.dial.address ?? null,
      phase: this.#phase?.name ?? null,
      phases: [...this.#phases],
      pings: [...this.#pings],
      subscriptions: session === null ? [] : subscriptionsOf(session, now),
      firstDataMs: this.firstDataMs(session),
    };
  }
}

export function subscriptionsOf(session: Session, now: MonoMs): readonly TrialSubscription[] {
  return session.subscriptionViews().map(({ name, status, dataAt }) => ({
    name,
    status,
    dataAgeMs: dataAt === null ? null : elapsedMs(dataAt, now),
    isTold: session.streams.isTold(name),
  }));
}
