import type { Suspicion } from '../../../shared/linkState.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { Heartbeat, nonce } from './heartbeat.ts';
import { HeartbeatRecord } from './heartbeatRecord.ts';
import { Hush } from './hush.ts';
import { MuteWatch } from './muteWatch.ts';
import type { SessionCore, SessionParts } from './sessionCore.ts';

/** Whether the venue is there (rows L2, L4, L16): asked by pings, and by a second connection where it answers none. */
export class Liveness {
  readonly heartbeat: Heartbeat;
  readonly hush: Hush;
  readonly record: HeartbeatRecord;
  readonly #core: SessionCore;
  readonly #mute: MuteWatch;

  constructor(core: SessionCore, { p99Ms, ports }: SessionParts) {
    this.#core = core;
    const over = (): void => this.#mute.over('sends again');
    const silent = (since: MonoMs): void =>
      core.dialect.pings ? this.heartbeat.suspectNow('silence') : this.#mute.silent(since);
    this.hush = new Hush(core, silent, over);
    this.#mute = new MuteWatch(core, this.hush);
    this.record = new HeartbeatRecord(core, this.hush);
    this.heartbeat = new Heartbeat(core, p99Ms, nonce(ports.random()), this.record);
  }

  /** Silence that makes this link suspect, T of its pongs, and how long its probes take, ms; `null` where nothing is known. */
  get limits(): { readonly silenceMs: number | null; readonly pongMs: number | null; readonly probesMs: number } {
    return {
      silenceMs: this.hush.limitMs,
      pongMs: this.#core.dialect.pings ? this.heartbeat.timeoutMs : null,
      probesMs: this.heartbeat.probesMs,
    };
  }

  /** Pings that were out when the venue or the way to it ended the socket; 0 while it is there, and where we have closed it. */
  get lostPings(): number {
    const { isOver, closingBecause } = this.#core;
    return isOver && closingBecause === null ? this.heartbeat.unanswered : 0;
  }

  /** Why a venue that answers no ping is doubted, `null` while it is not. */
  get doubtedFor(): Suspicion | null {
    return this.#mute.why;
  }

  get isDoubted(): boolean {
    return this.heartbeat.isSuspect || this.doubtedFor !== null;
  }

  /** See `MuteWatch.awayAt`. */
  get awayAt(): MonoMs | null {
    return this.#mute.awayAt;
  }

  /** The socket has come into use. */
  retell(): void {
    this.#mute.retell();
  }

  /** A second connection to it was as silent. */
  excuse(): void {
    this.#mute.excuse();
  }

  /** Other subscriptions have other gaps. */
  forgetGaps(): void {
    this.hush.forget();
    this.#mute.over('other subscriptions are wanted');
  }

  /** Asked at once, and trusted meanwhile. */
  ask(): void {
    if (this.#core.dialect.pings) this.heartbeat.askNow();
    else this.#mute.ask();
  }

  /** This machine was away: not trusted before it has answered. */
  doubt(): void {
    if (this.#core.dialect.pings) this.heartbeat.suspectNow('wake');
    else this.#mute.begin('wake', this.#core.clock.now());
  }
}
