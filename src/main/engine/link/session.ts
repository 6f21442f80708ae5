import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { ConnectTimings, LinkClocks, SubscriptionView } from '../../../shared/snapshot.ts';
import { after, elapsedMs, type MonoMs, type WallMs, wallMs } from '../../../shared/units.ts';
import type { EndClues, OpenClues } from '../inquiry.ts';
import type { Ports, Socket } from '../ports.ts';
import type { LocalStall } from '../stall.ts';
import { Timers } from '../timers.ts';
import { messageBudget, pongReserve, SlidingWindow } from './budget.ts';
import { endClues, type Gauges, openClues } from './clues.ts';
import { ContentClock } from './contentClock.ts';
import { fillSecrets } from './credentials.ts';
import { Dialect, type PingFrame } from './dialect.ts';
import { FrameSampler } from './frameSampler.ts';
import { freshnessOf } from './freshness.ts';
import { Heartbeat, type HeartbeatTimer } from './heartbeat.ts';
import { Hush, type HushTimer } from './hush.ts';
import { inflate } from './inflate.ts';
import { NO_SOCKET, noCredential } from './noCredential.ts';
import { PingRecord } from './pingRecord.ts';
import type { SessionListener } from './sessionListener.ts';
import { StreamWatch } from './streamWatch.ts';
import { Subscriptions, type SubscriptionTimer } from './subscriptions.ts';
import { VenuePulse } from './venuePulse.ts';

type SessionTimer =
  | HeartbeatTimer
  | SubscriptionTimer
  | 'connect'
  | 'close'
  | 'first-data'
  | 'fresh'
  | HushTimer
  | 'keepalive';

/** Frames up to this are told apart in full whatever the rate: heartbeats are among them, and few data. */
const SMALL_BYTES = 64;

/** A timer that is later than this ran on a machine that slept. */
const SLEPT_MS = 10_000;

/** Messages of ours that are remembered for a second. */
const SENT_KEPT = 1_000;

