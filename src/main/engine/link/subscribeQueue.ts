import type { SessionCore } from './sessionCore.ts';

export interface SubscribeMessage {
  readonly kind: 'subscribe' | 'unsubscribe';
  readonly text: string;
  readonly onSent: () => void;
  /** What it asks for may have come while it waited. */
  readonly isNeeded: () => boolean;
}

/** Subscribe and unsubscribe messages of one socket, in order, each until it has its place in the venue's budget. */
export class SubscribeQueue {
  readonly #core: SessionCore;
  readonly #messages: SubscribeMessage[] = [];
  /** The venue has yet to say that the connection can be used. */
  #awaitsReady = false;

  constructor(core: SessionCore) {
    this.#core = core;
  }

  /** Call once when the socket is open. A venue that says nothing is believed to be ready after the time of an ack. */
  start(): void {
    if (this.#core.dialect.preset.ready === undefined) return;
    this.#awaitsReady = true;
    this.#core.timers.arm('ready', this.#core.policy.ackTimeoutMs, () => this.#begin());
  }

  add(message: SubscribeMessage): void {
    this.#messages.push(message);
    if (!this.#awaitsReady && !this.#core.timers.isArmed('send')) this.#sendNext();
  }

  /** The venue greets: perhaps with the frame that was waited for. */
  greeted(frame: Buffer): void {
    const { ready } = this.#core.dialect.preset;
    if (this.#awaitsReady && ready !== undefined && frame.includes(ready)) this.#begin();
  }

  #begin(): void {
    this.#awaitsReady = false;
    this.#core.timers.disarm('ready');
    this.#sendNext();
  }

  #sendNext(): void {
    for (let next = this.#messages[0]; next !== undefined; next = this.#messages[0]) {
      if (!next.isNeeded()) {
        this.#messages.shift();
        continue;
      }
      if (!this.#core.turns.take('send', () => this.#sendNext())) return;
      this.#messages.shift();
      this.#core.outbox.say(next.kind, next.text);
      next.onSent();
    }
  }
}
