import type { Suspicion } from '../../../shared/linkState.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { PROBE_INTERVAL_MS, pingGapMs, pingSlotAt, pongLimitMs, probesMs } from '../../../shared/watchTimes.ts';
import { countsPings } from './budget.ts';
import type { HeartbeatRecord } from './heartbeatRecord.ts';
import type { SessionCore } from './sessionCore.ts';

/** A stall is measured to about a millisecond. */
const CLOCK_GRAIN_MS = 1;
/** A missed ping is kept this long, so that a very late pong is still known as its own. */
const REMEMBERED_MS = 60_000;

interface Ping {
  readonly id: string;
  readonly sentAt: MonoMs;
  probe: boolean;
  readonly timeoutMs: number;
  deadlineAt: MonoMs;
  missed: boolean;
}

/**
 * When to ping, which pong is whose, suspect and dead (rows L2, L4).
 *
 * 1. A pong counts only for the ping whose id it brings back; without ids, for the oldest one.
 * 2. Without ids an RTT is recorded only while one ping is outstanding, and after a late one not before none is: no regular
 *    ping follows another that is out, nor a missed one before its pong would have come at last.
 * 3. A deadline is judged after the input that has already arrived; time in which this machine was held up is added to
 *    it, and after a long stall the grace starts anew.
 * 4. One miss never ends a link: it makes it suspect, and probes decide.
 */
export class Heartbeat {
  readonly #core: SessionCore;
  /** The venue counts pings among what it lets us send. */
  readonly #counted: boolean;
  readonly #p99Ms: () => number | null;
  readonly #nonce: string;
  readonly #record: HeartbeatRecord;

  #outstanding: Ping[] = [];
  /** Outcomes that a new socket is to have soon. */
  #wanted = 0;
  #warmupsLeft = 0;
  /** Outcomes that were known when the last ping was planned. */
  #known = 0;
  #running = false;
  #suspect: Suspicion | null = null;
  #probes = 0;
  #probesMissed = 0;
  #missedInARow = 0;
  #clouded = false;
  /** A regular ping is due that waits until none is out. */
  #held = false;
  /** Dialects without ids: before this moment a pong may still be another ping's, and none is asked for. */
  #unsureUntil = 0;
  #deadlineArmedFor: MonoMs | null = null;

  /** `p99Ms`: RTT of the last minutes, `null` without samples. `nonce`: unlike that of any other socket. */
  constructor(core: SessionCore, p99Ms: () => number | null, nonce: string, record: HeartbeatRecord) {
    this.#core = core;
    this.#counted = countsPings(core.config.preset);
    this.#p99Ms = p99Ms;
    this.#nonce = nonce;
    this.#record = record;
  }

