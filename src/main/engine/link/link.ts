import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import { type DownReason, reasonText } from '../../../shared/linkState.ts';
import type { ConnectTimings, SeriesPoint } from '../../../shared/snapshot.ts';
import { elapsedMs } from '../../../shared/units.ts';
import type { DialGate } from '../dialGate.ts';
import type { EndClues, Witness } from '../inquiry.ts';
import type { Ports } from '../ports.ts';
import type { Slots } from '../slots.ts';
import type { LocalStall } from '../stall.ts';
import { Timers } from '../timers.ts';
import { backoffMs } from './backoff.ts';
import { Books, type LinkSubject } from './books.ts';
import { type Consequence, consequenceOf } from './classify.ts';
import { configChange } from './configChange.ts';
import { DialTurn } from './dialTurn.ts';
import { type Course, decide, type Effect, NEW_COURSE, type Step, usesSocket } from './machine.ts';
import { Reminder } from './reminder.ts';
import type { Session } from './session.ts';
import type { SessionListener } from './sessionListener.ts';
import { Sockets } from './sockets.ts';
import { Spares } from './spares.ts';

/** Dials that a wake or a new network brings forward are spread over this long. */
const WAKE_SPREAD_MS = 1_000;

export interface LinkListener {
  happened(happening: LinkHappening, generation: number): void;
  /** The socket in use, or a dial, has ended, with what it knows about why. */
  lost(clues: EndClues): void;
  /** A removed link has nothing open any more. */
  gone(): void;
}

/** What all links of one engine share. */
export interface Commons {
  readonly stall: LocalStall;
  readonly gate: DialGate;
  readonly slots: Slots;
}

/**
 * The supervisor of one link: asks the machine, does what it answers, and owns everything the link has open.
 *
 * 1. `primary` is the one socket in use; only it moves the state, counts and measures (row L19).
 * 2. A successor is made ready beside it and takes over only when it is ready; a standby is ready and waits.
 * 3. `retiring` sockets are closing, or stay open for the overlap; they have their own deadline and nobody waits for them.
 * 4. A listener call of any other generation is dropped.
 */
export class Link {
  readonly name: string;
  readonly #ports: Ports;
  readonly #commons: Commons;
  readonly #listener: LinkListener;
  readonly #timers: Timers<'retry' | 'stable'>;
  readonly #reminder: Reminder;
  readonly #turn: DialTurn;
  readonly #books: Books;
  readonly #sockets: Sockets;
  readonly #spares: Spares;
  #config: LinkConfig;
  #course: Course = NEW_COURSE;
  #primary: Session | null = null;
  #consequence: Consequence | null = null;
  #removed = false;
  #removedBy: 'settings' | 'shutdown' = 'shutdown';

