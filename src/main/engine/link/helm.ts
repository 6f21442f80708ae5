import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { LinkHappening } from '../../../shared/events.ts';
import { type DownReason, reasonText } from '../../../shared/linkState.ts';
import { after, elapsedMs, type MonoMs, monoMs } from '../../../shared/units.ts';
import { originOf } from '../dialGate.ts';
import type { Ports } from '../ports.ts';
import { Timers } from '../timers.ts';
import type { Books } from './books.ts';
import { type Consequence, noSooner } from './classify.ts';
import type { Commons } from './commons.ts';
import { type ConfigChange, dialsAnew } from './configChange.ts';
import { DialTurn } from './dialTurn.ts';
import { type Course, decide, type Effect, NEW_COURSE, usesSocket } from './machine.ts';
import type { Primary } from './primary.ts';
import { Reminder } from './reminder.ts';
import type { Step } from './step.ts';

/** So long before a dial its socket is made. */
const PREPARED_MS = 3;

/** Dials that a wake or a new network brings forward are spread over this long. */
const WAKE_SPREAD_MS = 1_000;
/** And are so far apart: a network that comes and goes must not undo the backoff. */
const HURRIED_APART_MS = 10_000;

interface HelmParts {
  readonly ports: Ports;
  readonly gate: Commons['gate'];
  readonly books: Books;
  readonly primary: Primary;
  readonly config: () => LinkConfig;
  readonly tell: (happening: LinkHappening, generation?: number) => void;
  /** The link is removed, and wants no socket any more. */
  readonly left: () => void;
}

/** Moves one link along its course: asks the machine, does what it answers, and owns the waits between dials. */
export class Helm {
  readonly #is: HelmParts;
  readonly #timers: Timers<'retry'>;
  readonly #reminder: Reminder;
  readonly #turn: DialTurn;
  #course: Course = NEW_COURSE;
  #consequence: Consequence | null = null;
  /** How the last socket, or dial, ended. */
  #end: DownReason | null = null;
  /** When the present or the last wait began. */
  #waitsSince: MonoMs;
  /** When the last dial was due that was brought forward. */
  #hurriedTo: MonoMs | null = null;
  #removedBy: 'settings' | 'shutdown' = 'shutdown';

  constructor(parts: HelmParts) {
    const { gate, ports, primary, tell } = parts;
    this.#is = parts;
    this.#timers = new Timers(ports.clock);
    this.#waitsSince = ports.clock.now();
    this.#reminder = new Reminder(ports.clock, (hours) => tell({ kind: 'still-failed', hours }));
    this.#turn = new DialTurn(gate, () => originOf(parts.config().preset, primary.spares.routes.current.dialUrl));
  }

  get course(): Course {
    return this.#course;
  }

