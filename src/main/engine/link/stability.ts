import { elapsedMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import type { Timers } from '../timers.ts';
import type { PrimaryHost } from './primaryHost.ts';
import type { Session } from './session.ts';
import type { Sockets } from './sockets.ts';
import type { Spares } from './spares.ts';

/** A socket that has been in use for the stability time: what had failed before is forgotten (rows L6, L8). */
export class Stability {
  readonly #of: { readonly sockets: Sockets; readonly spares: Spares };
  readonly #host: PrimaryHost;
  readonly #clock: Clock;
  readonly #timers: Pick<Timers<'stable'>, 'arm'>;

  constructor(
    of: { readonly sockets: Sockets; readonly spares: Spares },
    host: PrimaryHost,
    clock: Clock,
    timers: Pick<Timers<'stable'>, 'arm'>,
  ) {
    this.#of = of;
    this.#host = host;
    this.#clock = clock;
    this.#timers = timers;
  }

  /** One that has come back into use has been open for so long. */
  has({ openedAt }: Session): boolean {
    return openedAt !== null && elapsedMs(openedAt, this.#clock.now()) >= this.#host.config().policy.stableAfterMs;
  }

  /** One has come into use. */
  await(): void {
    this.#timers.arm('stable', this.#host.config().policy.stableAfterMs, () => {
      this.#of.sockets.provedStable();
      for (const waits of this.#of.spares.waits) waits.forgive();
      this.#host.stable();
    });
  }
}
