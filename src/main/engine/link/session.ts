import type { LinkConfig } from '../../../shared/engineConfig.ts';
import { type DownReason, reasonText } from '../../../shared/linkState.ts';
import type { LinkClocks } from '../../../shared/linkView.ts';
import type { ConnectTimings } from '../../../shared/socketView.ts';
import type { BudgetView, SubscriptionView } from '../../../shared/subscriptionView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { Ports, SocketListener } from '../ports.ts';
import type { LocalStall } from '../stall.ts';
import { Timers } from '../timers.ts';
import type { EndClues, OpenClues } from '../witness.ts';
import { messageBudget, pongReserve, type SlidingWindow, subscribeBudget } from './budget.ts';
import { endClues, type Gauges, openClues } from './clues.ts';
import { ContentClock } from './contentClock.ts';
import type { ControlWriter } from './controlLog.ts';
import { Dialect } from './dialect.ts';
import { DialRecord } from './dialRecord.ts';
import { type FreshTimer, FreshWatch } from './freshWatch.ts';
import { Heartbeat, type HeartbeatTimer } from './heartbeat.ts';
import { Hush, type HushTimer } from './hush.ts';
import { Intake } from './intake.ts';
import { Opening, type OpeningTimer } from './opening.ts';
import { Outbox } from './outbox.ts';
import { PingRecord } from './pingRecord.ts';
import { Reach } from './reach.ts';
import { Restoring, type RestoringTimer } from './restoring.ts';
import type { SessionListener } from './sessionListener.ts';
import { SteadyWall } from './steadyWall.ts';
import { StreamWatch } from './streamWatch.ts';
import { Subscriptions, type SubscriptionTimer } from './subscriptions.ts';
import { VenuePulse } from './venuePulse.ts';

type SessionTimer =
  | HeartbeatTimer
  | SubscriptionTimer
  | 'connect'
  | 'close'
  | RestoringTimer
  | FreshTimer
  | HushTimer
  | OpeningTimer;

/**
 * One socket of one generation, from dial to end: its heartbeat, its subscriptions and its clocks.
 *
 * 1. Everything it arms or opens ends with it; after `ended`, or after `cut`, nothing is told and nothing runs.
 * 2. Closing never waits for the venue: `close` has its own deadline and then cuts.
 */