/** A farewell explains a close only if the close follows it this soon. */
const FAREWELL_MS = 5_000;

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
  readonly #socket: Socket;
  readonly #heartbeat: Heartbeat;
  readonly #subscriptions: Subscriptions;
  readonly #streams: StreamWatch;
  readonly #hush: Hush;
  readonly #sampler = new FrameSampler();
  readonly #content: ContentClock | null;
  #config: LinkConfig;
  #staleLimitMs: number;
  #phase: ConnectPhase = 'resolving';
  #openedAt: MonoMs | null = null;
  /** Where the steady wall clock was set last. */
  #anchor: { readonly at: MonoMs; readonly wall: WallMs };
  #graceFrom: MonoMs | null = null;
  #freshDueAt: MonoMs | null = null;
  #clocks: { -readonly [K in keyof LinkClocks]: LinkClocks[K] } = {
    bytesAt: null,
    pongAt: null,
    heartbeatAt: null,
    dataAt: null,
  };
  #timings: ConnectTimings | null = null;
  #restoredAt: MonoMs | null = null;
  #address: string | null = null;
  #ready = false;
  /** One object for all frames: there are tens of thousands a second. */
  readonly #attention = { pongs: false, acks: false, inFull: false };
  /** Data frames still mean something to the subscriptions; afterwards they only move clocks. */
  #awaitsData = true;
  #quietTold = false;
  /** This machine was away: until the venue answers, what comes may have waited in a queue. */
  #sleptThrough = false;
  #inflatedBytes = 0;
  #foreignPongs = 0;
  #unansweredPings = 0;
  readonly #pulse = new VenuePulse();
  readonly #sent = new SlidingWindow(SENT_KEPT, 1000);
  #farewell: { readonly reason: DownReason; readonly at: MonoMs } | null = null;
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
    this.#staleLimitMs = parts.staleLimitMs;
    this.#listener = parts.listener;
    this.#timers = new Timers(ports.clock);
    this.#dialect = Dialect.of(config.preset);
    this.#budget = messageBudget(config.preset, parts.pace);
    this.#content = config.preset.event_time === undefined ? null : new ContentClock(config.preset.event_time);
    this.#streams = new StreamWatch(config.subscriptions, {
      gap: (name, missing) => this.#listener.gap(name, missing),
      numbered: (name, source) => this.#listener.numbered(name, source),
    });
    this.startedAt = ports.clock.now();
    this.#anchor = { at: this.startedAt, wall: ports.clock.wall() };
    let id = 0;
    const shared = {
      dialect: this.#dialect,
      clock: ports.clock,
      timers: this.#timers as Timers<never>,
      policy: () => this.#config.policy,
      nextId: () => ++id,
      reserve: pongReserve(config.preset),
    };
    this.#heartbeat = new Heartbeat({
      ...shared,
      stall,
      budget: config.preset.limits.pings_count || config.preset.ping.kind !== 'protocol' ? this.#budget : null,
      p99Ms: parts.p99Ms,
      nonce: `ww${parts.generation}.${Math.floor(ports.random() * 2 ** 32).toString(36)}`,
      listener: this.#heartbeatListener(),
    });
    this.#hush = new Hush({
      clock: ports.clock,
      timers: this.#timers as Timers<never>,
      stall,
      bytesAt: () => this.#clocks.bytesAt,
      onSilent: (silentMs) => {
        if (this.#dialect.pings) this.#heartbeat.suspectNow('silence');
        else this.#listener.hushed(silentMs);
      },
    });
    this.#subscriptions = new Subscriptions({
      ...shared,
      wanted: config.subscriptions,
      budget: this.#budget,
      sendText: (text) => this.#sendText(text),
      onNews: (name, news) => this.#listener.subscription(name, news),
      onProgress: () => this.#progress(),
    });
    this.#timers.arm('connect', config.policy.connectTimeoutMs, () =>
      this.#end({ kind: 'dial-timeout', phase: this.#phase, limitMs: config.policy.connectTimeoutMs }),
    );
    const address = fillSecrets(parts.route.dialUrl, ports.secret, ports.clock.wall());
    if ('missing' in address) {
      this.#socket = NO_SOCKET;
      this.#timers.arm('connect', 0, () => this.#end(noCredential(address.missing)));
      return;
    }
    this.#socket = ports.dial(
      {
        url: address.text,
        ca: config.ca,
        compression: config.policy.compression,
        maxFrameBytes: config.policy.maxFrameBytes,
        maxInflatedBytes: config.policy.maxInflatedBytes,
        closeTimeoutMs: config.policy.closeTimeoutMs,
      },
      {
        phase: (phase) => this.#whileOn(() => this.#enter(phase)),
        opened: (address, timings) => this.#whileOn(() => this.#opened(address, timings)),
        message: (frame, binary) => {
          if (!this.#over) this.#message(frame, binary);
        },
        ping: () => {
          if (!this.#over) this.#venuePing();
        },
        pong: (payload) => {
          if (!this.#over) this.#pong(payload);
        },
        ended: (reason) => this.#end(this.#closingBecause ?? this.#explained(reason)),
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

  /** From the dial to the first data after all acks, ms; `null` until then. */
  get restoredMs(): number | null {
    return this.#restoredAt === null ? null : elapsedMs(this.startedAt, this.#restoredAt);
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
    return this.#sampler.sampled;
  }

  get content(): ContentClock | null {
    return this.#content;
  }

  get streams(): StreamWatch {
    return this.#streams;
  }

  get inflatedBytes(): number {
    return this.#inflatedBytes;
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
    this.#staleLimitMs = staleLimitMs;
    this.#heartbeat.policyChanged();
    if (subscriptionsChanged) {
      this.#hush.forget();
      this.#streams.change(config.subscriptions);
      this.#subscriptions.change(config.subscriptions);
    }
    if (this.#openedAt !== null) this.#checkFreshness();
  }

  /** Asks at once whether the venue is there: this machine slept, or its network is another (row L16). */
  probe(): void {
    if (this.#openedAt === null || this.#closingBecause !== null) return;
    this.#sleptThrough = this.#dialect.pings;
    this.#grace();
    this.#heartbeat.suspectNow('wake');
  }

  /** This machine was away: what is old now is not yet the venue's fault. */
  #grace(): void {
    this.#graceFrom = this.#ports.clock.now();
    this.#anchor = { at: this.#graceFrom, wall: this.#ports.clock.wall() };
    this.#pulse.pause();
    this.#content?.resync();
    if (this.#openedAt !== null && this.#closingBecause === null) this.#checkFreshness();
  }

  /** The wall clock as it was when the socket opened or this machine woke, moved on by the monotonic one. */
  #steadyWall(now: MonoMs): WallMs {
    return wallMs(this.#anchor.wall + elapsedMs(this.#anchor.at, now));
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
      graceFrom: this.#graceFrom,
      wanted: this.#subscriptions.wanted,
      content: this.#content,
      pulse: this.#sampler.sampled ? null : this.#pulse,
      sent: this.#sent,
      foreignPongs: this.#foreignPongs,
      unansweredPings: this.#unansweredPings,
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
    this.#anchor = { at: this.#openedAt, wall: this.#ports.clock.wall() };
    this.#clocks.bytesAt = this.#openedAt;
    this.#address = address;
    this.#timings = timings;
    this.#listener.opened(timings, address);
    if (!this.#login()) return;
    this.#subscriptions.start();
    this.#heartbeat.start();
    this.#armKeepalive();
    this.#checkFreshness();
    this.#progress();
  }

  /** Row L10. False if the socket has ended for want of a credential. */
  #login(): boolean {
    const { login } = this.#config.preset;
    if (login === undefined) return true;
    const filled = fillSecrets(login, this.#ports.secret, this.#ports.clock.wall());
    if ('missing' in filled) {
      this.#end(noCredential(filled.missing));
      return false;
    }
    this.#sendText(filled.text);
    return true;
  }

  #armKeepalive(): void {
    const { keepalive } = this.#config.preset;
    if (keepalive === undefined) return;
    this.#timers.arm('keepalive', keepalive.every_secs * 1000, () => {
      this.#budget.take(this.#ports.clock.now());
      this.#sendText(keepalive.send);
      this.#armKeepalive();
    });
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
        this.#sleptThrough = false;
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
    this.#unasked(now);
    this.#listener.venuePing();
  }

  #pong(payload: Buffer): void {
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    if (this.#dialect.preset.ping.kind === 'protocol') this.#heartbeat.pongCame(payload.toString('latin1'), now);
  }

  #message(raw: Buffer, binary: boolean): void {
    const now = this.#ports.clock.now();
    this.#clocks.bytesAt = now;
    let frame = raw;
    if (binary && this.#dialect.preset.encoding === 'gzip') {
      const inflated = inflate(raw, this.#config.policy.maxInflatedBytes);
      if (!Buffer.isBuffer(inflated)) return this.#end({ kind: 'protocol', ...inflated });
      this.#inflatedBytes += inflated.length;
      frame = inflated;
    }
    const inFull = this.#awaitsData || this.#sampler.inFull(now) || frame.length <= SMALL_BYTES;
    const acks = this.#awaitsData && this.#subscriptions.awaitsAcks;
    this.#attention.pongs = this.#heartbeat.awaitsPong;
    this.#attention.acks = acks;
    this.#attention.inFull = inFull;
    const kind = this.#dialect.kindOf(frame, this.#attention);
    switch (kind.kind) {
      case 'data':
        this.#data(frame, now, inFull);
        return;
      case 'unread': {
        const found = this.#streams.unread(frame, now) && !this.#sleptThrough;
        if (found) this.#clocks.dataAt = now;
        this.#unasked(now);
        return this.#listener.message(found);
      }
      case 'pong':
        this.#listener.message(false);
        return this.#heartbeat.pongCame(kind.id, now);
      case 'ack':
        this.#listener.message(false);
        return kind.id === null ? this.#subscriptions.ackFrameCame(frame) : this.#subscriptions.ackCame(kind.id);
      case 'refusal':
        this.#listener.message(false);
        return this.#subscriptions.refusalCame(kind.id);
      case 'venue-ping':
        this.#clocks.heartbeatAt = now;
        if (kind.answer !== null) this.#sendText(kind.answer);
        this.#pulse.beat(now);
        this.#unasked(now);
        this.#listener.message(false);
        return this.#listener.venuePing();
      case 'heartbeat':
        this.#clocks.heartbeatAt = now;
        this.#pulse.beat(now);
        this.#streams.beat(frame, now);
        this.#unasked(now);
        return this.#listener.message(false);
      case 'notice':
        this.#listener.message(false);
        return this.#listener.notice(kind.text);
      case 'farewell':
        this.#farewell = { reason: { kind: 'told', class: kind.class, text: kind.text }, at: now };
        return this.#listener.message(false);
      case 'greeting':
        return this.#listener.message(false);
    }
  }

  #data(frame: Buffer, now: MonoMs, inFull: boolean): void {
    if (this.#sleptThrough) {
      this.#streams.numbersOnly(frame, now);
      return this.#listener.message(false);
    }
    if (inFull && looksLikePing(frame)) this.#unansweredPings += 1;
    this.#clocks.dataAt = now;
    if (inFull) {
      this.#streams.data(frame, now);
      this.#content?.note(frame, now, this.#ports.clock.wall(), this.#steadyWall(now));
    } else this.#streams.unread(frame, now);
    this.#unasked(now);
    this.#listener.message(true);
    if (this.#awaitsData) this.#firstData();
  }

  /** A frame that nobody asked for: what silence is measured by. */
  #unasked(now: MonoMs): void {
    this.#hush.heard(now);
    this.#heartbeat.framesFlow();
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
    this.#restoredAt = this.#ports.clock.now();
    this.#awaitsData = !this.#subscriptions.settled;
    this.#listener.ready();
  }

  /** A venue with channels of which none is subscribed: a new socket would be just as silent. */
  #sendsNothingUnasked(): boolean {
    return this.#subscriptions.wanted === 0 && Object.keys(this.#dialect.preset.channels).length > 0;
  }

  /** One timer follows the data clocks lazily: it is not touched by a frame, it looks again when it is due. */
  #checkFreshness(): void {
    const { expectsData, policy } = this.#config;
    const openedAt = this.#openedAt;
    if (!expectsData || openedAt === null || this.#sendsNothingUnasked()) return this.#timers.disarm('fresh');
    const now = this.#ports.clock.now();
    // Far too late for this machine to have been awake: its silence is not the venue's.
    if (this.#freshDueAt !== null && elapsedMs(this.#freshDueAt, now) > SLEPT_MS) this.#graceFrom = now;
    const from = Math.max(openedAt, this.#graceFrom ?? 0) as MonoMs;
    const heardAt = Math.max(this.#clocks.dataAt ?? openedAt, from) as MonoMs;
    const freshness = freshnessOf(heardAt, now, policy.dataNoticeMs, this.#staleLimitMs);
    const streams = this.#streams.check(from, now, this.#staleLimitMs);
    if (freshness.kind === 'stale') return this.#end({ kind: 'stale', ageMs: freshness.ageMs });
    if (streams.allStale) return this.#end({ kind: 'stale', ageMs: this.#staleLimitMs });
    for (const name of streams.retry) {
      this.#listener.subscription(name, 'stale-resubscribed');
      this.#subscriptions.again(name);
    }
    if (freshness.kind === 'quiet' && !this.#quietTold) this.#listener.quiet(freshness.ageMs);
    this.#quietTold = freshness.kind === 'quiet';
    const checkInMs = Math.min(freshness.checkInMs, streams.checkInMs);
    this.#freshDueAt = after(now, Math.max(1, checkInMs));
    this.#timers.arm('fresh', Math.max(1, checkInMs), () => this.#checkFreshness());
  }

  /** What the venue said just before outranks the bare close. */
  #explained(reason: DownReason): DownReason {
    const farewell = this.#farewell;
    const isClose = reason.kind === 'closed' || reason.kind === 'cut';
    if (farewell === null || !isClose) return reason;
    return elapsedMs(farewell.at, this.#ports.clock.now()) <= FAREWELL_MS ? farewell.reason : reason;
  }
}

/** As a key, as the value of a key that names the kind of a message, or bare; a coin of that name is none of these. */
const PING = /"ping"\s*:|"(op|type|event|method|m|cmd|action|channel|topic)"\s*:\s*"(ping|test_request)"|^ping$/i;

/** A small message that asks for something, and that the preset does not know. */
function looksLikePing(frame: Buffer): boolean {
  return frame.length <= 128 && PING.test(frame.toString('latin1'));
}
