import { countsAsUp } from '../../../shared/health.ts';
import type { LinkCounters, LinkUptime } from '../../../shared/linkCounts.ts';
import type { LinkState } from '../../../shared/linkState.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { Reliability } from './reliability.ts';

/** Longer than any stall of a running program that ticks once a second. */
const SLEEP_MS = 10_000;

/** The counts and times of one link since the engine started (row H3). */
export class Ledger {
  pings = 0;
  pongs = 0;
  missed = 0;
  missedInARow = 0;
  foreignPongs = 0;
  venuePings = 0;
  connects = 0;
  disconnects = 0;
  messages = 0;
  dataMessages = 0;
  stalledSamples = 0;
  lastRttMs: number | null = null;
  #endedBytesIn = 0;
  #endedBytesOut = 0;
  readonly #reliability = new Reliability();
  #upMs = 0;
  #sleptMs = 0;
  #countedUntil: MonoMs;
  #lastSecond: { readonly at: MonoMs; readonly messages: number };
  #messagesPerSec = 0;

  constructor(now: MonoMs) {
    this.#countedUntil = now;
    this.#lastSecond = { at: now, messages: 0 };
  }

  /**
   * Books the time since the last call to the state that lasted until now. Call before every change of state, and once a
   * second: a longer silence than that means that this machine slept, which is nobody's uptime and nobody's outage.
   */
  book(state: LinkState, now: MonoMs, fresh: boolean): void {
    const lastedMs = elapsedMs(this.#countedUntil, now);
    this.#countedUntil = now;
    if (state.kind === 'paused') return;
    if (lastedMs > SLEEP_MS) {
      this.#sleptMs += lastedMs;
      return;
    }
    this.#reliability.add(now, lastedMs, fresh && countsAsUp(state));
    if (countsAsUp(state)) this.#upMs += lastedMs;
  }

  judgeReliability(targetPercent: number): ReturnType<Reliability['judge']> {
    return this.#reliability.judge(targetPercent);
  }

  get times(): Omit<LinkUptime, 'upSince'> {
    return { upMs: this.#upMs, ...this.#reliability.sinceStart, day: this.#reliability.day, sleptMs: this.#sleptMs };
  }

  addTraffic(traffic: { readonly bytesIn: number; readonly bytesOut: number }): void {
    this.#endedBytesIn += traffic.bytesIn;
    this.#endedBytesOut += traffic.bytesOut;
  }

  /** Call about once a second: makes the message rate. True if it is another one than before. */
  tick(now: MonoMs): boolean {
    const lastedMs = elapsedMs(this.#lastSecond.at, now);
    if (lastedMs < 500) return false;
    const before = this.#messagesPerSec;
    this.#messagesPerSec = Math.round(((this.messages - this.#lastSecond.messages) * 10_000) / lastedMs) / 10;
    this.#lastSecond = { at: now, messages: this.messages };
    return this.#messagesPerSec !== before;
  }

  /** `open`: the traffic of the socket in use; without one nothing comes, whatever the last second held. */
  counters(open: { readonly bytesIn: number; readonly bytesOut: number } | null, failuresInARow: number): LinkCounters {
    return {
      pings: this.pings,
      pongs: this.pongs,
      missed: this.missed,
      missedInARow: this.missedInARow,
      foreignPongs: this.foreignPongs,
      venuePings: this.venuePings,
      connects: this.connects,
      disconnects: this.disconnects,
      failuresInARow,
      messages: this.messages,
      dataMessages: this.dataMessages,
      bytesIn: this.#endedBytesIn + (open?.bytesIn ?? 0),
      bytesOut: this.#endedBytesOut + (open?.bytesOut ?? 0),
      messagesPerSec: open === null ? 0 : this.#messagesPerSec,
    };
  }
}
