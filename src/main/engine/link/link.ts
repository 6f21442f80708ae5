import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import type { Health } from '../../../shared/health.ts';
import type { EncodedHistogram } from '../../../shared/histogram.ts';
import { type DownReason, reasonText } from '../../../shared/linkState.ts';
import type { ConnectTimings, LinkView, RttWindow, SeriesPoint } from '../../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Ports } from '../ports.ts';
import type { LocalStall } from '../stall.ts';
import { Timers } from '../timers.ts';
import { backoffMs } from './backoff.ts';
import { configChange } from './configChange.ts';
import { patientLimitMs } from './freshness.ts';
import { Ledger } from './ledger.ts';
import { healthFrom, type LinkFacts, viewFrom } from './linkView.ts';
import { type Course, decide, type Effect, NEW_COURSE, type Step, usesSocket } from './machine.ts';
import { RttWindows } from './rtt.ts';
import { Session, type SessionListener } from './session.ts';
import { Succession } from './succession.ts';

const HOUR_MS = 3_600_000;

export interface LinkListener {
  happened(happening: LinkHappening, generation: number): void;
  /** A removed link has nothing open any more. */
  gone(): void;
}

/**
 * The supervisor of one link: asks the machine, does what it answers, and owns everything the link has open.
 *
 * 1. `primary` is the one socket in use; only it moves the state, counts and measures (row L19).
 * 2. `successor` is made ready beside it for a graceful reconnect and takes over only when it is ready.
 * 3. `retiring` sockets are closing; they have their own deadline and nobody waits for them.
 * 4. A listener call of any other generation is dropped.
 */
export class Link {
  readonly name: string;
  readonly #ports: Ports;
  readonly #stall: LocalStall;
  readonly #listener: LinkListener;
  readonly #timers: Timers<'retry' | 'stable' | 'replace' | 'remind'>;
  readonly #rtt = new RttWindows();
  readonly #ledger: Ledger;
  readonly #retiring = new Set<Session>();
  #config: LinkConfig;
  #course: Course = NEW_COURSE;
  #generation = 0;
  #primary: Session | null = null;
  readonly #succession: Succession;
  #staleLimitMs: number;
  #health: Health = { level: 'none' };
  #failedAt: MonoMs | null = null;
  #removed = false;
  #removedBy: 'settings' | 'shutdown' = 'shutdown';

