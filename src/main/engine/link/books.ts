import type { LinkHappening } from '../../../shared/events.ts';
import { stalenessOf } from '../../../shared/freshness.ts';
import { type Health, healthReasons } from '../../../shared/health.ts';
import { type EncodedHistogram, Histogram } from '../../../shared/histogram.ts';
import type { LinkClocks, LinkView } from '../../../shared/linkView.ts';
import type { RttWindow, ScrapeFrame, SeriesPoint } from '../../../shared/rttView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import { Judgement } from './judgement.ts';
import { Ledger } from './ledger.ts';
import {
  clocksFrom,
  type EngineField,
  fitnessFrom,
  freshnessFrom,
  healthFrom,
  inForce,
  type LatelyView,
  type LinkFacts,
  latelyFrom,
  viewFrom,
} from './linkView.ts';
import type { Revision } from './revision.ts';
import { RttWindows } from './rtt.ts';
import type { Session } from './session.ts';
import type { SliceLog } from './sliceLog.ts';

/** The part of the facts that the books do not keep themselves. */
export type LinkSubject = Omit<LinkFacts, 'ledger' | 'rtt' | 'degradedBy' | 'lastHeard'>;

/** The books as others may read them. */
export type Figures = Pick<
  Books,
  'view' | 'lately' | 'clocks' | 'histogram' | 'slices' | 'scrape' | 'fit' | 'fitUntil' | 'structure'
>;

/** What one link counts, measures and concludes from it: nothing here moves a socket. */
export class Books {
  readonly revision: Revision;
  readonly #subject: () => LinkSubject;
  readonly #session: () => Session | null;
  readonly #tell: (happening: LinkHappening, generation?: number) => void;
  readonly #rtt = new RttWindows();
  readonly #ledger: Ledger;
  readonly #judgement = new Judgement();
  /** Waits before a reconnect, since the engine started. */
  readonly #backoff = new Histogram();
  #health: Health = { level: 'none' };
  /** How many messages have changed nothing but clocks and counts: those of a healthy link, without those since it is. */
  #plain = 0;
  /** All messages by the time at which it became healthy; `null` while it is not. */
  #healthyFrom: number | null = null;
  #lastHeard: LinkClocks | null = null;

  constructor(parts: {
    now: MonoMs;
    revision: Revision;
    subject: () => LinkSubject;
    /** The socket in use. */
    session: () => Session | null;
    tell: (happening: LinkHappening, generation?: number) => void;
  }) {
    this.revision = parts.revision;
    this.#subject = parts.subject;
    this.#session = parts.session;
    this.#tell = parts.tell;
    this.#ledger = new Ledger(parts.now);
  }

  /** Books the time until now to the state that lasted until now: call before every change of state. */
  book(subject: LinkSubject = this.#subject()): void {
    const fresh = stalenessOf(freshnessFrom(subject)).length === 0;
    this.#ledger.book(subject.course.state, subject.now, fresh);
  }

  /** The same for all that a message does not change which comes to a healthy link: see `lately`. */
  get structure(): number {
    const messages = this.#messages;
    // Each message is a change, too; where something is wrong it may be what ends it.
    const plain = this.#plain + (this.#healthyFrom === null ? 0 : messages - this.#healthyFrom);
    return this.revision.number - plain;
  }

