import { backoffMs } from '../../../shared/backoff.ts';
import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import { atLeastMs, type Consequence } from './classify.ts';

export interface SpareWaitsParts {
  config(): LinkConfig;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** For how long the venue has asked not to be dialled there, ms. */
  askedMs(): number;
}

/**
 * When a spare socket may be dialled again at one address: its own backoff, and what follows from how it ended (rows L6, L18).
 *
 * 1. What the venue asked for outlives the wish that met it: a link that is lost meanwhile does not forget it.
 * 2. A wait that needs a person (a fault of settings, refused credentials) ends when a person has done something.
 */
export class SpareWaits {
  readonly #is: SpareWaitsParts;
  #tries = 0;
  #previousMs: number | null = null;
  #until: MonoMs | null = null;
  #refused = false;
  #askedUntil: MonoMs | null = null;

  constructor(parts: SpareWaitsParts) {
    this.#is = parts;
  }

  /** Until it may be dialled, ms: 0 for now, infinite where its credentials were refused. */
  get leftMs(): number {
    if (this.#refused) return Number.POSITIVE_INFINITY;
    const now = this.#is.clock.now();
    const leftMs = (until: MonoMs | null): number => (until === null ? 0 : elapsedMs(now, until));
    return Math.max(0, leftMs(this.#until), leftMs(this.#askedUntil), this.#is.askedMs());
  }

  /** It could not be had when it was last wanted. */
  get hasFailed(): boolean {
    return this.#tries > 0;
  }

  get isRefused(): boolean {
    return this.#refused;
  }

  /** A dial has failed, or its socket was lost; `openedAt`: since when that was open. One that was stable is no failure. */
  failed(consequence: Consequence, openedAt: MonoMs | null = null): void {
    const { config, clock, random } = this.#is;
    const now = clock.now();
    this.forgiveSince(openedAt);
    this.#tries += 1;
    this.#previousMs = backoffMs(config().policy, this.#tries, random(), this.#previousMs);
    const waitMs = atLeastMs(consequence);
    this.#refused = waitMs === Number.POSITIVE_INFINITY;
    this.#until = after(now, this.#refused ? this.#previousMs : Math.max(this.#previousMs, waitMs));
    if (consequence.loud) return;
    const askedUntil = after(now, waitMs);
    if (this.#askedUntil === null || askedUntil > this.#askedUntil) this.#askedUntil = askedUntil;
  }

  /** The link has proved stable: the backoff begins anew. */
  forgive(): void {
    this.#tries = 0;
    this.#previousMs = null;
  }

  /** The backoff begins anew where nothing has failed for the stability time. */
  forgiveSince(from: MonoMs | null): void {
    const { config, clock } = this.#is;
    if (from !== null && elapsedMs(from, clock.now()) >= config().policy.stableAfterMs) this.forgive();
  }

  /** It is wanted, and was not: what had failed for long enough before is another story. */
  wantedAnew(): void {
    this.forgiveSince(this.#until);
  }

  /** The venue has let in a socket of this link since: it does not refuse its credentials. True if it had. */
  letIn(): boolean {
    const was = this.#refused;
    this.#refused = false;
    return was;
  }

  /** A person has done something about it. */
  anew(): void {
    this.forgive();
    this.#until = null;
    this.#refused = false;
  }
}
