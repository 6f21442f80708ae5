import type { LinkConfig, Policy } from '../../../shared/engineConfig.ts';
import { type DownReason, reasonText } from '../../../shared/linkState.ts';
import type { LinkClocks } from '../../../shared/linkView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { Clock, Ports } from '../ports.ts';
import type { SharedBudget } from '../sharedBudget.ts';
import type { LocalStall } from '../stall.ts';
import { Timers } from '../timers.ts';
import type { ControlWriter } from './controlLog.ts';
import { Dialect } from './dialect.ts';
import { DialRecord } from './dialRecord.ts';
import { takenOver } from './madeWith.ts';
import { Outbox } from './outbox.ts';
import type { Revision } from './revision.ts';
import type { SessionListener } from './sessionListener.ts';
import { Turns } from './turns.ts';

/** What a session is made from. */
export interface SessionParts {
  readonly generation: number;
  readonly config: LinkConfig;
  /** Which of the link's addresses to dial. */
  readonly route: LinkConfig['routes'][number];
  readonly ports: Ports;
  readonly stall: LocalStall;
  readonly p99Ms: () => number | null;
  /** Data silence that ends this session, ms. */
  readonly staleLimitMs: number;
  /** From 1: how many times slower than the preset's limit messages are sent, since the venue complained. */
  readonly pace: number;
  /** What the venue lets all connections of this address send together; `null` where it counts each by itself. */
  readonly shared: SharedBudget | null;
  readonly control: ControlWriter;
  readonly listener: SessionListener;
}

type SessionTimer =
  | 'connect'
  | 'close'
  | 'keepalive'
  | 'ping'
  | 'probe'
  | 'deadline'
  | 'judge'
  | 'silence'
  | 'hush'
  | 'witness'
  | 'give-up'
  | 'send'
  | 'ready'
  | 'ack'
  | 'again'
  | 'first-data'
  | 'fresh';

/**
 * What all parts of one session share: its settings of now, its timers, whom it tells, what was heard when; and its end,
 * which comes once, and after which nothing is told and nothing runs.
 */
export class SessionCore {
  readonly clock: Clock;
  readonly random: () => number;
  readonly stall: LocalStall;
  readonly timers: Timers<SessionTimer>;
  readonly dialect: Dialect;
  readonly listener: SessionListener;
  readonly control: ControlWriter;
  readonly outbox: Outbox;
  readonly dial: DialRecord;
  /** What the venue lets us send, and when. */
  readonly turns: Turns;
  readonly clocks: { -readonly [K in keyof LinkClocks]: LinkClocks[K] } = {
    bytesAt: null,
    pongAt: null,
    heartbeatAt: null,
    dataAt: null,
  };
  openedAt: MonoMs | null = null;
  /** This machine was away: until the venue answers, what comes may have waited in a queue. */
  sleptThrough = false;
  /** Data of a subscription have come, where those can be told; and since the venue was last shown to be quiet. */
  dataFlows = false;
  /** Since the socket is in use. */
  messages = 0;
  /** Above 50 a second by the share of a sample: not a whole number then. */
  dataMessages = 0;
  #config: LinkConfig;
  #lastId = 0;
  #usedBy: Revision | null = null;
  /** Set once we have asked the venue to close: whatever ends the socket then, this is why. */
  #closingBecause: DownReason | null = null;
  #over = false;

  constructor({ generation, config, ports, stall, pace, shared, control, listener }: SessionParts) {
    this.clock = ports.clock;
    this.random = ports.random;
    this.stall = stall;
    this.timers = new Timers(ports.clock);
    this.dialect = Dialect.of(config.preset);
    this.listener = listener;
    this.control = control;
    this.outbox = new Outbox(ports.clock, control);
    this.dial = new DialRecord(generation);
    this.turns = new Turns({ clock: ports.clock, timers: this.timers, preset: config.preset, pace, shared });
    this.#config = config;
  }

  /** What it has heard before it is in use counts for nobody (row L19). */
  use(by: Revision | null): void {
    this.#usedBy = by;
    if (by === null) return;
    this.turns.isInUse = true;
    this.messages = 0;
    this.dataMessages = 0;
    by.changed();
  }

  countMessage(): void {
    this.messages += 1;
    this.#usedBy?.changed();
  }

  /** What it was made with, and what it has taken over since. */
  get config(): LinkConfig {
    return this.#config;
  }

  /** Other settings of its link. Answers what it went by before, `null` if it goes by the same. */
  retune(to: LinkConfig, resubscribe: boolean): LinkConfig | null {
    const before = this.#config;
    if (this.#closingBecause !== null) return null;
    this.#config = takenOver(before, to, resubscribe, this.openedAt !== null);
    return this.#config === before ? null : before;
  }

  get policy(): Policy {
    return this.#config.policy;
  }

  get isOver(): boolean {
    return this.#over;
  }

  get closingBecause(): DownReason | null {
    return this.#closingBecause;
  }

  /** Of pings and messages alike: no two of one socket have the same. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Ends politely: close frame 1000, then after the close deadline a cut. The end follows in any case. */
  close(reason: DownReason): void {
    if (this.#over) return;
    if (this.openedAt === null) return this.end(reason);
    this.timers.disarmAll();
    this.#closingBecause = reason;
    this.outbox.close();
    this.timers.arm('close', this.policy.closeTimeoutMs, () => this.end(reason));
  }

  /** Destroys the socket now, and tells it. `why` goes into the control log; `null` where the other side has ended it. */
  end(reason: DownReason, why: string | null = reasonText(reason)): void {
    if (this.#over) return;
    this.cut(why);
    this.dial.ended(reason, this.clock.now());
    this.listener.ended(reason);
  }

  /** Destroys the socket now, without a word to the listener. */
  cut(why: string | null): void {
    if (why !== null && !this.#over && this.openedAt !== null) this.control.cut(why);
    this.#over = true;
    this.timers.stop();
    this.outbox.socket.cut();
  }
}
