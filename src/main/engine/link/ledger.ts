import { countsAsUp } from '../../../shared/health.ts';
import type { LinkCounters, LinkUptime } from '../../../shared/linkCounts.ts';
import type { LinkState } from '../../../shared/linkState.ts';
import { elapsedMs, type MonoMs, monoMs } from '../../../shared/units.ts';
import { Reliability } from './reliability.ts';

/** Longer than any stall of a running program that ticks once a second. */
const SLEEP_MS = 10_000;

/** What one socket brought and took: bytes since it was dialled, messages since it is in use. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messages: number;
  readonly dataMessages: number;
}

const NONE: Traffic = { bytesIn: 0, bytesOut: 0, messages: 0, dataMessages: 0 };

const sum = (a: Traffic, b: Traffic): Traffic => ({
  bytesIn: a.bytesIn + b.bytesIn,
  bytesOut: a.bytesOut + b.bytesOut,
  messages: a.messages + b.messages,
  dataMessages: a.dataMessages + b.dataMessages,
});

/** The counts and times of one link since the engine started (row H3). */
export class Ledger {
  pings = 0;
  pongs = 0;
  missed = 0;
  lost = 0;
  missedInARow = 0;
  foreignPongs = 0;
  venuePings = 0;
  connects = 0;
  disconnects = 0;
  stalledSamples = 0;
  lastRttMs: number | null = null;
  #ended: Traffic = NONE;
  readonly #reliability = new Reliability();
  #upMs = 0;
  #sleptMs = 0;
  #countedUntil: MonoMs;
  #lastSecond: { readonly at: MonoMs; readonly messages: number };
  #messagesPerSec = 0;
  /** Since when messages are uncounted, where the last look came too soon to count by. */
  #uncountedFrom: MonoMs | null = null;

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

  addTraffic(traffic: Traffic): void {
    this.#ended = sum(this.#ended, traffic);
  }

  /** All that came, `open` of them on the socket in use. */
  messages(open: number): number {
    return this.#ended.messages + open;
  }

  get isQuiet(): boolean {
    return this.#messagesPerSec === 0 && this.#uncountedFrom === null;
  }

  /**
   * Call about once a second: makes the message rate. True if it is another one than before. Where it was not called because
   * nothing came, until `lookedAt`, what came now came since.
   */
  tick(now: MonoMs, open: number, lookedAt: MonoMs): boolean {
    const from = this.#uncountedFrom ?? monoMs(Math.max(this.#lastSecond.at, lookedAt));
    const lastedMs = elapsedMs(from, now);
    this.#uncountedFrom = lastedMs < 500 ? from : null;
    if (lastedMs < 500) return false;
    const before = this.#messagesPerSec;
    const messages = this.messages(open);
    this.#messagesPerSec = Math.round(((messages - this.#lastSecond.messages) * 10_000) / lastedMs) / 10;
    this.#lastSecond = { at: now, messages };
    return this.#messagesPerSec !== before;
  }

  /** `open`: the traffic of the socket in use; without one nothing comes, whatever the last second held. */
  counters(open: Traffic | null, failuresInARow: number): LinkCounters {
    return {
      pings: this.pings,
      pongs: this.pongs,
      missed: this.missed,
      lost: this.lost,
      missedInARow: this.missedInARow,
      foreignPongs: this.foreignPongs,
      venuePings: this.venuePings,
      connects: this.connects,
      disconnects: this.disconnects,
      failuresInARow,
      ...sum(this.#ended, open ?? NONE),
      messagesPerSec: open === null ? 0 : this.#messagesPerSec,
    };
  }
}