export class Session {
  readonly generation: number;
  /** The address it was dialled at, as the settings have it. */
  readonly url: string;
  readonly pings = new PingRecord();
  readonly dial: DialRecord;
  readonly #ports: Ports;
  readonly #listener: SessionListener;
  readonly #timers: Timers<SessionTimer>;
  readonly #dialect: Dialect;
  readonly #budget: SlidingWindow;
  readonly #subscribeBudget: ReturnType<typeof subscribeBudget>;
  readonly #control: ControlWriter;
  readonly #outbox: Outbox;
  readonly #reach: Reach;
  readonly #heartbeat: Heartbeat;
  readonly #subscriptions: Subscriptions;
  readonly #streams: StreamWatch;
  readonly #hush: Hush;
  readonly #content: ContentClock | null;
  readonly #fresh: FreshWatch;
  readonly #restoring: Restoring;
  readonly #intake: Intake;
  readonly #opening: Opening;
  readonly #wall: SteadyWall;
  #config: LinkConfig;
  #openedAt: MonoMs | null = null;
  readonly #clocks: { -readonly [K in keyof LinkClocks]: LinkClocks[K] } = {
    bytesAt: null,
    pongAt: null,
    heartbeatAt: null,
    dataAt: null,
  };
  #foreignPongs = 0;
  readonly #pulse = new VenuePulse();
  /** Set once we have asked the venue to close: whatever ends the socket then, this is why. */
  #closingBecause: DownReason | null = null;
  #over = false;

  constructor(parts: {
    generation: number;
    config: LinkConfig;
    /** Which of the link's addresses to dial. */
    route: LinkConfig['routes'][number];
    ports: Ports;
    stall: LocalStall;
    p99Ms: () => number | null;
    /** Data silence that ends this session, ms. */
    staleLimitMs: number;
    /** From 1: how many times slower than the preset's limit messages are sent, since the venue complained. */
    pace: number;
    control: ControlWriter;
    listener: SessionListener;
  }) {
    const { ports, config, stall } = parts;
    this.generation = parts.generation;
    this.url = parts.route.url;
    this.#ports = ports;
    this.#config = config;
    this.#listener = parts.listener;
    this.#timers = new Timers(ports.clock);
    this.dial = new DialRecord(parts.generation);
    this.#control = parts.control;
    this.#reach = new Reach(config, parts.route.dialUrl, ports);
    this.#outbox = new Outbox(ports.clock, parts.control);
    this.#dialect = Dialect.of(config.preset);
    this.#budget = messageBudget(config.preset, parts.pace);
    this.#subscribeBudget = subscribeBudget(this.#budget, config.preset);
    this.#content = config.preset.event_time === undefined ? null : new ContentClock(config.preset.event_time);
    this.#streams = new StreamWatch(config.subscriptions, {
      gap: (name, missing) => this.#listener.gap(name, missing),
      proving: () => this.#listener.proving(),
      marked: (name, mark) => this.#listener.marked(name, mark),
    });
    this.#wall = new SteadyWall(ports.clock);
    let id = 0;
    const shared = {
      dialect: this.#dialect,
      clock: ports.clock,
      timers: this.#timers as Timers<never>,
      config: () => this.#config,
      policy: () => this.#config.policy,
      dataAt: () => this.#clocks.dataAt,
      nextId: () => ++id,
      reserve: pongReserve(config.preset),
      stall,
      dial: this.dial,
      outbox: this.#outbox,
      control: parts.control,
    };
    this.#heartbeat = new Heartbeat({
      ...shared,
      budget: config.preset.limits.pings_count || config.preset.ping.kind !== 'protocol' ? this.#budget : null,
      p99Ms: parts.p99Ms,
      nonce: Math.floor(ports.random() * 36 ** 4)
        .toString(36)
        .padStart(4, '0'),
      listener: this.#heartbeatListener(),
    });
    this.#hush = new Hush({
      ...shared,
      bytesAt: () => this.#clocks.bytesAt,
      onSilent: (silentMs) => {
        if (this.#dialect.pings) this.#heartbeat.suspectNow('silence');
        else this.#listener.hushed(silentMs);
      },
    });
    this.#subscriptions = new Subscriptions({
      ...shared,
      wanted: config.subscriptions,
      budget: this.#subscribeBudget,
      onNews: (name, news) => this.#listener.subscription(name, news),
      onProgress: () => this.#progress(),
    });
    this.#restoring = new Restoring({
      ...shared,
      subscriptions: this.#subscriptions,
      flows: (name) =>
        this.#streams.hasData(name) || (this.#subscriptions.wanted === 1 && this.#clocks.dataAt !== null),
      listener: {
        progress: (acked, wanted) => this.#listener.progress(acked, wanted),
        ready: () => this.#listener.ready(),
        silent: (name) => this.#listener.subscription(name, 'acked-but-silent'),
      },
    });
    this.#fresh = new FreshWatch({
      ...shared,
      streams: this.#streams,
      wanted: () => this.#subscriptions.wanted,
      limitMs: parts.staleLimitMs,
      listener: {
        quiet: (ageMs) => this.#listener.quiet(ageMs),
        stale: (ageMs) => this.#end({ kind: 'stale', ageMs }),
        staleSubscription: (name) => {
          this.#listener.subscription(name, 'stale-resubscribed');
          this.#subscriptions.again(name);
        },
      },
    });
    this.#intake = new Intake({
      ...shared,
      heartbeat: this.#heartbeat,
      hush: this.#hush,
      subscriptions: this.#subscriptions,
      restoring: this.#restoring,
      streams: this.#streams,
      pulse: this.#pulse,
      content: this.#content,
      clocks: this.#clocks,
      steadyWall: (now) => this.#wall.at(now),
      broken: (reason) => this.#end(reason),
      listener: this.#listener,
    });
    this.#opening = new Opening({
      preset: config.preset,
      ports,
      timers: this.#timers as Timers<never>,
      budget: this.#budget,
      outbox: this.#outbox,
    });
  }

  /** Makes what the dial a moment later need not wait for. */
  prepare(): void {
    this.#reach.prepare();
  }

  /** Dials. Call once. */
  start(): void {
    const { clock } = this.#ports;
    const { connectTimeoutMs } = this.#config.policy;
    this.dial.started(clock.now(), clock.wall());
    this.#timers.arm('connect', connectTimeoutMs, () =>
      this.#end({ kind: 'dial-timeout', phase: this.dial.phase, limitMs: connectTimeoutMs }),
    );
    const refused = this.#reach.go({
      listener: this.#socketListener(),
      dialled: (socket) => {
        this.#outbox.socket = socket;
      },
      redeeming: () => {
        this.dial.phase = 'token';
      },
      redeemed: () => this.dial.redeemed(clock.now()),
      isOver: () => this.#over,
      failed: (reason) => this.#end(reason),
    });
    // Whoever dials holds the session before it hears of its end.
    if (refused !== null) this.#timers.arm('connect', 0, () => this.#end(refused));
  }

  #socketListener(): SocketListener {
    return {
      phase: (phase) => {
        if (this.#over) return;
        this.dial.phase = phase;
        this.#listener.phase(phase);
      },
      opened: (address, timings) => {
        if (!this.#over) this.#opened(address, timings);
      },
      message: (frame, binary) => {
        if (!this.#over) this.#intake.message(frame, binary);
      },
      ping: (payload) => {
        if (!this.#over) this.#venuePing(payload);
      },
      pong: (payload) => {
        if (!this.#over) this.#pong(payload);
      },
      ended: (reason) => {
        if (!this.#over && this.#openedAt !== null) this.#control.ended(reason);
        this.#end(this.#closingBecause ?? this.#intake.explained(reason), null);
      },
    };
  }

  get openedAt(): MonoMs | null {
    return this.#openedAt;
  }

  get isOver(): boolean {
    return this.#over;
  }

  get isReady(): boolean {
    return this.#restoring.readyAt !== null;
  }

  get config(): LinkConfig {
    return this.#config;
  }

  get clocks(): LinkClocks {
    return this.#clocks;
  }

  get acked(): number {
    return this.#subscriptions.acked;
  }

  get wanted(): number {
    return this.#subscriptions.wanted;
  }

  /** Silence that makes this link suspect, ms, and T of its pongs, ms; `null` where nothing is known. */
  get limits(): { readonly silenceMs: number | null; readonly pongMs: number | null } {
    return {
      silenceMs: this.#hush.limitMs,
      pongMs: this.#dialect.pings ? this.#heartbeat.timeoutMs : null,
    };
  }

  get sampled(): boolean {
    return this.#intake.sampled;
  }

  get content(): ContentClock | null {
    return this.#content;
  }

  get streams(): StreamWatch {
    return this.#streams;
  }

  get inflatedBytes(): number {
    return this.#intake.inflatedBytes;
  }

  /** How much of the venue's limits on messages is used now; `null` where none is known. */
  budgets(): { readonly budget: BudgetView | null; readonly subscribeBudget: BudgetView | null } {
    const now = this.#ports.clock.now();
    return { budget: this.#budget.view(now), subscribeBudget: this.#subscribeBudget.own?.view(now) ?? null };
  }

  subscriptionViews(): readonly SubscriptionView[] {
    return this.#subscriptions.views().map((view) => ({ ...view, ...this.#streams.view(view.name) }));
  }

  traffic(): { readonly bytesIn: number; readonly bytesOut: number } {
    return this.#outbox.socket.traffic();
  }

  /** Takes over values that need no new socket: intervals, deadlines, subscriptions. */
  retune(config: LinkConfig, subscriptionsChanged: boolean, staleLimitMs: number): void {
    if (this.#closingBecause !== null) return;
    this.#config = config;
    this.#heartbeat.policyChanged();
    if (subscriptionsChanged) {
      this.#hush.forget();
      this.#streams.change(config.subscriptions);
      this.#subscriptions.change(config.subscriptions);
    }
    this.#fresh.changed(staleLimitMs);
  }

  /** Asks at once whether the venue is there: this machine slept, or its network is another (row L16). */
  probe(): void {
    if (this.#openedAt === null || this.#closingBecause !== null) return;
    this.#intake.sleptThrough = this.#dialect.pings;
    this.#grace();
    this.#heartbeat.suspectNow('wake');
  }

  /** This machine was away: what is old now is not yet the venue's fault. */
  #grace(): void {
    this.#wall.set();
    this.#pulse.pause();
    this.#content?.resync();
    this.#fresh.grace(this.#ports.clock.now());
  }

  /** See `clues.ts`. */
  endClues(reason: DownReason): EndClues {
    return endClues(this.#gauges(), reason);
  }

  openClues(link: Parameters<typeof openClues>[3]): OpenClues {
    return openClues(this.#gauges(), this.subscriptionViews(), (name) => this.#streams.isTold(name), link);
  }

  #gauges(): Gauges {
    return {
      now: this.#ports.clock.now(),
      config: this.#config,
      openedAt: this.#openedAt,
      clocks: this.#clocks,
      graceFrom: this.#fresh.graceFrom,
      wanted: this.#subscriptions.wanted,
      content: this.#content,
      pulse: this.#intake.sampled ? null : this.#pulse,
      sent: this.#outbox.recent,
      foreignPongs: this.#foreignPongs,
      unansweredPings: this.#intake.unansweredPings,
    };
  }

  /** Call about once a second: missing numbers that did not come. */
  settle(): void {
    this.#streams.settle(this.#ports.clock.now());
  }

  /** Ends politely: close frame 1000, then after the close deadline a cut. `ended` follows in any case. */
  close(reason: DownReason): void {
    if (this.#over) return;
    if (this.#openedAt === null) return this.#end(reason);
    this.#timers.disarmAll();
    this.#closingBecause = reason;
    this.#outbox.close();
    this.#timers.arm('close', this.#config.policy.closeTimeoutMs, () => this.#end(reason));
  }

  /** Destroys the socket now, without a word to the listener. */
  cut(): void {
    this.#stop('its use has ended');
  }

  /** `why` goes into the control log; `null` where the other side has ended it. */
  #stop(why: string | null): void {
    if (why !== null && !this.#over && this.#openedAt !== null) this.#control.cut(why);
    this.#over = true;
    this.#timers.stop();
    this.#outbox.socket.cut();
  }

  #end(reason: DownReason, why: string | null = reasonText(reason)): void {
    if (this.#over) return;
    this.#stop(why);
    this.dial.ended(reason, this.#ports.clock.now());
    this.#listener.ended(reason);
  }

  #opened(address: string, timings: ConnectTimings): void {
    this.#timers.disarm('connect');
    const now = this.#ports.clock.now();
    this.#wall.set();
    this.#clocks.bytesAt = now;
    this.dial.opened(address, timings, now);
    // What is asked for is on its way before anybody is told of the socket.
    const refused = this.#outbox.together(() => {
      const why = this.#opening.login();
      if (why === null) this.#subscriptions.start();
      return why;
    });
    this.#openedAt = now;
    this.#listener.opened(timings, address);
    if (refused !== null) return this.#end(refused);
    this.#heartbeat.start();
    this.#opening.keepAlive();
    this.#fresh.opened(now);
    this.#progress();
  }

  #heartbeatListener(): ConstructorParameters<typeof Heartbeat>[0]['listener'] {
    return {
      send: (ping) => {
        this.#outbox.ping(ping);
        this.#listener.pingSent();
      },
      pong: (rttMs, stalled, late) => {
        this.#clocks.pongAt = this.#ports.clock.now();
        this.#control.measured(rttMs, { late, stalled });
        if (rttMs !== null && !late && !stalled) this.pings.answered(rttMs);
        this.#listener.pong(rttMs, stalled, late);
      },
      missed: (waitedMs, inARow) => {
        this.pings.missed();
        this.#listener.missed(waitedMs, inARow);
      },
      foreign: (what) => {
        this.#foreignPongs += 1;
        this.#control.foreign();
        this.#listener.foreignPong(what);
      },
      suspect: (probes, why) => this.#listener.suspect(probes, why),
      cleared: () => {
        this.#hush.excuse();
        this.#intake.sleptThrough = false;
        this.#listener.cleared();
      },
      dead: (missed) => {
        const since = this.#clocks.bytesAt ?? this.dial.startedAt;
        this.#end({ kind: 'dead', missed, silentMs: elapsedMs(since, this.#ports.clock.now()) });
      },
    };
  }

  #venuePing(payload: Buffer): void {
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    this.#control.received('ping', payload, 'protocol');
    // The pong has gone out by itself, and the venue may count it.
    this.#control.sent('pong', payload, 'protocol');
    if (this.#config.preset.limits.pings_count) this.#budget.take(now);
    this.#pulse.beat(now);
    this.#intake.unasked(now);
    this.#listener.venuePing();
  }

  #pong(payload: Buffer): void {
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    this.#control.received('pong', payload, 'protocol');
    if (this.#dialect.preset.ping.kind === 'protocol') this.#heartbeat.pongCame(payload.toString('latin1'), now);
  }

  #progress(): void {
    if (!this.#over && this.#openedAt !== null) this.#restoring.look();
  }
}