  get #messages(): number {
    return this.#ledger.messages(this.#session()?.messages ?? 0);
  }

  /** Something outside the books changed. */
  touch(): void {
    this.revision.changed();
  }

  get missedInARow(): number {
    return this.#ledger.missedInARow;
  }

  connected(): void {
    this.touch();
    this.#ledger.connects += 1;
  }

  /** A socket left use: its bytes are kept, and that it was open. */
  left(session: Session): void {
    this.touch();
    session.use(null);
    this.#ledger.addTraffic(session.traffic());
    if (session.openedAt === null) return;
    this.#ledger.disconnects += 1;
    this.#ledger.lost += session.liveness.lostPings;
    this.#lastHeard = { ...session.clocks };
  }

  /** One that had left use is used again: its bytes are counted with it, and that it ends. */
  back(session: Session): void {
    this.#ledger.disconnects -= 1;
    const { bytesIn, bytesOut } = session.traffic();
    this.#ledger.addTraffic({ bytesIn: -bytesIn, bytesOut: -bytesOut, messages: 0, dataMessages: 0 });
  }

  /** Another socket is in use: nothing of the last one counts against it. */
  newSocket(): void {
    this.touch();
    this.#ledger.missedInARow = 0;
    if (this.#judgement.notified) this.#tell({ kind: 'still-bad', what: null });
    this.#judgement.newSocket();
  }

  pingSent(): void {
    this.touch();
    this.#ledger.pings += 1;
  }

  venuePing(): void {
    this.touch();
    this.#ledger.venuePings += 1;
  }

  missed(waitedMs: number, inARow: number, generation: number, inUse: boolean): void {
    this.touch();
    this.#ledger.missed += 1;
    if (inUse) this.#ledger.missedInARow = inARow;
    this.#tell({ kind: 'pong-missed', waitedMs, inARow }, generation);
  }

  foreignPong(what: string, generation: number): void {
    this.touch();
    this.#ledger.foreignPongs += 1;
    const count = this.#ledger.foreignPongs;
    if (count === 1 || count % 100 === 0) this.#tell({ kind: 'foreign-pong', what }, generation);
  }

  /** A pong of a socket that is being made ready counts, but measures nothing. True if it was a measurement. */
  pong(rttMs: number | null, stalled: boolean, late: boolean, inUse: boolean): boolean {
    this.touch();
    if (!late) this.#ledger.pongs += 1;
    if (!inUse) return false;
    this.#ledger.missedInARow = 0;
    if (rttMs === null) return false;
    const { now } = this.#subject();
    if (stalled) {
      this.#ledger.stalledSamples += 1;
      this.#rtt.slices.addStalled(now);
    } else {
      this.#ledger.lastRttMs = rttMs;
      this.#rtt.add(rttMs, now);
    }
    if (late) this.#tell({ kind: 'pong-late', rttMs });
    return !stalled;
  }

  /** p99 RTT of the last 5 min, ms. */
  p99Ms(now: MonoMs): number | null {
    return this.#rtt.percentiles('5m', now)?.p99Ms ?? null;
  }

  /** A wait before the next dial begins. */
  waits(delayMs: number): void {
    this.#backoff.add(Math.max(0, delayMs) * 1000);
  }

  scrape(): ScrapeFrame['links'][string] {
    return { rtt: this.histogram('start'), backoff: this.#backoff.encode() };
  }

  /** Until when it stays so if nothing is heard and nothing is changed: time alone makes data old. */
  get fitUntil(): number {
    const subject = this.#subject();
    const { expectsData, policy } = inForce(subject);
    const { session } = subject;
    if (session === null) return Number.POSITIVE_INFINITY;
    const { dataAt } = session.clocks;
    const freshUntil = expectsData && dataAt !== null ? dataAt + policy.dataNoticeMs : Number.POSITIVE_INFINITY;
    return Math.min(freshUntil, session.liveness.record.pings.until);
  }

  /** As of now: a copy. */
  get clocks(): LinkClocks {
    return clocksFrom(this.#facts());
  }

  get fit(): LinkView['fit'] {
    return fitnessFrom(this.#facts());
  }

  histogram(window: RttWindow): EncodedHistogram {
    return this.#rtt.histogram(window, this.#subject().now).encode();
  }

  get slices(): SliceLog {
    return this.#rtt.slices;
  }

  view(): Omit<LinkView, EngineField> {
    this.book();
    this.#judgeHealth();
    return viewFrom(this.#facts(), this.#health);
  }

  /** What each message changes of a view. */
  lately(): LatelyView {
    return latelyFrom(this.#facts());
  }

  /** Call about once a second, but for a link at rest: rates and times. `lookedAt`: nothing had come since the last call by then. */
  tick(lookedAt: MonoMs): void {
    const subject = this.#subject();
    const { now, session } = subject;
    const lag = session?.content?.takeLag() ?? null;
    if (lag !== null) this.#rtt.slices.addLag(lag, now);
    // When nothing comes any more nothing else says that the rate has fallen.
    if (this.#ledger.tick(now, session?.messages ?? 0, lookedAt)) this.touch();
    this.book(subject);
  }

  /** No message came in the last second. */
  get isQuiet(): boolean {
    return this.#ledger.isQuiet;
  }

  /** Row H4: why the socket in use is to be replaced, `null` if it is not. */
  complaint(): string | null {
    const { session, config, now } = this.#subject();
    if (session === null) return null;
    const was = this.#judgement.notified;
    const wish = this.#judgement.policyReconnect(session.pings, this.#ledger.missedInARow, config.policy, now);
    const { policyPauseMs: pauseMs } = config.policy;
    if (wish?.notifyOnly === true) this.#tell({ kind: 'still-bad', what: wish.what, pauseMs });
    else if (was && !this.#judgement.notified) this.#tell({ kind: 'still-bad', what: null });
    return wish?.notifyOnly === false ? wish.what : null;
  }

  /** The socket in use is being replaced for that. */
  complaintMet(): void {
    this.#judgement.reconnected(this.#subject().now);
  }

  /** Call about once a second, when something has changed or a while has passed: alerts, and one point for the charts. */
  look(): SeriesPoint {
    const { now, config, course } = this.#subject();
    this.#judgeHealth();
    const degraded = this.#judgement.degradation(this.#rtt, config.policy, now);
    if (degraded !== null) this.#tell({ kind: 'degradation', ...degraded });
    const { reliabilityTargetPercent: targetPercent } = config.policy;
    const verdict = this.#ledger.judgeReliability(targetPercent);
    if (verdict !== null) this.#tell({ kind: 'reliability', ...verdict, targetPercent });
    // What is left of the minute before a pause is not of now: the chart has a gap from its first second.
    const figures = course.state.kind === 'paused' ? null : this.#rtt.percentiles('1m', now);
    return { p50Ms: figures?.p50Ms ?? null, p99Ms: figures?.p99Ms ?? null, samples: figures?.count ?? 0 };
  }

  #countPlain(): void {
    const isHealthy = this.#health.level === 'healthy';
    if (isHealthy === (this.#healthyFrom !== null)) return;
    const messages = this.#messages;
    if (this.#healthyFrom !== null) this.#plain += messages - this.#healthyFrom;
    this.#healthyFrom = isHealthy ? messages : null;
  }

  #facts(): LinkFacts {
    return {
      ...this.#subject(),
      degradedBy: this.#judgement.degradedBy,
      ledger: this.#ledger,
      rtt: this.#rtt,
      lastHeard: this.#lastHeard,
    };
  }

  #judgeHealth(): void {
    const before = this.#health;
    this.#health = healthFrom(this.#facts());
    this.#countPlain();
    if (before.level === this.#health.level || before.level === 'none' || this.#health.level === 'none') return;
    this.#tell({ kind: 'health', from: before.level, to: this.#health.level, reasons: healthReasons(this.#health) });
  }
}
