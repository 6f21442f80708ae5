import type { Policy } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { Baseline } from './baseline.ts';
import type { PingFigures } from './pingRecord.ts';
import type { RttWindows } from './rtt.ts';

const AT_LEAST_PINGS = 20;
const WINDOW_FROM = 20;
/** An alert ends well below where it began, and not before it has been there for so long, or it would flap around the line. */
const LEAVE_SHARE = 0.75;
const LEAVE_AFTER_MS = 60_000;

/** What one link's own figures ask for: a reconnect by policy (row H4), an alert against its own baseline (row H8). */
export class Judgement {
  #lastReconnectAt: MonoMs | null = null;
  #notified = false;
  #degradedBy: number | null = null;
  /** Since when, without a break, the alert that stands would end. */
  #calmSince: MonoMs | null = null;
  readonly #baseline = new Baseline();

  /** How many times slower than its own baseline the link is, while the alert stands. */
  get degradedBy(): number | null {
    return this.#degradedBy;
  }

  newSocket(): void {
    this.#notified = false;
  }

  /** A reconnect that is still asked for was said not to be made. */
  get notified(): boolean {
    return this.#notified;
  }

  /** The reconnect that it asked for was begun. */
  reconnected(now: MonoMs): void {
    this.#lastReconnectAt = now;
  }

  /** Why the link is to be reconnected now, `null` if it is not. `notifyOnly`: it was reconnected for this just before. */
  policyReconnect(
    pings: PingFigures,
    missedInARow: number,
    policy: Policy,
    now: MonoMs,
  ): { readonly what: string; readonly notifyOnly: boolean } | null {
    const what = complaint(pings, missedInARow, policy);
    if (what === null) {
      this.#notified = false;
      return null;
    }
    const recent = this.#lastReconnectAt !== null && elapsedMs(this.#lastReconnectAt, now) < policy.policyPauseMs;
    if (recent && this.#notified) return null;
    this.#notified = recent;
    return { what, notifyOnly: recent };
  }

  /** Told once when the last 5 min leave the link's own baseline behind, and once when they come back or it comes to them. */
  degradation(rtt: RttWindows, policy: Policy, now: MonoMs): Degradation | null {
    const recent = rtt.percentiles('5m', now);
    if (recent === null || recent.count < WINDOW_FROM) return null;
    const { p99Ms } = recent;
    const was = this.#degradedBy !== null;
    const baselineMs = this.#baseline.p99Ms ?? p99Ms;
    const factor = baselineMs === 0 ? 1 : p99Ms / baselineMs;
    const { degradedFactor } = policy;
    if (was) this.#stay(factor, degradedFactor * LEAVE_SHARE, now);
    else if (factor > degradedFactor && secondSlowestMs(rtt, now) > baselineMs * degradedFactor)
      this.#degradedBy = factor;
    const isSlow = this.#degradedBy !== null;
    if (this.#baseline.learn(p99Ms, isSlow, now)) {
      this.#degradedBy = null;
      this.#calmSince = null;
      return { turn: 'usual', p99Ms, baselineMs };
    }
    return was === isSlow ? null : { turn: was ? 'back' : 'slower', p99Ms, baselineMs };
  }

  #stay(factor: number, leaveAt: number, now: MonoMs): void {
    this.#calmSince = factor > leaveAt ? null : (this.#calmSince ?? now);
    if (this.#calmSince === null) this.#degradedBy = factor;
    else if (elapsedMs(this.#calmSince, now) >= LEAVE_AFTER_MS) this.#degradedBy = null;
    if (this.#degradedBy === null) this.#calmSince = null;
  }
}

/** Under 100 samples the p99 is the slowest of them, and one is no degradation. */
function secondSlowestMs(rtt: RttWindows, now: MonoMs): number {
  const samples = rtt.histogram('5m', now);
  return (samples.quantileUs((samples.count - 1.5) / samples.count) ?? 0) / 1000;
}

type Degradation = Omit<Extract<LinkHappening, { kind: 'degradation' }>, 'kind'>;

function complaint(pings: PingFigures, missedInARow: number, policy: Policy): string | null {
  const { reconnectAfterMissed, reconnectBelowSuccessPercent, reconnectAboveP99Ms } = policy;
  if (reconnectAfterMissed > 0 && missedInARow >= reconnectAfterMissed) return `${missedInARow} pings missed in a row`;
  if (pings.known < AT_LEAST_PINGS) return null;
  const { successPercent, p99Ms } = pings;
  if (successPercent < reconnectBelowSuccessPercent) {
    return `${successPercent.toFixed(1)} % of the last ${pings.count} pings answered, below ${reconnectBelowSuccessPercent} %`;
  }
  if (reconnectAboveP99Ms > 0 && p99Ms !== null && p99Ms > reconnectAboveP99Ms) {
    return `p99 of the last ${pings.count} pings ${Math.round(p99Ms)} ms, above ${reconnectAboveP99Ms} ms`;
  }
  return null;
}