  /** Call once when the socket is open. */
  start(): void {
    if (!this.#core.dialect.pings) return;
    this.#running = true;
    this.#wanted = this.#core.policy.warmupPings;
    this.#warmupsLeft = 2 * this.#wanted;
    this.#regularPing();
  }

  /** Call when the policy changed: the next ping follows the new interval. */
  policyChanged(): void {
    if (this.#running && this.#suspect === null) this.#armNext();
  }

  /** A ping is out that has not been given up. */
  get awaitsPong(): boolean {
    return this.#outstanding.length > 0;
  }

  /** Pings that are out and not missed yet. */
  get unanswered(): number {
    return this.#outstanding.filter(({ missed }) => !missed).length;
  }

  /** T, after which a pong is late, ms. */
  get timeoutMs(): number {
    return this.#timeoutMs();
  }

  /** From the first probe to the one that decides, ms. */
  get probesMs(): number {
    return probesMs(this.#core.policy.missedPongs, this.#counted ? this.#core.turns.probeLimit : null);
  }

  get isSuspect(): boolean {
    return this.#suspect !== null;
  }

  /** Asked at once by an ordinary ping: if its pong is missed the link is suspect, as after any other. */
  askNow(): void {
    if (this.#running && this.#suspect === null) this.#regularPing();
  }

  /** The link is to be asked at once whether it is alive: its silence is too long, or this machine was away. */
  suspectNow(why: Suspicion): void {
    if (!this.#running) return;
    if (this.#suspect === null) return this.#startProbing(why);
    // Frames that had waited in a queue while this machine was away do not end its silence.
    if (why === 'wake') this.#suspect = why;
  }

  /** Frames come again: a link that was suspect only for its silence no longer is. */
  framesFlow(): void {
    if (this.#suspect === 'silence') this.#clear();
  }

  /** Pings to go before a new socket is measured. One that told nothing is asked again, but twice as many are enough. */
  get #pingsToAsk(): number {
    return Math.min(this.#warmupsLeft, this.#wanted - this.#record.known - this.unanswered);
  }

  /** A pong came at `now`. `id` is `null` where the dialect has none. */
  pongCame(id: string | null, now: MonoMs): void {
    const askedAll = this.#pingsToAsk <= 0;
    this.#answered(id, now);
    if (this.#suspect !== null || this.#core.closingBecause !== null) return;
    if (this.#held) this.#regularPing();
    else if (askedAll && this.#pingsToAsk > 0) this.#armNext();
  }

  #answered(id: string | null, now: MonoMs): void {
    const ping = this.#take(id, now);
    if (ping === null) {
      if (now < this.#unsureUntil) return;
      this.#record.foreign(id === null || id === '' ? 'no ping was outstanding' : `payload ${id.slice(0, 40)}`);
      return;
    }
    const alone = this.#outstanding.length === 0;
    const measurable = !this.#core.dialect.ordered || (alone && !this.#clouded && ping.sentAt >= this.#unsureUntil);
    if (alone) this.#clouded = false;
    this.#missedInARow = 0;
    this.#probesMissed = 0;
    const stalled = this.#core.stall.stalledSince(ping.sentAt);
    this.#record.pong(measurable ? elapsedMs(ping.sentAt, now) : null, stalled, ping.missed);
    if (this.#suspect !== null) this.#clear();
  }

  #clear(): void {
    this.#suspect = null;
    // Probes still out belong to a suspicion that has ended: from now on they are pings like others.
    for (const ping of this.#outstanding) ping.probe = false;
    this.#core.timers.disarm('probe');
    this.#armNext();
    this.#record.cleared();
  }

  #regularPing(): void {
    this.#held = this.#core.dialect.ordered && this.unanswered > 0;
    if (this.#held) return;
    const unsureMs = this.#unsureUntil - this.#core.clock.now();
    if (unsureMs > 0) return this.#core.timers.arm('ping', unsureMs, () => this.#regularPing());
    if (this.#counted && !this.#core.turns.take('ping', () => this.#regularPing())) return;
    this.#send(false);
    if (this.#warmupsLeft > 0) this.#warmupsLeft -= 1;
    this.#armNext();
  }

  #armNext(): void {
    this.#core.turns.probing = false;
    this.#held = false;
    const { known } = this.#record;
    // Some were forgotten: what is missing is asked for anew.
    if (known < this.#known) this.#warmupsLeft = 2 * this.#wanted;
    this.#known = known;
    const now = this.#core.clock.now();
    const gapMs = pingGapMs(this.#pingsToAsk, this.#core.policy.pingIntervalMs);
    this.#core.timers.armAbout('ping', pingSlotAt(after(now, gapMs), gapMs) - now, () => this.#regularPing());
  }

  #send(probe: boolean): void {
    const frame = this.#core.dialect.ping(this.#core.nextId(), this.#nonce);
    if (frame === null) return;
    const timeoutMs = this.#timeoutMs();
    // Nothing of ours may come between this reading and the socket.
    const now = this.#core.clock.now();
    this.#record.send(frame);
    while (now - (this.#outstanding[0]?.sentAt ?? now) >= REMEMBERED_MS) this.#outstanding.shift();
    if (this.#outstanding.length > 0) this.#clouded = true;
    const deadlineAt = after(now, timeoutMs);
    this.#outstanding.push({ id: frame.id, sentAt: now, probe, timeoutMs, deadlineAt, missed: false });
    this.#armDeadline();
  }

  #timeoutMs(): number {
    return pongLimitMs(this.#core.policy.pongTimeoutMs, this.#p99Ms());
  }

  /**
   * The ping that a pong answers. Without ids it is the oldest one. If that was missed, nobody can tell its late pong from
   * the next ping's own: all missed pings go with the next one, or one lost pong would shift every later one for good; until
   * the other pong could have come nothing is measured.
   */
  #take(id: string | null, now: MonoMs): Ping | null {
    if (!this.#core.dialect.ordered) {
      const index = this.#outstanding.findIndex((ping) => ping.id === id);
      return index < 0 ? null : (this.#outstanding.splice(index, 1)[0] ?? null);
    }
    const oldest = this.#outstanding.shift() ?? null;
    if (oldest?.missed !== true) return oldest;
    while (this.#outstanding[0]?.missed === true) this.#outstanding.shift();
    this.#unsureUntil = after(now, this.#core.policy.pongTimeoutMs);
    return this.#outstanding.shift() ?? oldest;
  }

  /**
   * One timer for the earliest deadline. A pong leaves it armed: it looks again when it is due, so that an answered ping
   * costs no timer.
   */
  #armDeadline(): void {
    let nextAt: MonoMs | null = null;
    for (const { missed, deadlineAt } of this.#outstanding) {
      if (!missed && (nextAt === null || deadlineAt < nextAt)) nextAt = deadlineAt;
    }
    if (nextAt === null || (this.#deadlineArmedFor !== null && this.#deadlineArmedFor <= nextAt)) return;
    this.#deadlineArmedFor = nextAt;
    this.#core.timers.armAbout('deadline', nextAt - this.#core.clock.now(), () => {
      this.#deadlineArmedFor = null;
      this.#core.timers.armAfterInput('judge', () => this.#judge());
    });
  }

  #judge(): void {
    const now = this.#core.clock.now();
    for (const ping of this.#outstanding) {
      if (ping.missed || ping.deadlineAt > now) continue;
      const missingMs = ping.timeoutMs - this.#core.stall.awakeMs(ping.sentAt);
      if (missingMs > CLOCK_GRAIN_MS) {
        ping.deadlineAt = after(now, missingMs);
        continue;
      }
      ping.missed = true;
      this.#clouded = true;
      this.#missedInARow += 1;
      this.#record.missed(elapsedMs(ping.sentAt, now), this.#missedInARow);
      if (ping.probe) this.#probesMissed += 1;
      if (this.#probesMissed >= this.#core.policy.missedPongs) {
        this.#running = false;
        this.#record.dead(this.#missedInARow);
        return;
      }
      if (this.#suspect === null) this.#startProbing('late pong');
    }
    this.#armDeadline();
  }

  #startProbing(why: Suspicion): void {
    this.#suspect = why;
    this.#probes = 0;
    this.#probesMissed = 0;
    this.#core.timers.disarm('ping');
    this.#core.turns.probing = this.#counted;
    this.#probe();
  }

  #probe(): void {
    if (!this.#counted || this.#core.turns.take('probe', () => this.#probe())) {
      this.#probes += 1;
      this.#send(true);
      this.#core.timers.arm('probe', PROBE_INTERVAL_MS, () => this.#probe());
    }
    this.#record.suspect(this.#probes, this.#suspect ?? 'late pong');
  }
}

/** Four letters or digits: what tells the pings of one socket from those of another. */
export const nonce = (random: number): string =>
  Math.floor(random * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
