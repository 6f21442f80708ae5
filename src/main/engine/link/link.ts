import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import { reasonText } from '../../../shared/linkState.ts';
import type { SeriesPoint } from '../../../shared/rttView.ts';
import { after, elapsedMs } from '../../../shared/units.ts';
import type { Ports } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { EndClues, Witness } from '../witness.ts';
import { Books, type Figures, type LinkSubject } from './books.ts';
import type { Consequence } from './classify.ts';
import type { Commons } from './commons.ts';
import { configChange } from './configChange.ts';
import type { ControlLog } from './controlLog.ts';
import { DialTurn } from './dialTurn.ts';
import { type Course, decide, type Effect, NEW_COURSE, type Step, usesSocket } from './machine.ts';
import { Primary } from './primary.ts';
import { Remembered } from './remembered.ts';
import { Reminder } from './reminder.ts';
import type { Session } from './session.ts';
import type { Spares } from './spares.ts';

/** So long before a dial its socket is made. */
const PREPARED_MS = 3;

/** Dials that a wake or a new network brings forward are spread over this long. */
const WAKE_SPREAD_MS = 1_000;

export interface LinkListener {
  happened(happening: LinkHappening, generation: number): void;
  /** The socket in use, or a dial, has ended, with what it knows about why. */
  lost(clues: EndClues): void;
  /** A removed link has nothing open any more. */
  gone(): void;
}

/**
 * The supervisor of one link: asks the machine, does what it answers, and owns everything the link has open. Its sockets
 * are `Primary`'s, whose news comes back as steps.
 */
