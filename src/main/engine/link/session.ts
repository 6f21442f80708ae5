import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { ConnectTimings, LinkClocks, SubscriptionView } from '../../../shared/snapshot.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { EndClues, OpenClues } from '../inquiry.ts';
import type { Ports, Socket } from '../ports.ts';
import type { LocalStall } from '../stall.ts';
import { Timers } from '../timers.ts';
import { messageBudget, pongReserve, SlidingWindow, subscribeBudget } from './budget.ts';
import { endClues, type Gauges, openClues } from './clues.ts';
import { ContentClock } from './contentClock.ts';
import { fillSecrets } from './credentials.ts';
import { Dialect, type PingFrame } from './dialect.ts';
import { type FreshTimer, FreshWatch } from './freshWatch.ts';
import { Heartbeat, type HeartbeatTimer } from './heartbeat.ts';
import { Hush, type HushTimer } from './hush.ts';
import { Intake } from './intake.ts';
import { NO_SOCKET, noCredential } from './noCredential.ts';
import { Opening, type OpeningTimer } from './opening.ts';
import { PingRecord } from './pingRecord.ts';
import { Restoring, type RestoringTimer } from './restoring.ts';
import type { SessionListener } from './sessionListener.ts';
import { SteadyWall } from './steadyWall.ts';
import { StreamWatch } from './streamWatch.ts';
import { Subscriptions, type SubscriptionTimer } from './subscriptions.ts';
import { redeemToken } from './token.ts';
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

/** Messages of ours that are remembered for a second. */
const SENT_KEPT = 1_000;

/**
 * One socket of one generation, from dial to end: its heartbeat, its subscriptions and its clocks.
 *
 * 1. Everything it arms or opens ends with it; after `ended`, or after `cut`, nothing is told and nothing runs.
 * 2. Closing never waits for the venue: `close` has its own deadline and then cuts.
 */
