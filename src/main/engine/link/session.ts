import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { SubscriptionNews } from '../../../shared/events.ts';
import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { ConnectTimings, LinkClocks, SubscriptionView } from '../../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Ports, Socket } from '../ports.ts';
import type { LocalStall } from '../stall.ts';
import { Timers } from '../timers.ts';
import { SlidingWindow } from './budget.ts';
import { Dialect, type PingFrame } from './dialect.ts';
import { freshnessOf } from './freshness.ts';
import { Heartbeat, type HeartbeatTimer } from './heartbeat.ts';
import { Subscriptions, type SubscriptionTimer } from './subscriptions.ts';

type SessionTimer = HeartbeatTimer | SubscriptionTimer | 'connect' | 'close' | 'first-data' | 'fresh';

/** What a session tells its link. `ended` comes exactly once and last. */
export interface SessionListener {
  phase(phase: ConnectPhase): void;
  opened(timings: ConnectTimings, address: string): void;
  progress(acked: number, wanted: number): void;
  /** All acks are in and data flows, or as far as it goes within its deadlines. */
  ready(): void;
  pingSent(): void;
  pong(rttMs: number | null, stalled: boolean, late: boolean): void;
  missed(waitedMs: number, inARow: number): void;
  foreignPong(what: string): void;
  venuePing(): void;
  suspect(probes: number): void;
  cleared(): void;
  message(isData: boolean): void;
  subscription(name: string, news: SubscriptionNews): void;
  quiet(ageMs: number): void;
  ended(reason: DownReason): void;
}

/**
 * One socket of one generation, from dial to end: its heartbeat, its subscriptions and its four clocks.
 *
 * 1. Everything it arms or opens ends with it; after `ended`, or after `cut`, nothing is told and nothing runs.
 * 2. Closing never waits for the venue: `close` has its own deadline and then cuts.
 */
