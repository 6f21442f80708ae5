import type { LinkConfig } from '../../../shared/engineConfig.ts';
import type { DownReason } from '../../../shared/linkState.ts';
import type { LinkClocks } from '../../../shared/linkView.ts';
import { elapsedMs, type MonoMs, type WallMs } from '../../../shared/units.ts';
import type { Clock } from '../ports.ts';
import type { ContentClock } from './contentClock.ts';
import type { ControlWriter } from './controlLog.ts';
import type { Dialect } from './dialect.ts';
import { FrameSampler } from './frameSampler.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Hush } from './hush.ts';
import { inflate } from './inflate.ts';
import type { Outbox } from './outbox.ts';
import type { Restoring } from './restoring.ts';
import type { SessionListener } from './sessionListener.ts';
import type { StreamWatch } from './streamWatch.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { VenuePulse } from './venuePulse.ts';

/** Frames up to this are told apart in full whatever the rate: heartbeats are among them, and few data. */
const SMALL_BYTES = 64;

/** A farewell explains a close only if the close follows it this soon. */
const FAREWELL_MS = 5_000;

interface IntakeParts {
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly config: () => LinkConfig;
  readonly heartbeat: Heartbeat;
  readonly hush: Hush;
  readonly subscriptions: Subscriptions;
  readonly restoring: Restoring;
  readonly streams: StreamWatch;
  readonly pulse: VenuePulse;
  readonly content: ContentClock | null;
  readonly clocks: { -readonly [K in keyof LinkClocks]: LinkClocks[K] };
  /** The wall clock as it was when the socket opened or this machine woke, moved on by the monotonic one. */
  readonly steadyWall: (now: MonoMs) => WallMs;
  readonly outbox: Outbox;
  readonly control: ControlWriter;
  /** The venue broke its own protocol: the socket ends. */
  readonly broken: (reason: DownReason) => void;
  readonly listener: SessionListener;
}

/** What comes in on one socket, told apart and handed to whom it concerns. */
export class Intake {
  readonly #is: IntakeParts;
  readonly #sampler = new FrameSampler();
  /** One object for all frames: there are tens of thousands a second. */
  readonly #attention = { pongs: false, acks: false, inFull: false };
  #inflatedBytes = 0;
  #unansweredPings = 0;
  #farewell: { readonly reason: DownReason; readonly at: MonoMs } | null = null;
  /** This machine was away: until the venue answers, what comes may have waited in a queue. */
  sleptThrough = false;

  constructor(parts: IntakeParts) {
    this.#is = parts;
  }

  get sampled(): boolean {
    return this.#sampler.sampled;
  }

  get inflatedBytes(): number {
    return this.#inflatedBytes;
  }

  /** Small frames that ask for something, and that the preset does not know. */
  get unansweredPings(): number {
    return this.#unansweredPings;
  }

  /** What the venue said just before outranks the bare close. */
  explained(reason: DownReason): DownReason {
    const farewell = this.#farewell;
    const isClose = reason.kind === 'closed' || reason.kind === 'cut';
    if (farewell === null || !isClose) return reason;
    return elapsedMs(farewell.at, this.#is.clock.now()) <= FAREWELL_MS ? farewell.reason : reason;
  }

  /** A frame that nobody asked for: what silence is measured by. */
  unasked(now: MonoMs): void {
    this.#is.hush.heard(now);
    this.#is.heartbeat.framesFlow();
  }

  message(raw: Buffer, binary: boolean): void {
    const is = this.#is;
    const now = is.clock.now();
    is.clocks.bytesAt = now;
    let frame = raw;
    if (binary && is.dialect.preset.encoding === 'gzip') {
      const inflated = inflate(raw, is.config().policy.maxInflatedBytes);
      if (!Buffer.isBuffer(inflated)) return is.broken({ kind: 'protocol', ...inflated });
      this.#inflatedBytes += inflated.length;
      frame = inflated;
    }
    const { awaitsData } = is.restoring;
    const inFull = awaitsData || this.#sampler.inFull(now) || frame.length <= SMALL_BYTES;
    this.#attention.pongs = is.heartbeat.awaitsPong;
    this.#attention.acks = awaitsData && is.subscriptions.awaitsAcks;
    this.#attention.inFull = inFull;
    const kind = is.dialect.kindOf(frame, this.#attention);
    switch (kind.kind) {
      case 'data':
        return this.#data(frame, now, inFull);
      case 'unread': {
        const found = is.streams.unread(frame, now) && !this.sleptThrough;
        if (found) is.clocks.dataAt = now;
        this.unasked(now);
        return is.listener.message(found);
      }
      case 'pong':
        is.control.received('pong', frame);
        is.listener.message(false);
        return is.heartbeat.pongCame(kind.id, now);
      case 'ack':
        is.control.received('ack', frame);
        is.listener.message(false);
        return kind.id === null ? is.subscriptions.ackFrameCame(frame) : is.subscriptions.ackCame(kind.id);
      case 'refusal':
        is.control.received('refusal', frame);
        is.listener.message(false);
        return is.subscriptions.refusalCame(kind.id);
      case 'venue-ping':
        is.clocks.heartbeatAt = now;
        is.control.received('ping', frame);
        if (kind.answer !== null) is.outbox.say('pong', kind.answer);
        is.pulse.beat(now);
        this.unasked(now);
        is.listener.message(false);
        return is.listener.venuePing();
      case 'heartbeat':
        is.control.beat(frame);
        is.clocks.heartbeatAt = now;
        is.pulse.beat(now);
        is.streams.beat(frame, now);
        this.unasked(now);
        return is.listener.message(false);
      case 'notice':
        is.control.received('notice', frame);
        is.listener.message(false);
        return is.listener.notice(kind.text);
      case 'farewell':
        is.control.received('farewell', frame);
        this.#farewell = { reason: { kind: 'told', class: kind.class, text: kind.text }, at: now };
        return is.listener.message(false);
      case 'greeting':
        is.control.received('message', frame);
        return is.listener.message(false);
    }
  }

  #data(frame: Buffer, now: MonoMs, inFull: boolean): void {
    const is = this.#is;
    if (this.sleptThrough) {
      is.streams.numbersOnly(frame, now);
      return is.listener.message(false);
    }
    if (inFull && looksLikePing(frame)) this.#unansweredPings += 1;
    is.clocks.dataAt = now;
    if (inFull) {
      is.streams.data(frame, now);
      is.content?.note(frame, now, is.clock.wall(), is.steadyWall(now));
    } else is.streams.unread(frame, now);
    this.unasked(now);
    is.listener.message(true);
    if (is.restoring.awaitsData) is.restoring.dataCame();
  }
}

/** As a key, as the value of a key that names the kind of a message, or bare; a coin of that name is none of these. */
const PING = /"ping"\s*:|"(op|type|event|method|m|cmd|action|channel|topic)"\s*:\s*"(ping|test_request)"|^ping$/i;

/** A small message that asks for something, and that the preset does not know. */
function looksLikePing(frame: Buffer): boolean {
  return frame.length <= 128 && PING.test(frame.toString('latin1'));
}
