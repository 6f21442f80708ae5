import { after } from '../../shared/units.ts';
import type { Cancel, Clock } from '../engine/ports.ts';
import type { DemoFeed, OnTick } from './feed.ts';
import { DelayLine, type LatencyModel } from './latency.ts';
import { SILENCE_LIMIT_MS } from './venue.ts';

/** One client's connection: what WebSockets and TCP lines have in common. Nothing here throws after its end. */
export interface GuestWire {
  send(text: string): void;
  /** Ends the connection in the wire's own way, with the reason if it can carry one. */
  end(code: number, reason: string): void;
  /** Ends it at once and without a word. */
  cut(): void;
  /** Stops reading, until `resume`. */
  pause(): void;
  resume(): void;
  onClose(listener: () => void): void;
}

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
  #frozen = false;
  #over = false;

  constructor(wire: GuestWire, feed: DemoFeed, latency: LatencyModel, clock: Clock, random: () => number) {
    this.#wire = wire;
    this.#feed = feed;
    this.#clock = clock;
    this.#line = new DelayLine(latency, random);
    wire.onClose(() => this.#stop());
    this.heard();
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  begin(talk: Talk): void {
    this.#talk = talk;
  }

  /** The client said something; what has no text (a pong frame) is only `heard`. */
  message(text: string): void {
    this.heard();
    this.#talk?.hear(text);
  }

  heard(): void {
    this.#silence();
    this.#silence = this.#at(SILENCE_LIMIT_MS, () => {
      if (!this.#frozen) this.end(4001, `silent for ${SILENCE_LIMIT_MS / 1000} s`);
    });
  }

  send(text: string): void {
    if (!this.#frozen) this.#wire.send(text);
  }

  /** Answers after the latency of this address, never before an earlier answer. */
  later(answer: () => void): void {
    const now = this.#clock.now();
    this.#at(this.#line.dueAt(now) - now, () => {
      if (!this.#frozen) answer();
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
    this.#follows.set(`${channel}:${symbol}`, this.#feed.follow(channel, symbol, onTick));
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

  /** Holds the connection open and neither reads nor writes, until `thaw`. */
  freeze(): void {
    this.#frozen = true;
    this.#wire.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#wire.resume();
    this.heard();
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