export class Session {
  readonly generation: number;
  readonly startedAt: MonoMs;
  readonly #ports: Ports;
  readonly #listener: SessionListener;
  readonly #timers: Timers<SessionTimer>;
  readonly #dialect: Dialect;
  readonly #budget: SlidingWindow;
  readonly #socket: Socket;
  readonly #heartbeat: Heartbeat;
  readonly #subscriptions: Subscriptions;
  #config: LinkConfig;
  #staleLimitMs: number;
  #phase: ConnectPhase = 'resolving';
  #openedAt: MonoMs | null = null;
  #clocks: { -readonly [K in keyof LinkClocks]: LinkClocks[K] } = {
    bytesAt: null,
    pongAt: null,
    heartbeatAt: null,
    dataAt: null,
  };
  #timings: ConnectTimings | null = null;
  #address: string | null = null;
  #ready = false;
  /** Data frames still mean something to the subscriptions; afterwards they only move the clock. */
  #awaitsData = true;
  #quietTold = false;
  /** Set once we have asked the venue to close: whatever ends the socket then, this is why. */
  #closingBecause: DownReason | null = null;
  #over = false;

  constructor(parts: {
    generation: number;
    config: LinkConfig;
    ports: Ports;
    stall: LocalStall;
    p99Ms: () => number | null;
    /** Data silence that ends this session, ms. */
    staleLimitMs: number;
    listener: SessionListener;
  }) {
    const { ports, config } = parts;
    this.generation = parts.generation;
    this.#ports = ports;
    this.#config = config;
    this.#staleLimitMs = parts.staleLimitMs;
    this.#listener = parts.listener;
    this.#timers = new Timers(ports.clock);
    this.#dialect = new Dialect(config.preset);
    this.#budget = messageBudget(config.preset);
    this.startedAt = ports.clock.now();
    let id = 0;
    const shared = {
      dialect: this.#dialect,
      clock: ports.clock,
      timers: this.#timers as Timers<never>,
      policy: () => this.#config.policy,
      nextId: () => ++id,
    };
    this.#heartbeat = new Heartbeat({
      ...shared,
      stall: parts.stall,
      p99Ms: parts.p99Ms,
      nonce: `ww${parts.generation}.${Math.floor(ports.random() * 2 ** 32).toString(36)}`,
      listener: this.#heartbeatListener(),
    });
    this.#subscriptions = new Subscriptions({
      ...shared,
      wanted: config.subscriptions,
      budget: this.#budget,
      sendText: (text) => this.#socket.sendText(text),
      onNews: (name, news) => this.#listener.subscription(name, news),
      onProgress: () => this.#progress(),
    });
    this.#timers.arm('connect', config.policy.connectTimeoutMs, () =>
      this.#end({ kind: 'dial-timeout', phase: this.#phase, limitMs: config.policy.connectTimeoutMs }),
    );
    this.#socket = ports.dial(
      {
        url: config.dialUrl,
        ca: config.ca,
        compression: config.policy.compression,
        maxFrameBytes: config.policy.maxFrameBytes,
        closeTimeoutMs: config.policy.closeTimeoutMs,
      },
      {
        phase: (phase) => this.#whileOn(() => this.#enter(phase)),
        opened: (address, timings) => this.#whileOn(() => this.#opened(address, timings)),
        message: (frame) => this.#whileOn(() => this.#message(frame)),
        ping: () => this.#whileOn(() => this.#venuePing()),
        pong: (payload) => this.#whileOn(() => this.#pong(payload)),
        ended: (reason) => this.#end(this.#closingBecause ?? reason),
      },
    );
  }

  get openedAt(): MonoMs | null {
    return this.#openedAt;
  }

  get phase(): ConnectPhase {
    return this.#phase;
  }

  get isOver(): boolean {
    return this.#over;
  }

  get isReady(): boolean {
    return this.#ready;
  }

  get config(): LinkConfig {
    return this.#config;
  }

  get clocks(): LinkClocks {
    return this.#clocks;
  }

  get timings(): ConnectTimings | null {
    return this.#timings;
  }

  get address(): string | null {
    return this.#address;
  }

  get acked(): number {
    return this.#subscriptions.acked;
  }

  get wanted(): number {
    return this.#subscriptions.wanted;
  }

  subscriptionViews(): readonly SubscriptionView[] {
    return this.#subscriptions.views();
  }

  traffic(): { readonly bytesIn: number; readonly bytesOut: number } {
    return this.#socket.traffic();
  }

  /** Takes over values that need no new socket: intervals, deadlines, subscriptions. */
  retune(config: LinkConfig, subscriptionsChanged: boolean, staleLimitMs: number): void {
    if (this.#closingBecause !== null) return;
    this.#config = config;
    this.#staleLimitMs = staleLimitMs;
    this.#heartbeat.policyChanged();
    if (subscriptionsChanged) this.#subscriptions.change(config.subscriptions);
    if (this.#openedAt !== null) this.#checkFreshness();
  }

  /** Ends politely: close frame 1000, then after the close deadline a cut. `ended` follows in any case. */
  close(reason: DownReason): void {
    if (this.#over) return;
    if (this.#openedAt === null) return this.#end(reason);
    this.#heartbeatOff();
    this.#closingBecause = reason;
    this.#socket.close(1000, '');
    this.#timers.arm('close', this.#config.policy.closeTimeoutMs, () => this.#end(reason));
  }

  /** Destroys the socket now, without a word to the listener. */
  cut(): void {
    this.#over = true;
    this.#timers.stop();
    this.#socket.cut();
  }

  #whileOn(action: () => void): void {
    if (!this.#over) action();
  }

  #end(reason: DownReason): void {
    if (this.#over) return;
    this.cut();
    this.#listener.ended(reason);
  }

  #heartbeatOff(): void {
    for (const name of ['ping', 'probe', 'deadline', 'judge', 'fresh', 'first-data', 'ack', 'send'] as const) {
      this.#timers.disarm(name);
    }
  }

  #enter(phase: ConnectPhase): void {
    this.#phase = phase;
    this.#listener.phase(phase);
  }

  #opened(address: string, timings: ConnectTimings): void {
    this.#timers.disarm('connect');
    this.#openedAt = this.#ports.clock.now();
    this.#clocks.bytesAt = this.#openedAt;
    this.#address = address;
    this.#timings = timings;
    this.#listener.opened(timings, address);
    this.#subscriptions.start();
    this.#heartbeat.start();
    this.#checkFreshness();
    this.#progress();
  }

  #heartbeatListener(): ConstructorParameters<typeof Heartbeat>[0]['listener'] {
    return {
      send: (ping) => this.#sendPing(ping),
      pong: (rttMs, stalled, late) => {
        this.#clocks.pongAt = this.#ports.clock.now();
        this.#listener.pong(rttMs, stalled, late);
      },
      missed: (waitedMs, inARow) => this.#listener.missed(waitedMs, inARow),
      foreign: (what) => this.#listener.foreignPong(what),
      suspect: (probes) => this.#listener.suspect(probes),
      cleared: () => this.#listener.cleared(),
      dead: (missed) => {
        const since = this.#clocks.bytesAt ?? this.startedAt;
        this.#end({ kind: 'dead', missed, silentMs: elapsedMs(since, this.#ports.clock.now()) });
      },
    };
  }

  #sendPing(ping: PingFrame): void {
    if (ping.kind === 'control') this.#socket.sendPing(ping.payload);
    else this.#socket.sendText(ping.text);
    this.#listener.pingSent();
  }

  #venuePing(): void {
    this.#clocks.bytesAt = this.#ports.clock.now();
    this.#listener.venuePing();
  }

  #pong(payload: Buffer): void {
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    if (this.#dialect.preset.ping.kind === 'protocol') this.#heartbeat.pongCame(payload.toString('latin1'), now);
  }

  #message(frame: Buffer): void {
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    const kind = this.#dialect.kindOf(frame, { pongs: true, acks: this.#subscriptions.awaitsAcks, inFull: true });
    this.#listener.message(kind.kind === 'data');
    switch (kind.kind) {
      case 'data':
        this.#clocks.dataAt = now;
        if (this.#awaitsData) this.#firstData();
        return;
      case 'pong':
        return this.#heartbeat.pongCame(kind.id, now);
      case 'ack':
        return kind.id === null ? this.#subscriptions.ackFrameCame(frame) : this.#subscriptions.ackCame(kind.id);
      case 'refusal':
        return this.#subscriptions.refusalCame(kind.id);
      case 'venue-ping':
        this.#clocks.heartbeatAt = now;
        if (kind.answer !== null) this.#socket.sendText(kind.answer);
        return this.#listener.venuePing();
      case 'heartbeat':
        this.#clocks.heartbeatAt = now;
        return;
      case 'greeting':
      case 'notice':
      case 'farewell':
      case 'unread':
        return;
    }
  }

  #firstData(): void {
    this.#subscriptions.dataCame();
    this.#progress();
  }

  /** Ready when every subscription is settled and data came, or when the first-data deadline has passed. */
  #progress(): void {
    if (this.#over || this.#openedAt === null) return;
    this.#awaitsData = !this.#ready || !this.#subscriptions.settled;
    if (this.#ready) return;
    this.#listener.progress(this.#subscriptions.acked, this.#subscriptions.wanted);
    const { firstDataMs } = this.#config.policy;
    const awaitsData = this.#config.expectsData && this.#subscriptions.wanted > 0 && firstDataMs > 0;
    const confirmsByData = this.#dialect.preset.ack.kind === 'data' && awaitsData;
    if (!this.#subscriptions.settled && !confirmsByData) return;
    if (this.#subscriptions.settled && (!awaitsData || this.#clocks.dataAt !== null)) return this.#becomeReady();
    if (!this.#timers.isArmed('first-data')) {
      this.#timers.arm('first-data', firstDataMs, () => {
        for (const { name, status } of this.#subscriptions.views()) {
          if (status === 'acked') this.#listener.subscription(name, 'acked-but-silent');
        }
        this.#becomeReady();
      });
    }
  }

  #becomeReady(): void {
    this.#timers.disarm('first-data');
    this.#ready = true;
    this.#awaitsData = !this.#subscriptions.settled;
    this.#listener.ready();
  }

  /** A venue with channels of which none is subscribed: a new socket would be just as silent. */
  #sendsNothingUnasked(): boolean {
    return this.#subscriptions.wanted === 0 && Object.keys(this.#dialect.preset.channels).length > 0;
  }

  /** One timer follows the data clock lazily: it is not touched by a frame, it looks again when it is due. */
  #checkFreshness(): void {
    const { expectsData, policy } = this.#config;
    const since = this.#clocks.dataAt ?? this.#openedAt;
    if (!expectsData || since === null || this.#sendsNothingUnasked()) return this.#timers.disarm('fresh');
    const freshness = freshnessOf(since, this.#ports.clock.now(), policy.dataNoticeMs, this.#staleLimitMs);
    if (freshness.kind === 'stale') return this.#end({ kind: 'stale', ageMs: freshness.ageMs });
    if (freshness.kind === 'quiet' && !this.#quietTold) this.#listener.quiet(freshness.ageMs);
    this.#quietTold = freshness.kind === 'quiet';
    this.#timers.arm('fresh', Math.max(1, freshness.checkInMs), () => this.#checkFreshness());
  }
}

/** A margin of a twentieth: what leaves here evenly may arrive there closer together. */
const BUDGET_MARGIN = 1.05;

function messageBudget({ limits }: LinkConfig['preset']): SlidingWindow {
  return new SlidingWindow(
    limits.messages ?? Number.POSITIVE_INFINITY,
    limits.messages_window_secs * 1000 * BUDGET_MARGIN,
  );
}
