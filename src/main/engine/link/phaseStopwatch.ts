import type { ConnectPhase } from '../../../shared/linkState.ts';
import type { ConnectTimings } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';

/** Times the phases of one dial (row L14). */
export class PhaseStopwatch {
  readonly #clock: Clock;
  readonly #startedAt: MonoMs;
  readonly #entered: { readonly phase: ConnectPhase; readonly at: MonoMs }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  enter(phase: ConnectPhase): void {
    this.#entered.push({ phase, at: this.#clock.now() });
  }

  stop(): ConnectTimings {
    const now = this.#clock.now();
    const lasted = (phase: ConnectPhase): number | null => {
      const index = this.#entered.findIndex((entry) => entry.phase === phase);
      const from = this.#entered[index];
      return from === undefined ? null : elapsedMs(from.at, this.#entered[index + 1]?.at ?? now);
    };
    return {
      dnsMs: lasted('resolving'),
      tcpMs: lasted('tcp'),
      tlsMs: lasted('tls'),
      upgradeMs: lasted('upgrade'),
      totalMs: elapsedMs(this.#startedAt, now),
    };
  }
}