  constructor(config: LinkConfig, ports: Ports, commons: Commons, listener: LinkListener) {
    this.name = config.name;
    this.#config = config;
    this.#ports = ports;
    this.#commons = commons;
    this.#listener = listener;
    this.#timers = new Timers(ports.clock);
    this.#reminder = new Reminder(ports.clock, (hours) => this.#tell({ kind: 'still-failed', hours }));
    this.#turn = new DialTurn(commons.gate, () => this.#spares.origin(this.#spares.routes.current));
    this.#books = new Books({
      now: ports.clock.now(),
      subject: () => this.#subject(),
      tell: (happening, generation) => this.#tell(happening, generation),
    });
    this.#sockets = new Sockets({
      config: () => this.#config,
      ports,
      stall: commons.stall,
      p99Ms: () => this.#books.p99Ms(ports.clock.now()),
      listen: (generation) => this.#sessionListener(generation),
    });
    this.#spares = new Spares({
      host: {
        config: () => this.#config,
        isUp: () => this.#course.state.kind === 'up',
        primary: () => this.#primary,
        open: (route) => this.#sockets.open(route),
        openScout: (route, scout) => this.#sockets.openScout(route, scout),
        yield: (because) => this.#step({ kind: 'yield', reason: because }, reasonText(because)),
        tell: (happening) => this.#tell(happening),
      },
      owner: this,
      clock: ports.clock,
      gate: commons.gate,
      slots: commons.slots,
      backoffMs: (tries) => backoffMs(this.#config.policy, tries, ports.random(), null),
    });
  }

  start(): void {
    this.#holdSlot();
    if (this.#config.enabled) this.#step({ kind: 'start' }, '');
  }

  /** Takes over a new configuration of the same name, closing the socket only if it was made with something that changed. */
  configure(config: LinkConfig): void {
    const change = configChange(this.#config, config);
    if (change.changed.length === 0) return;
    const before = this.#config;
    this.#config = config;
    this.#holdSlot();
    if (change.changed.includes('dataTimeoutMs')) this.#sockets.forgetPatience();
    if (change.changed.includes('routes')) this.#spares.routes.change(config.routes);
    if (change.redial) this.#spares.routes.change(config.routes);
    this.#tell({ kind: 'settings', changed: change.keys });
    if (before.enabled !== config.enabled) {
      this.#step({ kind: config.enabled ? 'start' : 'pause' }, config.enabled ? 'resumed' : '');
      return;
    }
    if (change.redial) {
      this.#spares.succession.forget();
      this.#spares.standby.drop();
      if (this.#hasOpenSocket()) this.#spares.replace('settings');
      else this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'settings' }));
      return;
    }
    const { state } = this.#course;
    const { maxAttempts } = config.policy;
    if (state.kind === 'failed' && (maxAttempts === 0 || maxAttempts > state.attempts)) {
      this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'settings' }));
      return;
    }
    for (const session of [this.#primary, this.#spares.succession.session, this.#spares.standby.session]) {
      session?.retune(config, change.resubscribe, this.#sockets.staleLimitMs);
    }
    this.#spares.armRotation();
    this.#spares.keep();
  }

  /** Row L11. Graceful where a socket is open; otherwise, and if `hard`, a new dial at once. */
  reconnect(manner: 'graceful' | 'hard'): void {
    if (manner === 'graceful' && this.#hasOpenSocket()) return this.#spares.replace('user');
    this.#spares.drop();
    this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'user' }));
  }

  /** Row L8: a person takes the link out of use, or lets it dial again. */
  setBreaker(open: boolean): void {
    this.#tell({ kind: 'breaker', open });
    if (open) {
      this.#spares.drop();
      this.#step({ kind: 'open-breaker' }, reasonText({ kind: 'asked', by: 'breaker' }));
    } else this.#step({ kind: 'close-breaker' }, 'you closed its breaker');
  }

  /** Row L16: this machine slept, or its network is another. Open sockets are asked at once, waits are cut short. */
  wake(): void {
    this.#primary?.probe();
    this.#spares.standby.session?.probe();
    const { state } = this.#course;
    const mayHurry = this.#consequence === null || this.#consequence.kind === 'retry';
    if (state.kind !== 'waiting' || state.reason.kind === 'queued' || !mayHurry) return;
    const leftMs = elapsedMs(this.#ports.clock.now(), state.until);
    this.#armRetry(Math.min(leftMs, this.#ports.random() * WAKE_SPREAD_MS));
  }

  /** The number of the socket in use, or of the last one. */
  get generation(): number {
    return this.#primary?.generation ?? this.#sockets.lastGeneration;
  }

  get isPaused(): boolean {
    return this.#course.state.kind === 'paused' || this.#course.state.kind === 'closing';
  }

  acknowledge(): void {
    this.#step({ kind: 'acknowledge' }, 'you have seen it');
    this.#reminder.stop();
  }

  /** Ends the link; `gone` follows when its last socket has ended. */
  remove(by: 'settings' | 'shutdown'): void {
    this.#removedBy = by;
    this.#step({ kind: 'remove' }, by === 'settings' ? 'taken out of the settings' : reasonText({ kind: 'asked', by }));
  }

  /** Destroys everything at once, without waiting. */
  destroy(): void {
    this.#spares.stop();
    this.#turn.leave();
    this.#reminder.stop();
    this.#timers.stop();
    this.#primary?.cut();
    this.#primary = null;
    this.#sockets.cutRetiring();
    this.#commons.slots.forget(this);
  }

  /** Call about once a second: what the figures ask for, and one point for the charts. */
  tick(): SeriesPoint {
    this.#primary?.settle();
    const point = this.#books.tick();
    if (this.#course.state.kind === 'up' && this.#spares.succession.because === null) {
      const complaint = this.#books.complaint();
      if (complaint !== null) this.#spares.replaceFor(complaint);
      else this.#spares.judgeRoute();
    }
    const { place } = this.#turn;
    if (place !== null) this.#step({ kind: 'moved', place: place.place, until: place.until }, '');
    return point;
  }

  /** Everything counted and concluded, to be read. */
  get figures(): Pick<Books, 'view' | 'histogram' | 'scrape' | 'fit' | 'fitUntil' | 'revision'> {
    return this.#books;
  }

  /** Where the venue's time can be asked, `null` if nowhere. */
  get clockUrl(): string | null {
    return this.#config.enabled ? (this.#config.preset.clock?.url ?? null) : null;
  }

  /** What the socket in use has inflated, bytes. */
  get inflatedBytes(): number {
    return this.#primary?.inflatedBytes ?? 0;
  }

  /** What an inquiry into this or another link may ask. */
  witness(): Witness {
    const { kind } = this.#course.state;
    const isOpen = kind === 'up' || kind === 'suspect';
    const provedQuiet = this.#sockets.staleLimitMs > this.#config.policy.dataTimeoutMs;
    return {
      name: this.name,
      venue: this.#config.preset.venue,
      enabled: this.#config.enabled,
      open: isOpen ? (this.#primary?.openClues({ provedQuiet, missedInARow: this.#books.missedInARow }) ?? null) : null,
    };
  }

  /** Row L12: a person wants a change of sockets, make before break. */
  rotate(): void {
    this.#spares.rotate('rotation-by-hand');
  }

  /** A paused link takes no place at its venue. */
  #holdSlot(): void {
    if (this.#config.enabled) this.#commons.slots.hold(this, this.#config);
    else this.#commons.slots.forget(this);
  }

  #hasOpenSocket(): boolean {
    return usesSocket(this.#course.state) && this.#primary !== null && this.#primary.openedAt !== null;
  }

  #subject(): LinkSubject {
    const { succession, standby, routes } = this.#spares;
    return {
      config: this.#config,
      course: this.#course,
      session: this.#primary,
      lastGeneration: this.#sockets.lastGeneration,
      staleLimitMs: this.#sockets.staleLimitMs,
      replacing: succession.because,
      pending: succession.pending,
      standby: standby.isWanted ? (standby.isReady ? 'ready' : 'building') : 'off',
      rotatesAt: this.#spares.rotatesAt,
      routes: routes.views(),
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
      queue: MAY_DIAL.has(step.kind) ? this.#turn.ahead() : null,
    });
    this.#books.book();
    this.#course = course;
    this.#books.touch();
    if (course.state.kind !== before.state.kind) {
      this.#tell({ kind: 'state', from: before.state, to: course.state, because });
      if (course.state.kind !== 'waiting' && course.state.kind !== 'blocked') this.#timers.disarm('retry');
      if (course.state.kind !== 'failed') this.#reminder.stop();
    }
    const queued = course.state.kind === 'waiting' && course.state.reason.kind === 'queued';
    if (!queued) this.#turn.leave();
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    const { state } = this.#course;
    switch (effect) {
      case 'dial':
        return this.#dial();
      case 'queue':
        return this.#turn.wait(() => this.#step({ kind: 'granted' }, ''));
      case 'wait':
        if ((state.kind === 'waiting' || state.kind === 'blocked') && state.until !== null) {
          const delayMs = elapsedMs(this.#ports.clock.now(), state.until);
          this.#books.waits(delayMs);
          this.#armRetry(delayMs);
        }
        return;
      case 'cut':
        this.#retirePrimary((session) => session.cut());
        return;
      case 'retire':
        this.#timers.disarm('stable');
        this.#timers.disarm('retry');
        if (state.kind === 'blocked' || state.kind === 'waiting') {
          const { reason } = state;
          this.#retirePrimary((session) => session.close(reason));
        }
        return;
      case 'close':
        this.#spares.drop();
        this.#primary?.close({
          kind: 'asked',
          by: state.kind === 'closing' && state.next === 'gone' ? this.#removedBy : 'pause',
        });
        return;
      case 'alarm':
        if (state.kind === 'waiting' || state.kind === 'blocked' || state.kind === 'failed') {
          this.#tell({ kind: 'alarm', reason: state.reason });
        }
        return;
      case 'gave-up':
        this.#spares.drop();
        this.#reminder.start();
        return;
      case 'gone':
        this.#spares.stop();
        this.#turn.leave();
        this.#reminder.stop();
        this.#timers.stop();
        this.#removed = true;
        this.#tellIfGone();
        return;
    }
  }

  #dial(): void {
    const route = this.#spares.routes.current;
    this.#timers.disarm('stable');
    this.#consequence = null;
    this.#turn.take();
    this.#primary = this.#sockets.open(route);
    this.#step({ kind: 'phase', phase: this.#primary.phase }, '');
  }

  #armRetry(delayMs: number): void {
    this.#timers.arm('retry', delayMs, () => this.#step({ kind: 'due' }, ''));
  }

  #isPrimary(generation: number): boolean {
    return this.#primary?.generation === generation;
  }

  /** In use, or being made ready to be; a retiring socket is neither. */
  #isLive(generation: number): boolean {
    return this.#isPrimary(generation) || this.#spares.succession.session?.generation === generation;
  }

  #sessionListener(generation: number): SessionListener {
    const ifPrimary = (action: () => void): void => {
      if (this.#isPrimary(generation)) action();
    };
    const ifLive = (action: () => void): void => {
      if (this.#isLive(generation)) action();
    };
    const books = this.#books;
    return {
      phase: (phase) => ifPrimary(() => this.#step({ kind: 'phase', phase }, '')),
      opened: (timings, address) => this.#opened(generation, timings, address),
      progress: (acked, wanted) => ifPrimary(() => this.#step({ kind: 'restoring', acked, wanted }, '')),
      ready: () => this.#ready(generation),
      pingSent: () => ifLive(() => books.pingSent()),
      pong: (rttMs, stalled, late) => ifLive(() => this.#pong(generation, rttMs, stalled, late)),
      missed: (waitedMs, inARow) =>
        ifLive(() => books.missed(waitedMs, inARow, generation, this.#isPrimary(generation))),
      foreignPong: (what) => books.foreignPong(what, generation),
      venuePing: () => ifLive(() => books.venuePing()),
      suspect: (probes, why) => ifPrimary(() => this.#step({ kind: 'suspect', probes, why }, '')),
      cleared: () => ifPrimary(() => this.#cleared()),
      hushed: (silentMs) => ifPrimary(() => this.#witness(silentMs)),
      message: (isData) => {
        if (this.#isPrimary(generation)) this.#message(isData);
      },
      subscription: (name, what) => this.#tell({ kind: 'subscription', name, what }, generation),
      quiet: (ageMs) => ifPrimary(() => this.#tell({ kind: 'quiet', ageMs })),
      notice: (text) => ifPrimary(() => this.#notice(text)),
      gap: (name, missing) => ifPrimary(() => this.#tell({ kind: 'gap', name, missing })),
      proving: () => this.#spares.proving,
      marked: (name, mark) => this.#spares.marked(generation, name, mark),
      ended: (reason) => this.#ended(generation, reason),
    };
  }

  #opened(generation: number, timings: ConnectTimings, address: string): void {
    this.#books.connected();
    this.#tell({ kind: 'opened', timings, address }, generation);
    if (!this.#isPrimary(generation)) return;
    this.#books.newSocket();
    this.#awaitStable();
    this.#spares.armRotation();
  }

  #awaitStable(): void {
    this.#timers.arm('stable', this.#config.policy.stableAfterMs, () => {
      this.#turn.provedLive();
      this.#sockets.provedStable();
      this.#spares.standby.forgive();
      this.#step({ kind: 'stable' }, '');
    });
  }

  #ready(generation: number): void {
    if (this.#spares.standby.session?.generation === generation) {
      this.#spares.standby.becameReady();
      this.#tell({ kind: 'standby', ready: true, reason: null }, generation);
      return;
    }
    const session = this.#isPrimary(generation) ? this.#primary : this.#spares.succession.session;
    if (session === null || session.generation !== generation) return;
    this.#tell(
      { kind: 'restored', tookMs: elapsedMs(session.startedAt, this.#ports.clock.now()), subscriptions: session.acked },
      generation,
    );
    if (!this.#isPrimary(generation)) return this.#takeOver();
    this.#step({ kind: 'restored' }, '');
    this.#spares.keep();
  }

  #cleared(): void {
    const { acked = 0, wanted = 0, isReady = false } = this.#primary ?? {};
    this.#step(isReady ? { kind: 'restored' } : { kind: 'restoring', acked, wanted }, 'answers again');
  }

  /** A venue that answers no ping went silent: a second socket shows whether it is the venue or this one. */
  #witness(silentMs: number): void {
    this.#tell({ kind: 'quiet', ageMs: silentMs });
    this.#spares.replaceFor('silent for longer than it ever was, and it answers no ping');
  }

  #notice(text: string): void {
    this.#tell({ kind: 'notice', text });
    if (this.#spares.succession.because === null) this.#spares.replace('venue');
  }

  #pong(generation: number, rttMs: number | null, stalled: boolean, late: boolean): void {
    const measured = this.#books.pong(rttMs, stalled, late, this.#isPrimary(generation));
    if (measured && rttMs !== null && this.#primary !== null) this.#spares.routes.measured(this.#primary.url, rttMs);
  }

  #message(isData: boolean): void {
    this.#books.message(isData);
    if (isData) this.#sockets.forgetPatience();
  }

  #takeOver(): void {
    const successor = this.#spares.succession.take();
    if (successor === null) return;
    const old = this.#primary;
    const { because } = successor;
    this.#spares.routes.switched(successor.session.url, this.#ports.clock.now());
    this.#retirePrimary((session) => this.#spares.retire(session, because));
    this.#primary = successor.session;
    this.#tell({ kind: 'replaced', oldGeneration: old?.generation ?? 0, because });
    this.#begun(reasonText(because));
  }

  /** The socket in use was lost, and a ready one stood by. */
  #promote(standby: Session, reason: DownReason): void {
    this.#primary = standby;
    this.#tell({ kind: 'promoted', reason });
    this.#begun(`the standby took over: ${reasonText(reason)}`);
  }

  /** Another socket is in use from now on, up and subscribed. */
  #begun(because: string): void {
    this.#books.newSocket();
    this.#awaitStable();
    this.#spares.armRotation();
    this.#step({ kind: 'replaced' }, because);
    this.#spares.keep();
  }

  /** The socket in use was lost while its successor was being dialled: that dial is the link's own now. */
  #adopt(session: Session, lost: DownReason): void {
    this.#primary = session;
    this.#books.newSocket();
    this.#step({ kind: 'adopted', phase: session.phase }, reasonText(lost));
    if (session.openedAt === null) return;
    this.#awaitStable();
    this.#spares.armRotation();
    this.#step({ kind: 'restoring', acked: session.acked, wanted: session.wanted }, '');
  }

  /** Takes the primary out of use; it lives on among the retiring ones until it has ended. */
  #retirePrimary(end: (session: Session) => void): void {
    const session = this.#primary;
    this.#primary = null;
    if (session === null) return;
    this.#books.left(session);
    this.#sockets.retire(session, end);
  }

  #ended(generation: number, reason: DownReason): void {
    const retired = this.#sockets.retired(generation);
    if (retired !== null) {
      this.#spares.retiredEnded(retired);
      return this.#tellIfGone();
    }
    const { succession, standby } = this.#spares;
    if (succession.session?.generation === generation) {
      this.#tell({ kind: 'replacement-failed', reason });
      return succession.failed(reason);
    }
    if (standby.session?.generation === generation) {
      this.#tell({ kind: 'standby', ready: false, reason }, generation);
      return standby.lost(reason);
    }
    if (this.#isPrimary(generation)) this.#primaryEnded(reason);
  }

  #tellIfGone(): void {
    if (!this.#removed || this.#primary !== null || !this.#sockets.noneRetiring) return;
    this.#commons.slots.forget(this);
    this.#listener.gone();
  }

  #primaryEnded(reason: DownReason): void {
    const session = this.#primary;
    this.#primary = null;
    this.#timers.disarm('stable');
    this.#spares.disarmRotation();
    if (session !== null) {
      this.#books.left(session);
      if (session.openedAt !== null) {
        const livedMs = elapsedMs(session.openedAt, this.#ports.clock.now());
        this.#tell({ kind: 'socket-ended', reason, livedMs }, session.generation);
      }
    }
    if (this.#course.state.kind === 'closing') return this.#step({ kind: 'closed' }, '');
    if (session !== null) this.#listener.lost(session.endClues(reason));
    const consequence = consequenceOf(reason, this.#config.preset, this.#config.policy);
    if (consequence.kind === 'slow' && consequence.paceDown) this.#sockets.slowDown();
    const standby = consequence.kind === 'retry' ? this.#spares.standby.take() : null;
    if (standby !== null) return this.#promote(standby, reason);
    const successor = this.#spares.succession.take();
    if (successor !== null) return this.#adopt(successor.session, reason);
    if (reason.kind === 'stale') this.#sockets.wasStale();
    this.#spares.drop();
    if (session !== null) this.#spares.routes.lost(session.url);
    this.#spares.routes.failOver(this.#ports.clock.now());
    this.#consequence = consequence;
    this.#step({ kind: 'ended', reason, consequence }, reasonText(reason));
  }

  #tell(happening: LinkHappening, generation: number = this.generation): void {
    this.#books.touch();
    this.#listener.happened(happening, generation);
  }
}

/** Steps that may lead to a dial, and so ask the gate. */
const MAY_DIAL: ReadonlySet<Step['kind']> = new Set(['start', 'due', 'redial', 'close-breaker']);