export class Link {
  readonly name: string;
  readonly #ports: Ports;
  readonly #commons: Commons;
  readonly #listener: LinkListener;
  readonly #timers: Timers<'retry'>;
  readonly #reminder: Reminder;
  readonly #turn: DialTurn;
  readonly #books: Books;
  readonly #primary: Primary;
  readonly #witness = new Remembered<Witness>();
  #config: LinkConfig;
  #course: Course = NEW_COURSE;
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
      session: () => this.#session,
      tell: (happening, generation) => this.#tell(happening, generation),
    });
    this.#primary = new Primary({
      host: {
        config: () => this.#config,
        isUp: () => this.#course.state.kind === 'up',
        isClosing: () => this.#course.state.kind === 'closing',
        step: (step, because) => this.#step(step, because),
        tell: (happening, generation) => this.#tell(happening, generation),
        stable: () => {
          this.#turn.provedLive();
          this.#step({ kind: 'stable' }, '');
        },
        lost: (clues) => listener.lost(clues),
        retiredEnded: () => this.#tellIfGone(),
      },
      owner: this,
      ports,
      commons,
      books: this.#books,
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
    if (change.changed.includes('dataTimeoutMs')) this.#primary.sockets.forgetPatience();
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
      if (this.#hasOpenSocket()) return this.#spares.replace('settings');
      this.#spares.drop();
      this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'settings' }));
      return;
    }
    const { state } = this.#course;
    const { maxAttempts } = config.policy;
    if (state.kind === 'failed' && (maxAttempts === 0 || maxAttempts > state.attempts)) {
      this.#step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'settings' }));
      return;
    }
    const { staleLimitMs } = this.#primary.sockets;
    for (const session of this.#primary.kept) session.retune(config, change.resubscribe, staleLimitMs);
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
    this.#session?.probe();
    this.#spares.standby.session?.probe();
    const { state } = this.#course;
    const mayHurry = this.#consequence === null || this.#consequence.kind === 'retry';
    if (state.kind !== 'waiting' || state.reason.kind === 'queued' || !mayHurry) return;
    const leftMs = elapsedMs(this.#ports.clock.now(), state.until);
    this.#armRetry(Math.min(leftMs, this.#ports.random() * WAKE_SPREAD_MS));
  }

  /** The number of the socket in use, or of the last one. */
  get generation(): number {
    return this.#primary.generation;
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
    this.#turn.leave();
    this.#reminder.stop();
    this.#timers.stop();
    this.#primary.cut();
    this.#commons.slots.forget(this);
  }

  /** Call about once a second: what the figures ask for, and one point for the charts. */
  tick(): SeriesPoint {
    this.#session?.settle();
    const { point, news } = this.#books.tick();
    if (this.#course.state.kind === 'up' && this.#spares.succession.because === null) {
      const complaint = news ? this.#books.complaint() : null;
      if (complaint !== null) this.#spares.replaceFor(complaint);
      else this.#spares.judgeRoute();
    }
    const { place } = this.#turn;
    if (place !== null) this.#step({ kind: 'moved', place: place.place, until: place.until }, '');
    return point;
  }

  /** Everything counted and concluded, to be read. */
  get figures(): Figures {
    return this.#books;
  }

  /** What its sockets said and heard that was no data. */
  get control(): ControlLog {
    return this.#primary.sockets.control;
  }

  /** Where the venue's time can be asked, `null` if nowhere. */
  get clockUrl(): string | null {
    return this.#config.enabled ? (this.#config.preset.clock?.url ?? null) : null;
  }

  /** What the socket in use has inflated, bytes. */
  get inflatedBytes(): number {
    return this.#session?.inflatedBytes ?? 0;
  }

  /** What an inquiry into this or another link may ask. */
  witness(): Witness {
    const { revision } = this.#books;
    const now = this.#ports.clock.now();
    return this.#witness.at(revision, now) ?? this.#witness.keep(revision, now, this.#seen());
  }

  #seen(): Witness {
    const { kind } = this.#course.state;
    const isOpen = kind === 'up' || kind === 'suspect';
    const provedQuiet = this.#primary.sockets.staleLimitMs > this.#config.policy.dataTimeoutMs;
    return {
      name: this.name,
      venue: this.#config.preset.venue,
      enabled: this.#config.enabled,
      demo: this.#config.demo,
      open: isOpen ? (this.#session?.openClues({ provedQuiet, missedInARow: this.#books.missedInARow }) ?? null) : null,
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

  get #session(): Session | null {
    return this.#primary.session;
  }

  get #spares(): Spares {
    return this.#primary.spares;
  }

  #hasOpenSocket(): boolean {
    return usesSocket(this.#course.state) && this.#session !== null && this.#session.openedAt !== null;
  }

  #subject(): LinkSubject {
    return {
      config: this.#config,
      course: this.#course,
      session: this.#session,
      sockets: this.#primary.sockets,
      spares: this.#spares,
      now: this.#ports.clock.now(),
    };
  }

  #step(step: Step, because: string): void {
    const { clock, random } = this.#ports;
    const before = this.#course;
    if (step.kind === 'ended') this.#consequence = step.consequence;
    const { course, effects } = decide(before, step, {
      now: clock.now(),
      random: random(),
      policy: this.#config.policy,
      queue: MAY_DIAL.has(step.kind) ? this.#turn.ahead() : null,
    });
    this.#books.book();
    this.#course = course;
    this.#books.touch();
    const { generation } = this;
    const queued = course.state.kind === 'waiting' && course.state.reason.kind === 'queued';
    if (!queued) this.#turn.leave();
    // A handshake is on its way before anybody is told of it.
    const dials = effects.includes('dial');
    if (dials) for (const effect of effects) this.#do(effect);
    if (course.state.kind !== before.state.kind) {
      this.#tell({ kind: 'state', from: before.state, to: course.state, because }, generation);
      if (course.state.kind !== 'waiting' && course.state.kind !== 'blocked') this.#timers.disarm('retry');
      if (course.state.kind !== 'failed') this.#reminder.stop();
    }
    if (!dials) for (const effect of effects) this.#do(effect);
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
        this.#primary.retire((session) => session.cut());
        return;
      case 'retire':
        this.#timers.disarm('retry');
        if (state.kind === 'blocked' || state.kind === 'waiting') {
          const { reason } = state;
          this.#primary.retire((session) => session.close(reason));
        }
        return;
      case 'close':
        this.#spares.drop();
        this.#session?.close({
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
        this.#primary.stop();
        this.#turn.leave();
        this.#reminder.stop();
        this.#timers.stop();
        this.#removed = true;
        this.#tellIfGone();
        return;
    }
  }

  #dial(): void {
    this.#consequence = null;
    this.#turn.take();
    this.#primary.dial();
  }

  #armRetry(delayMs: number): void {
    const { clock } = this.#ports;
    const until = after(clock.now(), delayMs);
    this.#timers.arm('retry', delayMs - PREPARED_MS, () => {
      this.#primary.prepare();
      this.#timers.armSharp('retry', elapsedMs(clock.now(), until), () => this.#step({ kind: 'due' }, ''));
    });
  }

  #tellIfGone(): void {
    if (!this.#removed || this.#session !== null || !this.#primary.sockets.noneRetiring) return;
    this.#commons.slots.forget(this);
    this.#listener.gone();
  }

  #tell(happening: LinkHappening, generation: number = this.generation): void {
    this.#books.touch();
    this.#listener.happened(happening, generation);
  }
}

/** Steps that may lead to a dial, and so ask the gate. */
const MAY_DIAL: ReadonlySet<Step['kind']> = new Set(['start', 'due', 'redial', 'close-breaker']);
