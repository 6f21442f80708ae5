import { after, elapsedMs, type MonoMs } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { DemoFeed, OnTick } from './feed.ts';
import { DelayLine, type LatencyModel } from './latency.ts';
import { MAX_SAID_A_SECOND, MAX_UNREAD_BYTES } from './limits.ts';
import { SILENCE_LIMIT_MS } from './venue.ts';

/** One client's connection: what WebSockets and TCP lines have in common. Nothing here throws after its end. */
export interface GuestWire {
  send(text: string): void;
  /** Answers a ping frame; nothing on a wire that has none. */
  pong(payload: Uint8Array): void;
  /** Ends the connection in the wire's own way, with the reason if it can carry one. */
  end(code: number, reason: string): void;
  /** Ends it at once and without a word. */
  cut(): void;
  /** Stops reading, until `resume`. */
  pause(): void;
  resume(): void;
  /** Bytes that wait in this process for the client to read. */
  unread(): number;
  onClose(listener: () => void): void;
}

/** How an exchange treats its clients while a fault is in force. */
export interface Conduct {
  /** Holds the connection open and neither reads nor writes. */
  readonly frozen: boolean;
  /** Tells no ticks. */
  readonly mute: boolean;
  readonly wrongPongs: boolean;
  /** Everything leaves so much later, ms. */
  readonly slowMs: number;
}

export const USUAL_CONDUCT: Conduct = { frozen: false, mute: false, wrongPongs: false, slowMs: 0 };

/** A pong with this payload answers no ping of anybody. */
const WRONG_PAYLOAD = Buffer.from('not your ping');

/** The side of a conversation that understands what the client says. */
export interface Talk {
  hear(text: string): void;
}

/**
 * One client of a demo exchange, whatever its dialect: answers with the address's latency, is told what it follows,
 * and is cut when it is silent. Every wait of it ends with it.
 */
export class DemoGuest {
  readonly #wire: GuestWire;
  readonly #feed: DemoFeed;
  readonly #clock: Clock;
  readonly #line: DelayLine;
  readonly #waits = new Set<Cancel>();
  readonly #follows = new Map<string, Cancel>();
  #talk: Talk | null = null;
  #silence: Cancel = () => undefined;
  #countedSince: MonoMs;
  #said = 0;
  #conduct = USUAL_CONDUCT;
  /** Answers on their way, oldest first. */
  readonly #answers: (() => void)[] = [];
  /** What a slow exchange has still to write. */
  readonly #leaving: { readonly at: MonoMs; readonly write: () => void }[] = [];
  #over = false;

  constructor(wire: GuestWire, feed: DemoFeed, latency: LatencyModel, clock: Clock, random: () => number) {
    this.#wire = wire;
    this.#feed = feed;
    this.#clock = clock;
    this.#line = new DelayLine(latency, random);
    this.#countedSince = clock.now();
    wire.onClose(() => this.#stop());
    this.heard();
  }

  get conduct(): Conduct {
    return this.#conduct;
  }

  /** Treats this client so from now on. */
  treat(conduct: Conduct): void {
    const was = this.#conduct.frozen;
    this.#conduct = conduct;
    if (was === conduct.frozen) return;
    if (conduct.frozen) return this.#wire.pause();
    this.#wire.resume();
    this.heard();
  }

  begin(talk: Talk): void {
    this.#talk = talk;
  }

  /** The client said something; what has no text (a pong frame) is only `heard`. */
  message(text: string): void {
    this.heard();
    if (!this.#over) this.#talk?.hear(text);
  }

  /** A ping frame came, which wants its payload back. */
  pinged(payload: Uint8Array): void {
    this.heard();
    this.later(() => this.#leave(() => this.#wire.pong(this.#conduct.wrongPongs ? WRONG_PAYLOAD : payload)));
  }

  heard(): void {
    if (this.#over) return;
    if (this.#saysTooMuch()) return this.drop();
    this.#silence();
    this.#silence = this.#at(SILENCE_LIMIT_MS, () => {
      if (!this.#conduct.frozen) this.end(4001, `silent for ${SILENCE_LIMIT_MS / 1000} s`);
    });
  }

  #saysTooMuch(): boolean {
    const now = this.#clock.now();
    if (elapsedMs(this.#countedSince, now) >= 1_000) {
      this.#countedSince = now;
      this.#said = 0;
    }
    this.#said += 1;
    return this.#said > MAX_SAID_A_SECOND;
  }

  send(text: string): void {
    this.#leave(() => this.#wire.send(text));
  }

  /** Answers after the latency of this address, never before an earlier answer. */
  later(answer: () => void): void {
    if (this.#over) return;
    const now = this.#clock.now();
    this.#answers.push(answer);
    // Two timers of the same moment may run in either order: each gives the oldest answer.
    this.#at(this.#line.dueAt(now) - now, () => {
      const oldest = this.#answers.shift();
      if (!this.#conduct.frozen) oldest?.();
    });
  }

  every(ms: number, action: () => void): void {
    this.#at(ms, () => {
      action();
      this.every(ms, action);
    });
  }

  offers(channel: string, symbol: string): boolean {
    return this.#feed.has(channel, symbol);
  }

  follow(channel: string, symbol: string, onTick: OnTick): void {
    if (this.#over) return;
    this.unfollow(channel, symbol);
    const tell: OnTick = (tick) => {
      if (!this.#conduct.mute) onTick(tick);
    };
    this.#follows.set(`${channel}:${symbol}`, this.#feed.follow(channel, symbol, tell));
  }

  unfollow(channel: string, symbol: string): void {
    const key = `${channel}:${symbol}`;
    this.#follows.get(key)?.();
    this.#follows.delete(key);
  }

  end(code: number, reason: string): void {
    this.#wire.end(code, reason);
  }

  drop(): void {
    this.#stop();
    this.#wire.cut();
  }

  /** Writes now, or late by what the exchange is slow, in order; a frozen one writes nothing. */
  #leave(write: () => void): void {
    if (this.#conduct.frozen) return;
    if (this.#wire.unread() > MAX_UNREAD_BYTES) return this.drop();
    const { slowMs } = this.#conduct;
    if (slowMs === 0 && this.#leaving.length === 0) return write();
    const at = after(this.#clock.now(), slowMs);
    const last = this.#leaving.at(-1)?.at ?? at;
    this.#leaving.push({ at: at > last ? at : last, write });
    if (this.#leaving.length === 1) this.#armLeaving();
  }

  /** One timer for what leaves next: two timers of the same moment may run in either order. */
  #armLeaving(): void {
    const next = this.#leaving[0];
    if (next === undefined) return;
    this.#at(next.at - this.#clock.now(), () => {
      this.#leaving.shift();
      if (!this.#conduct.frozen) next.write();
      this.#armLeaving();
    });
  }

  #at(delayMs: number, action: () => void): Cancel {
    if (this.#over) return () => undefined;
    const cancelTimer = this.#clock.at(after(this.#clock.now(), delayMs), () => {
      this.#waits.delete(cancel);
      action();
    });
    const cancel = (): void => {
      this.#waits.delete(cancel);
      cancelTimer();
    };
    this.#waits.add(cancel);
    return cancel;
  }

  #stop(): void {
    this.#over = true;
    for (const cancel of this.#waits) cancel();
    for (const unfollow of this.#follows.values()) unfollow();
    this.#follows.clear();
  }
}