  constructor(config: LinkConfig, ports: Ports, stall: LocalStall, listener: LinkListener) {
    this.name = config.name;
    this.#config = config;
    this.#ports = ports;
    this.#stall = stall;
    this.#listener = listener;
    this.#timers = new Timers(ports.clock);
    this.#ledger = new Ledger(ports.clock.now());
    this.#staleLimitMs = config.policy.dataTimeoutMs;
    this.#succession = new Succession({
      open: () => this.#open(),
      timers: this.#timers as Timers<'replace'>,
      backoffMs: (tries) => backoffMs(this.#config.policy, tries, ports.random(), null),
    });
  }

  start(): void {
    if (this.#config.enabled) this.#step({ kind: 'start' }, '');
  }

  /** Takes over a new configuration of the same name, closing the socket only if it was made with something that changed. */
  configure(config: LinkConfig): void {
    const change = configChange(this.#config, config);
    if (change.changed.length === 0) return;
    const before = this.#config;
    this.#config = config;
    if (change.changed.includes('dataTimeoutMs')) this.#staleLimitMs = config.policy.dataTimeoutMs;
    this.#tell({ kind: 'settings', changed: change.changed });
    if (before.enabled !== config.enabled) {
      this.#step({ kind: config.enabled ? 'start' : 'pause' }, config.enabled ? 'resumed' : '');
      return;
    }
    if (change.redial) {
      this.#succession.forget();
      if (this.#hasOpenSocket()) this.#succession.begin({ kind: 'asked', by: 'settings' });
      else this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'settings' }));
      return;
    }
    const { state } = this.#course;
    const { maxAttempts } = config.policy;
    if (state.kind === 'failed' && (maxAttempts === 0 || maxAttempts > state.attempts)) {
      this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'settings' }));
      return;
    }
    for (const session of [this.#primary, this.#succession.session]) {
      session?.retune(config, change.resubscribe, this.#staleLimitMs);
    }
  }

  /** Row L11. Graceful where a socket is open; otherwise, and if `hard`, a new dial at once. */
  reconnect(manner: 'graceful' | 'hard'): void {
    if (manner === 'graceful' && this.#hasOpenSocket()) {
      this.#succession.begin({ kind: 'asked', by: 'user' });
      return;
    }
    this.#succession.forget();
    this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'user' }));
  }

  #hasOpenSocket(): boolean {
    return usesSocket(this.#course.state) && this.#primary !== null && this.#primary.openedAt !== null;
  }

  get isPaused(): boolean {
    return this.#course.state.kind === 'paused' || this.#course.state.kind === 'closing';
  }

  acknowledge(): void {
    this.#step({ kind: 'acknowledge' }, 'you have seen it');
    this.#timers.disarm('remind');
  }

  /** Ends the link; `gone` follows when its last socket has ended. */
  remove(by: 'settings' | 'shutdown'): void {
    this.#removedBy = by;
    this.#step({ kind: 'remove' }, by === 'settings' ? 'taken out of the settings' : reasonText({ kind: 'asked', by }));
  }

  /** Destroys everything at once, without waiting. */
  destroy(): void {
    this.#timers.stop();
    this.#succession.abandon();
    this.#primary?.cut();
    this.#primary = null;
    for (const session of this.#retiring) session.cut();
    this.#retiring.clear();
  }

  /** Call about once a second: rates, and one point for the charts. */
  tick(): SeriesPoint {
    const now = this.#ports.clock.now();
    this.#ledger.tick(now);
    this.#book();
    this.#judgeHealth();
    const { reliabilityTargetPercent: targetPercent } = this.#config.policy;
    const verdict = this.#ledger.judgeReliability(targetPercent);
    if (verdict !== null) this.#tell({ kind: 'reliability', ...verdict, targetPercent });
    const figures = this.#rtt.percentiles('1m', now);
    return { p50Ms: figures?.p50Ms ?? null, p99Ms: figures?.p99Ms ?? null, samples: figures?.count ?? 0 };
  }

  histogram(window: RttWindow): EncodedHistogram {
    return this.#rtt.histogram(window, this.#ports.clock.now()).encode();
  }

  view(): LinkView {
    this.#book();
    this.#judgeHealth();
    return viewFrom(this.#facts(), this.#health);
  }

  #book(): void {
    const now = this.#ports.clock.now();
    const dataAt = this.#primary?.clocks.dataAt ?? null;
    const { expectsData, policy } = this.#config;
    const fresh = !expectsData || (dataAt !== null && elapsedMs(dataAt, now) <= policy.dataNoticeMs);
    this.#ledger.book(this.#course.state, now, fresh);
  }

  #facts(): LinkFacts {
    return {
      config: this.#config,
      course: this.#course,
      session: this.#primary,
      lastGeneration: this.#generation,
      staleLimitMs: this.#staleLimitMs,
      replacing: this.#succession.because,
      pending: this.#succession.pending,
      ledger: this.#ledger,
      rtt: this.#rtt,
      now: this.#ports.clock.now(),
    };
  }

  #step(step: Step, because: string): void {
    const { clock, random } = this.#ports;
    const before = this.#course;
    const { course, effects } = decide(before, step, {
      now: clock.now(),
      random: random(),
      policy: this.#config.policy,
    });
    this.#book();
    this.#course = course;
    if (course.state.kind !== before.state.kind) {
      this.#tell({ kind: 'state', from: before.state, to: course.state, because });
      if (course.state.kind !== 'waiting' && course.state.kind !== 'blocked') this.#timers.disarm('retry');
      if (course.state.kind !== 'failed') this.#timers.disarm('remind');
    }
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    const { state } = this.#course;
    switch (effect) {
      case 'dial':
        this.#timers.disarm('stable');
        this.#timers.disarm('remind');
        this.#failedAt = null;
        this.#primary = this.#open();
        this.#step({ kind: 'phase', phase: this.#primary.phase }, '');
        return;
      case 'wait':
        if (state.kind === 'waiting' || state.kind === 'blocked') {
          this.#timers.arm('retry', elapsedMs(this.#ports.clock.now(), state.until), () =>
            this.#step({ kind: 'due' }, ''),
          );
        }
        return;
      case 'cut':
        this.#retirePrimary((session) => session.cut());
        return;
      case 'close':
        this.#succession.forget();
        this.#primary?.close({
          kind: 'asked',
          by: state.kind === 'closing' && state.next === 'gone' ? this.#removedBy : 'pause',
        });
        return;
      case 'gave-up':
        this.#failedAt = this.#ports.clock.now();
        this.#remindHourly();
        return;
      case 'gone':
        this.#timers.stop();
        this.#succession.abandon();
        this.#removed = true;
        this.#tellIfGone();
        return;
    }
  }

  #remindHourly(): void {
    this.#timers.arm('remind', HOUR_MS, () => {
      if (this.#failedAt === null) return;
      const hours = Math.round(elapsedMs(this.#failedAt, this.#ports.clock.now()) / HOUR_MS);
      this.#tell({ kind: 'still-failed', hours });
      this.#remindHourly();
    });
  }

  /** Makes a socket of the next generation. Its calls count only while it is the primary or the successor. */
  #open(): Session {
    const generation = ++this.#generation;
    return new Session({
      generation,
      config: this.#config,
      ports: this.#ports,
      stall: this.#stall,
      p99Ms: () => this.#rtt.percentiles('5m', this.#ports.clock.now())?.p99Ms ?? null,
      staleLimitMs: this.#staleLimitMs,
      listener: this.#sessionListener(generation),
    });
  }

  #isPrimary(generation: number): boolean {
    return this.#primary?.generation === generation;
  }

  /** In use, or being made ready to be; a retiring socket is neither. */
  #isLive(generation: number): boolean {
    return this.#isPrimary(generation) || this.#succession.session?.generation === generation;
  }

  #sessionListener(generation: number): SessionListener {
    const ifPrimary = (action: () => void): void => {
      if (this.#isPrimary(generation)) action();
    };
    const ledger = this.#ledger;
    return {
      phase: (phase) => ifPrimary(() => this.#step({ kind: 'phase', phase }, '')),
      opened: (timings, address) => this.#opened(generation, timings, address),
      progress: (acked, wanted) => ifPrimary(() => this.#step({ kind: 'restoring', acked, wanted }, '')),
      ready: () => this.#ready(generation),
      pingSent: () => {
        if (this.#isLive(generation)) ledger.pings += 1;
      },
      pong: (rttMs, stalled, late) => this.#pong(generation, rttMs, stalled, late),
      missed: (waitedMs, inARow) => {
        if (!this.#isLive(generation)) return;
        ledger.missed += 1;
        if (this.#isPrimary(generation)) ledger.missedInARow = inARow;
        this.#tell({ kind: 'pong-missed', waitedMs, inARow }, generation);
      },
      foreignPong: (what) => {
        ledger.foreignPongs += 1;
        if (ledger.foreignPongs === 1 || ledger.foreignPongs % 100 === 0)
          this.#tell({ kind: 'foreign-pong', what }, generation);
      },
      venuePing: () => {
        if (this.#isLive(generation)) ledger.venuePings += 1;
      },
      suspect: (probes) => ifPrimary(() => this.#step({ kind: 'suspect', probes }, '')),
      cleared: () => ifPrimary(() => this.#cleared()),
      message: (isData) => ifPrimary(() => this.#message(isData)),
      subscription: (name, what) => this.#tell({ kind: 'subscription', name, what }, generation),
      quiet: (ageMs) => ifPrimary(() => this.#tell({ kind: 'quiet', ageMs })),
      ended: (reason) => this.#ended(generation, reason),
    };
  }

  #opened(generation: number, timings: ConnectTimings, address: string): void {
    this.#ledger.connects += 1;
    this.#tell({ kind: 'opened', timings, address }, generation);
    if (!this.#isPrimary(generation)) return;
    this.#ledger.missedInARow = 0;
    this.#awaitStable();
  }

  #awaitStable(): void {
    this.#timers.arm('stable', this.#config.policy.stableAfterMs, () => this.#step({ kind: 'stable' }, ''));
  }

  #ready(generation: number): void {
    const session = this.#isPrimary(generation) ? this.#primary : this.#succession.session;
    if (session === null || session.generation !== generation) return;
    this.#tell(
      { kind: 'restored', tookMs: elapsedMs(session.startedAt, this.#ports.clock.now()), subscriptions: session.acked },
      generation,
    );
    if (this.#isPrimary(generation)) this.#step({ kind: 'restored' }, '');
    else this.#takeOver();
  }

  #cleared(): void {
    if (this.#primary?.isReady === true) this.#step({ kind: 'restored' }, 'answers again');
    else
      this.#step(
        { kind: 'restoring', acked: this.#primary?.acked ?? 0, wanted: this.#primary?.wanted ?? 0 },
        'answers again',
      );
  }

  #pong(generation: number, rttMs: number | null, stalled: boolean, late: boolean): void {
    if (!this.#isLive(generation)) return;
    const ledger = this.#ledger;
    ledger.pongs += 1;
    if (!this.#isPrimary(generation)) return;
    ledger.missedInARow = 0;
    if (rttMs === null) return;
    if (stalled) ledger.stalledSamples += 1;
    else {
      ledger.lastRttMs = rttMs;
      this.#rtt.add(rttMs, this.#ports.clock.now());
    }
    if (late) this.#tell({ kind: 'pong-late', rttMs });
  }

  #message(isData: boolean): void {
    this.#ledger.messages += 1;
    if (!isData) return;
    this.#ledger.dataMessages += 1;
    this.#staleLimitMs = this.#config.policy.dataTimeoutMs;
  }

  #takeOver(): void {
    const successor = this.#succession.take();
    if (successor === null) return;
    const old = this.#primary;
    this.#retirePrimary((session) => session.close(successor.because));
    this.#primary = successor.session;
    this.#ledger.missedInARow = 0;
    this.#tell({ kind: 'replaced', oldGeneration: old?.generation ?? 0, because: successor.because });
    this.#awaitStable();
    this.#step({ kind: 'replaced' }, reasonText(successor.because));
  }

  /** Takes the primary out of use; it lives on in `retiring` until it has ended. */
  #retirePrimary(end: (session: Session) => void): void {
    const session = this.#primary;
    this.#primary = null;
    if (session === null) return;
    if (session.openedAt !== null) this.#ledger.disconnects += 1;
    this.#ledger.addTraffic(session.traffic());
    this.#retiring.add(session);
    end(session);
    if (session.isOver) this.#retiring.delete(session);
  }

  #ended(generation: number, reason: DownReason): void {
    for (const session of this.#retiring) {
      if (session.generation !== generation) continue;
      this.#retiring.delete(session);
      this.#tellIfGone();
      return;
    }
    if (this.#succession.session?.generation === generation) {
      this.#tell({ kind: 'replacement-failed', reason });
      this.#succession.failed(reason);
      return;
    }
    if (this.#isPrimary(generation)) this.#primaryEnded(reason);
  }

  #tellIfGone(): void {
    if (this.#removed && this.#primary === null && this.#retiring.size === 0) this.#listener.gone();
  }

  #primaryEnded(reason: DownReason): void {
    const session = this.#primary;
    this.#primary = null;
    this.#timers.disarm('stable');
    if (session !== null) {
      this.#ledger.addTraffic(session.traffic());
      if (session.openedAt !== null) {
        this.#ledger.disconnects += 1;
        this.#tell(
          { kind: 'socket-ended', reason, livedMs: elapsedMs(session.openedAt, this.#ports.clock.now()) },
          session.generation,
        );
      }
    }
    if (this.#course.state.kind === 'closing') return this.#step({ kind: 'closed' }, '');
    const successor = this.#succession.take();
    if (successor !== null) return this.#adopt(successor.session, reason);
    if (reason.kind === 'stale')
      this.#staleLimitMs = patientLimitMs(this.#staleLimitMs, this.#config.policy.dataTimeoutMs);
    const retryAfterMs = reason.kind === 'http' ? reason.retryAfterMs : null;
    this.#step({ kind: 'ended', reason, retryAfterMs }, reasonText(reason));
  }

  /** The socket in use was lost while its successor was being dialled: that dial is the link's own now. */
  #adopt(session: Session, lost: DownReason): void {
    this.#primary = session;
    this.#step({ kind: 'adopted', phase: session.phase }, reasonText(lost));
    if (session.openedAt === null) return;
    this.#awaitStable();
    this.#step({ kind: 'restoring', acked: session.acked, wanted: session.wanted }, '');
  }

  #judgeHealth(): void {
    const before = this.#health;
    this.#health = healthFrom(this.#facts());
    if (before.level === this.#health.level || before.level === 'none' || this.#health.level === 'none') return;
    const reasons = this.#health.level === 'healthy' ? [] : this.#health.reasons;
    this.#tell({ kind: 'health', from: before.level, to: this.#health.level, reasons });
  }

  #tell(happening: LinkHappening, generation: number = this.#primary?.generation ?? this.#generation): void {
    this.#listener.happened(happening, generation);
  }
}