  get hasOpenSocket(): boolean {
    const { session } = this.#is.primary;
    return usesSocket(this.#course.state) && session !== null && session.openedAt !== null;
  }

  step(step: Step, because: string): void {
    const { books, config, ports, primary, tell } = this.#is;
    const before = this.#course;
    if (step.kind === 'ended') {
      this.#consequence = step.consequence;
      this.#end = step.reason;
    }
    // Its place at the venue is free when the socket has closed.
    if (step.kind === 'yield')
      this.#consequence = { kind: 'slot', waitMs: config().policy.closeTimeoutMs, loud: false };
    const { course, effects } = decide(before, step, {
      now: ports.clock.now(),
      random: ports.random(),
      policy: config().policy,
      queue: MAY_DIAL.has(step.kind) ? this.#turn.ahead() : null,
    });
    books.book();
    this.#course = course;
    books.touch();
    const { generation } = primary;
    const queued = course.state.kind === 'waiting' && course.state.reason.kind === 'queued';
    if (!queued) this.#turn.leave();
    // A handshake is on its way before anybody is told of it.
    const dials = effects.includes('dial');
    if (dials) for (const effect of effects) this.#do(effect);
    if (course.state.kind !== before.state.kind) {
      tell({ kind: 'state', from: before.state, to: course.state, because }, generation);
      if (course.state.kind !== 'waiting' && course.state.kind !== 'blocked') this.#timers.disarm('retry');
      if (course.state.kind !== 'failed') this.#reminder.stop();
    }
    if (!dials) for (const effect of effects) this.#do(effect);
  }

  /** It comes into use, at an address that has not asked to wait if there is one, else when that is over. */
  start(because: string): void {
    const { ports, primary } = this.#is;
    const { asked, routes } = primary.spares;
    asked.starts();
    routes.avoidAsked();
    const wait = asked.wait(routes.current.url);
    this.#consequence = wait && noSooner({ kind: 'retry', loud: false }, elapsedMs(ports.clock.now(), wait.until));
    this.step({ kind: 'start', asked: wait }, because);
  }

  /** The socket in use has been up for the stability time. */
  stable(): void {
    this.#turn.provedLive();
    this.step({ kind: 'stable' }, '');
  }

  /** Its socket is closing, and the venue allows one: the next dial follows by itself. */
  get isYielding(): boolean {
    return this.#course.state.kind === 'waiting' && this.#course.state.reason.kind === 'asked';
  }

  /** No socket is open, and the settings have changed. `was`: the origin that would have been dialled. True if it is another time now. */
  refit(change: ConfigChange, was: string): boolean {
    const { config, ports, primary } = this.#is;
    const { asked, routes } = primary.spares;
    const { dialUrl, url } = routes.current;
    const { state } = this.#course;
    const elsewhere = originOf(config().preset, dialUrl).key !== was;
    if (!dialsAnew(state, this.#consequence, change, config(), elsewhere)) return false;
    const now = ports.clock.now();
    const yieldMs = state.kind === 'waiting' && this.isYielding ? elapsedMs(now, state.until) : 0;
    const waitMs = Math.max(asked.leftMs(url, now), yieldMs);
    const reason = asked.reason(url) ?? (state.kind === 'waiting' ? state.reason : null);
    if (waitMs === 0 || reason === null) {
      this.step({ kind: 'redial' }, reasonText({ kind: 'asked', by: 'settings' }));
    } else {
      this.#consequence = noSooner({ kind: 'retry', loud: false }, waitMs);
      this.step({ kind: 'put-off', until: after(now, waitMs), reason }, reasonText(reason));
    }
    return true;
  }

  /** Row L16: this machine slept, or its network is another: a wait before a retry is cut short, an open breaker's too. */
  hurry(): void {
    if (this.#consequence !== null && this.#consequence.kind !== 'retry') return;
    const { clock, random } = this.#is.ports;
    const now = clock.now();
    const from = this.#hurriedTo === null ? now : monoMs(Math.max(now, after(this.#hurriedTo, HURRIED_APART_MS)));
    const until = after(from, random() * WAKE_SPREAD_MS);
    const before = this.#course;
    this.step({ kind: 'hurried', until }, '');
    if (this.#course !== before) this.#hurriedTo = until;
  }

  acknowledge(): void {
    this.step({ kind: 'acknowledge' }, 'you have seen it');
    this.#reminder.stop();
  }

  /** Call about once a second: its place among those that wait for a dial may be another. */
  tick(): void {
    const { place } = this.#turn;
    if (place !== null) this.step({ kind: 'moved', place: place.place, until: place.until }, '');
  }

  remove(by: 'settings' | 'shutdown'): void {
    this.#removedBy = by;
    this.step({ kind: 'remove' }, by === 'settings' ? 'taken out of the settings' : reasonText({ kind: 'asked', by }));
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#turn.leave();
    this.#reminder.stop();
    this.#timers.stop();
  }

  #do(effect: Effect): void {
    const { left, ports, primary, tell } = this.#is;
    const { state } = this.#course;
    switch (effect) {
      case 'dial':
        this.#consequence = null;
        this.#turn.take();
        return primary.dial();
      case 'queue':
        return this.#turn.wait(() => this.step({ kind: 'granted' }, ''));
      case 'wait':
        this.#waitsSince = ports.clock.now();
        return this.#awaitDial();
      case 'hurry':
        return this.#awaitDial();
      case 'cut':
        return primary.retire((session) => session.cut());
      case 'retire':
        this.#timers.disarm('retry');
        if (state.kind === 'blocked' || state.kind === 'waiting') {
          const { reason } = state;
          primary.retire((session) => session.close(reason));
        }
        return;
      case 'close':
        primary.spares.drop();
        primary.session?.close({
          kind: 'asked',
          by: state.kind === 'closing' && state.next === 'gone' ? this.#removedBy : 'pause',
        });
        return;
      case 'alarm':
        if (this.#end !== null) tell({ kind: 'alarm', reason: this.#end });
        return;
      case 'gave-up':
        primary.spares.drop();
        return this.#reminder.start();
      case 'gone':
        primary.stop();
        this.stop();
        return left();
    }
  }

  #awaitDial(): void {
    const { books, ports, primary } = this.#is;
    const { clock } = ports;
    const { state } = this.#course;
    if ((state.kind !== 'waiting' && state.kind !== 'blocked') || state.until === null) return;
    const { until } = state;
    this.#timers.arm('retry', elapsedMs(clock.now(), until) - PREPARED_MS, () => {
      primary.prepare();
      this.#timers.armSharp('retry', elapsedMs(clock.now(), until), () => {
        books.waits(elapsedMs(this.#waitsSince, clock.now()));
        this.step({ kind: 'due' }, '');
      });
    });
  }
}

/** Steps that may lead to a dial, and so ask the gate. */
const MAY_DIAL: ReadonlySet<Step['kind']> = new Set(['start', 'due', 'redial', 'close-breaker']);
