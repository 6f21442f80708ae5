import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { LinkClocks } from '../../../shared/linkView.ts';
import type { ConnectTimings } from '../../../shared/socketView.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import type { MonoMs } from '../../../shared/units.ts';
import type { EndClues, OpenClues } from '../witness.ts';
import { allSentAt } from './asked.ts';
import { awaitAwake } from './awakeWait.ts';
import { endClues, type Gauges, openClues } from './clues.ts';
import { ContentClock } from './contentClock.ts';
import { awaitOpening } from './dialDeadline.ts';
import type { DialRecord } from './dialRecord.ts';
import { FreshWatch } from './freshWatch.ts';
import { Intake } from './intake.ts';
import type { Traffic } from './ledger.ts';
import { Liveness } from './liveness.ts';
import { differs } from './madeWith.ts';
import { Opening } from './opening.ts';
import type { PingFigures } from './pingRecord.ts';
import { Reach } from './reach.ts';
import { Restoring } from './restoring.ts';
import type { Revision } from './revision.ts';
import { SessionCore, type SessionParts } from './sessionCore.ts';
import { SteadyWall } from './steadyWall.ts';
import { StreamWatch } from './streamWatch.ts';
import { Subscriptions } from './subscriptions.ts';
import { VenuePulse } from './venuePulse.ts';

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
  readonly liveness: Liveness;
  /** `null` where the venue stamps no message. */
  readonly content: ContentClock | null;
  readonly subscriptions: Subscriptions;
  readonly streams: StreamWatch;
  readonly fresh: FreshWatch;
  readonly #core: SessionCore;
  readonly #reach: Reach;
  readonly #restoring: Restoring;
  readonly #intake: Intake;
  readonly #opening: Opening;
  readonly #wall: SteadyWall;
  readonly #pulse = new VenuePulse();

  constructor(parts: SessionParts) {
    const { config, ports } = parts;
    const core = new SessionCore(parts);
    this.generation = parts.generation;
    this.url = parts.route.url;
    this.#core = core;
    this.#reach = new Reach(config, parts.route.dialUrl, ports);
    this.#wall = new SteadyWall(ports.clock);
    this.content = config.preset.event_time === undefined ? null : new ContentClock(config.preset.event_time);
    this.streams = new StreamWatch(config.subscriptions, config.preset, core.listener);
    this.liveness = new Liveness(core, parts);
    this.subscriptions = new Subscriptions(core, this.streams);
    this.#restoring = new Restoring(core, this.subscriptions, this.streams);
    this.subscriptions.onProgress = () => this.#restoring.look();
    this.fresh = new FreshWatch(core, this.streams, this.subscriptions, parts.staleLimitMs);
    this.#opening = new Opening(core, ports.secret);
    this.#intake = new Intake(core, {
      liveness: this.liveness,
      subscriptions: this.subscriptions,
      restoring: this.#restoring,
      streams: this.streams,
      pulse: this.#pulse,
      content: this.content,
      fresh: this.fresh,
      wall: this.#wall,
      opened: (address, timings) => this.#opened(address, timings),
    });
  }

  /** Makes what the dial a moment later need not wait for. */
  prepare(): void {
    this.#reach.prepare();
  }

  /** Dials. Call once. */
  start(): void {
    const core = this.#core;
    const { clock, dial, timers } = core;
    dial.started(clock.now(), clock.wall());
    awaitOpening(core, clock.now(), core.policy.connectTimeoutMs);
    const refused = this.#reach.go(core, this.#intake);
    // Whoever dials holds the session before it hears of its end.
    if (refused !== null) timers.arm('connect', 0, () => core.end(refused));
  }

  get dial(): DialRecord {
    return this.#core.dial;
  }

  get pings(): PingFigures {
    return this.liveness.record.pings.figures(this.#core.clock.now());
  }

  get openedAt(): MonoMs | null {
    return this.#core.openedAt;
  }

  get isOver(): boolean {
    return this.#core.isOver;
  }

  get isReady(): boolean {
    return this.#restoring.readyAt !== null;
  }

  get config(): LinkConfig {
    return this.#core.config;
  }

  get clocks(): LinkClocks {
    return this.#core.clocks;
  }

  /** This machine was away until then; `null`: never. */
  get awayUntil(): MonoMs | null {
    return this.fresh.graceFrom;
  }

  get acked(): number {
    return this.subscriptions.served.progress.acked;
  }

  get wanted(): number {
    return this.subscriptions.wanted;
  }

  get sampled(): boolean {
    return this.#intake.sampled;
  }

  get inflatedBytes(): number {
    return this.#intake.inflatedBytes;
  }

  /** How much of the venue's limits on messages is used now. */
  budgets(): ReturnType<SessionCore['turns']['views']> {
    return this.#core.turns.views(this.#core.clock.now());
  }

  subscriptionViews(): readonly SubscriptionView[] {
    return this.subscriptions.views().map((view) => ({ ...view, ...this.streams.view(view.name) }));
  }

  /** Bytes since it was dialled, messages since it is in use. */
  traffic(): Traffic {
    const { messages, dataMessages, outbox } = this.#core;
    return { ...outbox.socket.traffic(), messages, dataMessages: Math.round(dataMessages) };
  }

  /** Messages since it is in use. */
  get messages(): number {
    return this.#core.messages;
  }

  /** It is in use from now on, and each message changes that; `null`: it is no more. */
  use(by: Revision | null): void {
    this.#core.use(by);
    if (by !== null) this.liveness.retell();
  }

  /** Takes over what of these settings needs no new socket: intervals, deadlines, subscriptions. */
  retune(settings: LinkConfig, resubscribe: boolean, staleLimitMs: number): void {
    const before = this.#core.retune(settings, resubscribe);
    if (before === null) return;
    const { config } = this.#core;
    this.liveness.heartbeat.policyChanged();
    if (differs(before.subscriptions, config.subscriptions)) {
      this.liveness.forgetGaps();
      this.streams.change(config.subscriptions);
      this.subscriptions.change(config.subscriptions);
    }
    this.fresh.changed(staleLimitMs);
  }

  /** Data have come, and since the venue was last shown to be quiet. */
  get dataFlows(): boolean {
    return this.#core.dataFlows;
  }

  /** A second connection was just as silent: `limitMs` is the data silence that is too long from now on. */
  provedQuiet(limitMs: number): void {
    this.liveness.excuse();
    this.fresh.provedQuiet(limitMs);
  }

  /** Silence of its data that is too long from now on, ms. */
  set staleLimitMs(ms: number) {
    this.fresh.patientMs = ms;
  }

  /** Calls `silent` unless data flow within so long after all that it wants was answered, or at least sent. */
  awaitData(ms: number, silent: () => void): void {
    const passedMs = (): number => this.answeredMs;
    awaitAwake(this.#core, 'first-data', ms, passedMs, () => !this.dataFlows && silent());
  }

  /** How long ago, awake, all that it wants was answered, or at least sent, ms; 0 before. */
  get answeredMs(): number {
    const from = this.#core.dial.settledAt ?? allSentAt(this.subscriptions.asked.values());
    return from === null ? 0 : this.#core.stall.awakeMs(from);
  }

  /** This machine has other addresses (row L16). Most sockets live on, and nothing that comes on them has waited. */
  ask(): void {
    if (this.#core.openedAt !== null && this.#core.closingBecause === null) this.liveness.ask();
  }

  /** Asks at once whether the venue is there: this machine slept (row L16). */
  probe(): void {
    const core = this.#core;
    if (core.openedAt === null || core.closingBecause !== null) return;
    core.sleptThrough = core.dialect.pings;
    this.#wall.set();
    this.#pulse.pause();
    this.content?.resync();
    this.fresh.grace(core.clock.now());
    this.liveness.doubt();
  }

  /** See `clues.ts`. */
  endClues(reason: DownReason): EndClues {
    return endClues(this.#gauges(), reason);
  }

  openClues(link: Parameters<typeof openClues>[2]): OpenClues {
    return openClues(this.#gauges(), this.subscriptionViews(), link);
  }

  #gauges(): Gauges {
    const { clock, clocks, config, dial, openedAt, outbox } = this.#core;
    return {
      now: clock.now(),
      config,
      dialledAt: dial.startedAt,
      openedAt,
      clocks,
      silentSince: this.fresh.silentSince,
      wanted: this.subscriptions.wanted,
      content: this.content,
      pulse: this.#intake.sampled ? null : this.#pulse,
      sent: outbox.recent,
      foreignPongs: this.liveness.record.foreignPongs,
      unansweredPings: this.#intake.unansweredPings,
      sameForMs: this.streams.sameness(clock.now(), config.policy.dataNoticeMs).forMs,
      twice: this.streams.twice,
      unproved: this.subscriptions.served.unproved,
    };
  }

  /** Call about once a second: missing numbers that did not come. */
  settle(): void {
    this.streams.settle(this.#core.clock.now());
  }

  /** Ends politely: close frame 1000, then after the close deadline a cut. `ended` follows in any case. */
  close(reason: DownReason): void {
    this.#core.close(reason);
  }

  /** Destroys the socket now, without a word to the listener. */
  cut(): void {
    this.#core.cut('its use has ended');
  }

  #opened(address: string, timings: ConnectTimings): void {
    const core = this.#core;
    core.timers.disarm('connect');
    const now = core.clock.now();
    this.#wall.set();
    core.clocks.bytesAt = now;
    core.dial.opened(address, timings, now);
    // What is asked for is on its way before anybody is told of the socket.
    const refused = core.outbox.together(() => {
      const why = this.#opening.login();
      if (why === null) this.subscriptions.start();
      return why;
    });
    core.openedAt = now;
    core.listener.opened(timings, address);
    if (refused !== null) return core.end(refused);
    this.liveness.heartbeat.start();
    this.#opening.keepAlive();
    this.fresh.start();
    this.#restoring.look();
  }
}
