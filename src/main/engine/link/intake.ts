import type { ConnectPhase, DownReason } from '../../../shared/linkState.ts';
import type { ConnectTimings } from '../../../shared/socketView.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';
import type { SocketListener } from '../ports.ts';
import type { ContentClock } from './contentClock.ts';
import { type FrameKind, fill } from './dialect.ts';
import { FrameSampler } from './frameSampler.ts';
import type { FreshWatch } from './freshWatch.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Hush } from './hush.ts';
import { inflate } from './inflate.ts';
import type { Liveness } from './liveness.ts';
import type { Restoring } from './restoring.ts';
import type { SessionCore } from './sessionCore.ts';
import type { SteadyWall } from './steadyWall.ts';
import type { StreamWatch } from './streamWatch.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { VenuePulse } from './venuePulse.ts';

type ControlKindOfFrame = Exclude<FrameKind, { kind: 'data' | 'unread' }>;

/** Frames up to this are told apart in full whatever the rate: heartbeats are among them, and few data. */
const SMALL_BYTES = 64;

/** About so many frames of the sample say how many of the others are data. */
const SHARED_OVER = 32;

/** A farewell explains a close only if the close follows it this soon. */
const FAREWELL_MS = 5_000;
/** Of what it said. */
const QUOTED_CHARACTERS = 200;

/** One object for all frames of all links: there are tens of thousands a second. */
const ATTENTION = { pongs: false, acks: false, inFull: false };

interface IntakeParts {
  readonly liveness: Liveness;
  readonly subscriptions: Subscriptions;
  readonly restoring: Restoring;
  readonly streams: StreamWatch;
  readonly pulse: VenuePulse;
  readonly content: ContentClock | null;
  readonly fresh: FreshWatch;
  /** The wall clock as it was when the socket opened or this machine woke, moved on by the monotonic one. */
  readonly wall: SteadyWall;
  readonly opened: (address: string, timings: ConnectTimings) => void;
}

/**
 * What comes in on one socket, told apart and handed to whom it concerns. Nothing does after its end.
 *
 * What a message costs is not what is done with it but where that lies in memory: 0.15 us for one link again and again, 0.9
 * for a hundred in turn after a pause (measured). So few objects are on its way, and nobody is told of each.
 */
export class Intake implements SocketListener {
  readonly #core: SessionCore;
  readonly #parts: IntakeParts;
  readonly #heartbeat: Heartbeat;
  readonly #hush: Hush;
  readonly #restoring: Restoring;
  readonly #streams: StreamWatch;
  readonly #sampler = new FrameSampler();
  #inflatedBytes = 0;
  #unansweredPings = 0;
  /** Of the last frames of the sample: how many were data, from 0 to 1. */
  #dataShare: number | null = null;
  #farewell: { readonly reason: DownReason; readonly at: MonoMs } | null = null;

  constructor(core: SessionCore, parts: IntakeParts) {
    this.#core = core;
    this.#parts = parts;
    this.#heartbeat = parts.liveness.heartbeat;
    this.#hush = parts.liveness.hush;
    this.#restoring = parts.restoring;
    this.#streams = parts.streams;
  }

  get sampled(): boolean {
    return this.#sampler.sampled(this.#core.clock.now());
  }

  get inflatedBytes(): number {
    return this.#inflatedBytes;
  }

  /** Small frames that ask for something, and that the preset does not know. */
  get unansweredPings(): number {
    return this.#unansweredPings;
  }

