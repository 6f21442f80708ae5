import type { Suspicion } from '../../../shared/linkState.ts';
import { elapsedMs } from '../../../shared/units.ts';
import { oldPongMs } from '../../../shared/watchTimes.ts';
import type { PingFrame } from './dialect.ts';
import type { Hush } from './hush.ts';
import { PingRecord } from './pingRecord.ts';
import type { SessionCore } from './sessionCore.ts';

/** What the heartbeat of one socket says and learns: sent, kept, and told to whoever listens to the session. */
export class HeartbeatRecord {
  readonly pings: PingRecord;
  readonly #core: SessionCore;
  readonly #hush: Hush;
  #foreignPongs = 0;

  constructor(core: SessionCore, hush: Hush) {
    this.#core = core;
    this.#hush = hush;
    this.pings = new PingRecord(() => oldPongMs(core.policy.pingIntervalMs));
  }

  /** Pings that were measured or missed, of those that are judged. */
  get known(): number {
    return this.pings.known(this.#core.clock.now());
  }

  get foreignPongs(): number {
    return this.#foreignPongs;
  }

  send(ping: PingFrame): void {
    this.#core.outbox.ping(ping);
    this.#core.listener.pingSent();
  }

  /** A pong of our own ping. `stalled`: this machine was held up meanwhile, so the figure says nothing of the network. */
  pong(rttMs: number | null, stalled: boolean, late: boolean): void {
    const { clock, clocks, control, listener } = this.#core;
    const now = clock.now();
    clocks.pongAt = now;
    control.measured(rttMs, { late, stalled });
    if (!late) this.pings.answered(stalled ? null : rttMs, now);
    listener.pong(rttMs, stalled, late);
  }

  missed(waitedMs: number, inARow: number): void {
    this.pings.missed(this.#core.clock.now());
    this.#core.listener.missed(waitedMs, inARow);
  }

  /** A pong that answers none of our pings. */
  foreign(what: string): void {
    this.#foreignPongs += 1;
    this.#core.control.foreign();
    this.#core.listener.foreignPong(what);
  }

  suspect(probes: number, why: Suspicion): void {
    this.#core.listener.suspect(probes, why);
  }

  cleared(): void {
    this.#hush.excuse();
    this.#core.sleptThrough = false;
    this.#core.listener.cleared('answers again');
  }

  dead(missed: number): void {
    const { clock, clocks, dial } = this.#core;
    this.#core.end({ kind: 'dead', missed, silentMs: elapsedMs(clocks.bytesAt ?? dial.startedAt, clock.now()) });
  }
}