export class Session {
  readonly generation: number;
  readonly startedAt: MonoMs;
  /** The address it was dialled at, as the settings have it. */
  readonly url: string;
  readonly pings = new PingRecord();
  readonly #ports: Ports;
  readonly #listener: SessionListener;
  readonly #timers: Timers<SessionTimer>;
  readonly #dialect: Dialect;
  readonly #budget: SlidingWindow;
  #socket: Socket = NO_SOCKET;
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
  #phase: ConnectPhase = 'resolving';
  #openedAt: MonoMs | null = null;
  readonly #clocks: { -readonly [K in keyof LinkClocks]: LinkClocks[K] } = {
    bytesAt: null,
    pongAt: null,
    heartbeatAt: null,
    dataAt: null,
  };
  #timings: ConnectTimings | null = null;
  #address: string | null = null;
  #foreignPongs = 0;
  readonly #pulse = new VenuePulse();
  readonly #sent = new SlidingWindow(SENT_KEPT, 1000);
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
    listener: SessionListener;
  }) {
    const { ports, config, stall } = parts;
    this.generation = parts.generation;
    this.url = parts.route.url;
    this.#ports = ports;
    this.#config = config;
    this.#listener = parts.listener;
    this.#timers = new Timers(ports.clock);
    this.startedAt = ports.clock.now();
    // First of all: the rest is made while the handshake is on its way, and nothing comes back before this is done.
    this.#reach(parts.route.dialUrl);
    this.#dialect = Dialect.of(config.preset);
    this.#budget = messageBudget(config.preset, parts.pace);
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
      budget: subscribeBudget(this.#budget, config.preset),
      sendText: (text) => this.#sendText(text),
      onNews: (name, news) => this.#listener.subscription(name, news),
      onProgress: () => this.#progress(),
    });
    this.#restoring = new Restoring({
      ...shared,
      subscriptions: this.#subscriptions,
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
      send: (text) => this.#sendText(text),
      broken: (reason) => this.#end(reason),
      listener: this.#listener,
    });
    this.#opening = new Opening({
      preset: config.preset,
      ports,
      timers: this.#timers as Timers<never>,
      budget: this.#budget,
      send: (text) => this.#sendText(text),
    });
  }

  #reach(dialUrl: string): void {
    const { preset, policy } = this.#config;
    const { secret, clock, fetchText } = this.#ports;
    this.#timers.arm('connect', policy.connectTimeoutMs, () =>
      this.#end({ kind: 'dial-timeout', phase: this.#phase, limitMs: policy.connectTimeoutMs }),
    );
    const address = fillSecrets(dialUrl, secret, clock.wall());
    if ('missing' in address) this.#timers.arm('connect', 0, () => this.#end(noCredential(address.missing)));
    else if (preset.token === undefined) this.#dial(address.text);
    else {
      this.#phase = 'token';
      void redeemToken(preset.token, address.text, fetchText).then((found) => {
        if (this.#over) return;
        if ('url' in found) this.#dial(found.url);
        else this.#end(found);
      });
    }
  }

  #dial(url: string): void {
    const { ca, policy } = this.#config;
    this.#socket = this.#ports.dial(
      {
        url,
        ca,
        compression: policy.compression,
        maxFrameBytes: policy.maxFrameBytes,
        maxInflatedBytes: policy.maxInflatedBytes,
        closeTimeoutMs: policy.closeTimeoutMs,
      },
      {
        phase: (phase) => this.#whileOn(() => this.#enter(phase)),
        opened: (address, timings) => this.#whileOn(() => this.#opened(address, timings)),
        message: (frame, binary) => {
          if (!this.#over) this.#intake.message(frame, binary);
        },
        ping: () => {
          if (!this.#over) this.#venuePing();
        },
        pong: (payload) => {
          if (!this.#over) this.#pong(payload);
        },
        ended: (reason) => this.#end(this.#closingBecause ?? this.#intake.explained(reason)),
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
    return this.#restoring.readyAt !== null;
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

  /** From the dial to the first data after all acks, ms; `null` until then. */
  get restoredMs(): number | null {
    const { readyAt } = this.#restoring;
    return readyAt === null ? null : elapsedMs(this.startedAt, readyAt);
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

  /** How much of the venue's limit on messages is used now; `null` where none is known. */
  budget(): { readonly used: number; readonly limit: number } | null {
    const { limit } = this.#budget;
    if (limit === Number.POSITIVE_INFINITY) return null;
    return { used: this.#budget.used(this.#ports.clock.now()), limit };
  }

  subscriptionViews(): readonly SubscriptionView[] {
    return this.#subscriptions.views().map((view) => ({ ...view, ...this.#streams.view(view.name) }));
  }

  traffic(): { readonly bytesIn: number; readonly bytesOut: number } {
    return this.#socket.traffic();
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
      sent: this.#sent,
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

  #enter(phase: ConnectPhase): void {
    this.#phase = phase;
    this.#listener.phase(phase);
  }

  #opened(address: string, timings: ConnectTimings): void {
    this.#timers.disarm('connect');
    this.#openedAt = this.#ports.clock.now();
    this.#wall.set();
    this.#clocks.bytesAt = this.#openedAt;
    this.#address = address;
    this.#timings = timings;
    this.#listener.opened(timings, address);
    const refused = this.#opening.login();
    if (refused !== null) return this.#end(refused);
    this.#subscriptions.start();
    this.#heartbeat.start();
    this.#opening.keepAlive();
    this.#fresh.opened(this.#openedAt);
    this.#progress();
  }

  #sendText(text: string): void {
    this.#sent.take(this.#ports.clock.now());
    this.#socket.sendText(text);
  }

  #heartbeatListener(): ConstructorParameters<typeof Heartbeat>[0]['listener'] {
    return {
      send: (ping) => this.#sendPing(ping),
      pong: (rttMs, stalled, late) => {
        this.#clocks.pongAt = this.#ports.clock.now();
        if (rttMs !== null && !late && !stalled) this.pings.answered(rttMs);
        this.#listener.pong(rttMs, stalled, late);
      },
      missed: (waitedMs, inARow) => {
        this.pings.missed();
        this.#listener.missed(waitedMs, inARow);
      },
      foreign: (what) => {
        this.#foreignPongs += 1;
        this.#listener.foreignPong(what);
      },
      suspect: (probes, why) => this.#listener.suspect(probes, why),
      cleared: () => {
        this.#hush.excuse();
        this.#intake.sleptThrough = false;
        this.#listener.cleared();
      },
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
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    // The pong has gone out by itself, and the venue may count it.
    if (this.#config.preset.limits.pings_count) this.#budget.take(now);
    this.#pulse.beat(now);
    this.#intake.unasked(now);
    this.#listener.venuePing();
  }

  #pong(payload: Buffer): void {
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    if (this.#dialect.preset.ping.kind === 'protocol') this.#heartbeat.pongCame(payload.toString('latin1'), now);
  }

  #progress(): void {
    if (!this.#over && this.#openedAt !== null) this.#restoring.look();
  }
}