  phase(phase: ConnectPhase): void {
    if (this.#core.isOver) return;
    this.#core.dial.phase = phase;
    this.#core.listener.phase(phase);
  }

  opened(address: string, timings: ConnectTimings): void {
    if (!this.#core.isOver) this.#parts.opened(address, timings);
  }

  ping(payload: Buffer): void {
    const { clock, clocks, config, control, isOver, listener, turns } = this.#core;
    if (isOver) return;
    const now = clock.now();
    clocks.bytesAt = now;
    control.received('ping', payload, 'protocol');
    // The pong has gone out by itself, and the venue may count it.
    control.sent('pong', payload, 'protocol');
    if (config.preset.limits.pings_count) turns.count(now);
    this.#parts.pulse.beat(now, false);
    this.#unasked(now);
    listener.venuePing();
  }

  pong(payload: Buffer): void {
    const { clock, clocks, control, dialect, isOver } = this.#core;
    if (isOver) return;
    const now = clock.now();
    clocks.bytesAt = now;
    control.received('pong', payload, 'protocol');
    if (dialect.preset.ping.kind === 'protocol') this.#heartbeat.pongCame(payload.toString('latin1'), now);
  }

  ended(reason: DownReason): void {
    const core = this.#core;
    if (!core.isOver && core.openedAt !== null) core.control.ended(reason);
    core.end(core.closingBecause ?? this.#explained(this.#quotable(reason)), null);
  }

  message(raw: Buffer, binary: boolean): void {
    const core = this.#core;
    if (core.isOver) return;
    const now = core.clock.now();
    core.clocks.bytesAt = now;
    let frame = raw;
    if (binary && core.dialect.preset.encoding === 'gzip') {
      const inflated = inflate(raw, core.policy.maxInflatedBytes);
      if (!Buffer.isBuffer(inflated)) return core.end({ kind: 'protocol', ...inflated });
      this.#inflatedBytes += inflated.length;
      frame = inflated;
    }
    core.countMessage();
    const { awaitsData } = this.#restoring;
    const inFull = awaitsData || this.#sampler.inFull(now) || frame.length <= SMALL_BYTES;
    ATTENTION.pongs = core.dialect.pongsAreMessages && this.#heartbeat.awaitsPong;
    ATTENTION.acks = this.#restoring.awaitsAcks;
    ATTENTION.inFull = inFull;
    const kind = core.dialect.kindOf(frame, ATTENTION);
    if (kind.kind === 'unread') {
      if (core.sleptThrough) return this.#streams.numbersOnly(frame, now);
      if (this.#streams.unread(frame, now)) this.#dataAt(now);
      core.dataMessages += this.#dataShare ?? 0;
      this.#unasked(now);
    } else if (kind.kind === 'data') this.#data(frame, now, inFull);
    else this.#control(kind, frame, now);
  }

  #control(kind: ControlKindOfFrame, frame: Buffer, now: MonoMs): void {
    const { clock, clocks, config, control, dialect, listener, outbox } = this.#core;
    const { pulse, subscriptions } = this.#parts;
    this.#streams.other(frame, now);
    switch (kind.kind) {
      case 'pong':
        control.received('pong', frame);
        return this.#heartbeat.pongCame(kind.id, now);
      case 'ack':
        control.received('ack', frame);
        return kind.id === null ? subscriptions.ackFrameCame(frame) : subscriptions.ackCame(kind.id);
      case 'refusal':
        control.received('refusal', frame);
        return subscriptions.refusalCame(kind.id);
      case 'venue-ping':
        clocks.heartbeatAt = now;
        control.received('ping', frame);
        if (kind.answer !== null) {
          // It waits for no place, but takes one.
          this.#core.turns.count(now);
          outbox.say(
            'pong',
            kind.timed ? fill(kind.answer, { now_ms: String(Math.round(clock.wall())) }) : kind.answer,
          );
        }
        pulse.beat(now, false);
        this.#unasked(now);
        return listener.venuePing();
      case 'heartbeat':
        control.beat(frame);
        clocks.heartbeatAt = now;
        pulse.beat(now, !config.preset.heartbeats_always, dialect.heartbeatOf(frame));
        this.#sampledAs(0, frame);
        return this.#unasked(now);
      case 'notice':
        control.received('notice', frame);
        return listener.notice(kind.notice);
      case 'farewell':
        control.received('farewell', frame);
        this.#farewell = { reason: this.#told(kind, frame.toString('utf8')), at: now };
        if (kind.ends === true) this.#core.end(this.#farewell.reason);
        return;
      case 'greeting':
        control.received('message', frame);
        return subscriptions.greeted(frame);
    }
  }

  /** A frame of no other kind. Where each subscription's can be told, one that is of none of them is no data. */
  #data(frame: Buffer, now: MonoMs, inFull: boolean): void {
    const core = this.#core;
    if (core.sleptThrough) return this.#streams.numbersOnly(frame, now);
    if (inFull && looksLikePing(frame)) this.#unansweredPings += 1;
    const isOwn = inFull ? this.#streams.data(frame, now) : this.#streams.unread(frame, now);
    const isData = isOwn || !this.#streams.tellsAll;
    if (isData) {
      const { content, wall } = this.#parts;
      if (inFull) content?.note(frame, now, core.clock.wall(), wall.at(now));
      this.#dataAt(now);
    }
    if (inFull) this.#sampledAs(isData ? 1 : 0, frame);
    core.dataMessages += inFull ? Number(isData) : (this.#dataShare ?? 0);
    this.#unasked(now);
    if (isData && this.#restoring.awaitsData) this.#restoring.dataCame();
  }

  /** Data came. */
  #dataAt(now: MonoMs): void {
    const core = this.#core;
    core.clocks.dataAt = now;
    if (!core.dataFlows) this.#parts.fresh.dataCame();
  }

  /** What is outside the sample is counted by the share of data in it. Small frames are all told apart. */
  #sampledAs(share: 0 | 1, frame: Buffer): void {
    if (frame.length <= SMALL_BYTES) return;
    const before = this.#dataShare ?? share;
    this.#dataShare = before + (share - before) / SHARED_OVER;
  }

  /** A frame that nobody asked for: what silence is measured by. */
  #unasked(now: MonoMs): void {
    this.#hush.heard(now);
    this.#heartbeat.framesFlow();
  }

  /** Masked first and cut then: half of a secret does not look like one. */
  #told({ class: closeClass, text }: Extract<FrameKind, { kind: 'farewell' }>, frame: string): DownReason {
    const said = this.#core.control.clean(frame).slice(0, QUOTED_CHARACTERS);
    return { kind: 'told', class: closeClass, text: `${text}: ${said}` };
  }

  /** Verdicts and sentences are made of the reason: in the middle of one the rest of a cut secret is not found. */
  #quotable(reason: DownReason): DownReason {
    return reason.kind === 'closed' ? { ...reason, text: this.#core.control.clean(reason.text) } : reason;
  }

  /** What the venue said just before outranks the bare close. */
  #explained(reason: DownReason): DownReason {
    const farewell = this.#farewell;
    const isClose = reason.kind === 'closed' || reason.kind === 'cut';
    if (farewell === null || !isClose) return reason;
    return elapsedMs(farewell.at, this.#core.clock.now()) <= FAREWELL_MS ? farewell.reason : reason;
  }
}

/** As a key, as the value of a key that names the kind of a message, or bare; a coin of that name is none of these. */
const PING = /"ping"\s*:|"(op|type|event|method|m|cmd|action|channel|topic)"\s*:\s*"(ping|test_request)"|^ping$/i;

/** A small message that asks for something, and that the preset does not know. */
function looksLikePing(frame: Buffer): boolean {
  return frame.length <= 128 && PING.test(frame.toString('latin1'));
}
