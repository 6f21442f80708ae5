import type { WallMs } from '../../shared/units.ts';

const DAY_MS = 86_400_000;
/** Two heartbeats that stop within so many ms of the same time of day are one habit. */
const SAME_TIME_MS = 5_000;
const KEPT_STOPS = 50;

/** At which times of day the venue's heartbeat stopped: a scheduled restart comes back at the same second. */
export class HeartbeatHabit {
  /** ms since midnight UTC, by day. */
  readonly #stops: { readonly day: number; readonly ofDayMs: number }[] = [];
  #overdue = false;

  /** The heartbeat is not missed any more, or nobody looks. */
  rest(): void {
    this.#overdue = false;
  }

  /** `overdueMs`: so long it has been missed. True if it stopped at this time of day on an earlier day, too. */
  missed(overdueMs: number, wall: WallMs): boolean {
    const stoppedAt = wall - overdueMs;
    const day = Math.floor(stoppedAt / DAY_MS);
    const ofDayMs = stoppedAt - day * DAY_MS;
    const before = this.#stops.some((stop) => stop.day !== day && Math.abs(stop.ofDayMs - ofDayMs) <= SAME_TIME_MS);
    if (!this.#overdue) this.#stops.push({ day, ofDayMs });
    if (this.#stops.length > KEPT_STOPS) this.#stops.shift();
    this.#overdue = true;
    return before;
  }
}
