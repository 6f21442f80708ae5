import { fill } from './dialect.ts';
import type { SessionCore } from './sessionCore.ts';

export interface SubscribeMessage {
  readonly kind: 'subscribe' | 'unsubscribe';
  readonly template: string;
  /** What stands for `{all}` in the template, or in that of the preset's `batch`. */
  readonly items: readonly string[];
  /** With so many it may go in one message of `batch`, itself included. */
  readonly most: number;
  /** `id`: as acks name it; `together`: for how many it was sent. */
  readonly onSent: (id: string, together: number) => void;
  /** What it asks for may have come while it waited. */
  readonly isNeeded: () => boolean;
}

/** A message that goes alone, whatever comes meanwhile. */
export const saying = (
  kind: SubscribeMessage['kind'],
  template: string,
  items: readonly string[],
): SubscribeMessage => ({
  kind,
  template,
  items,
  most: 1,
  onSent: () => undefined,
  isNeeded: () => true,
});

/** Subscribe and unsubscribe messages of one socket, in order, each until it has its place in the venue's budget. */
export class SubscribeQueue {
  readonly #core: SessionCore;
  #messages: SubscribeMessage[] = [];
  /** The venue has yet to say that the connection can be used. */
  #awaitsReady = false;
  #gathers = false;

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
    this.#look();
  }

  /** What is added meanwhile may go together. */
  together(add: () => void): void {
    this.#gathers = true;
    add();
    this.#gathers = false;
    this.#look();
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

  #look(): void {
    if (!this.#gathers && !this.#awaitsReady && !this.#core.timers.isArmed('send')) this.#sendNext();
  }

  #sendNext(): void {
    this.#messages = this.#messages.filter(({ isNeeded }) => isNeeded());
    for (let [next] = this.#messages; next !== undefined; [next] = this.#messages) {
      if (!this.#core.turns.take('send', () => this.#sendNext())) return;
      const together = this.#messages.splice(0, this.#howMany(next));
      const { batch } = this.#core.dialect.preset;
      const template = together.length === 1 || batch === undefined ? next.template : batch[next.kind];
      const id = String(this.#core.nextId());
      this.#core.outbox.say(next.kind, this.#filled(template, id, together));
      for (const { onSent } of together) {
        onSent(template.includes('"{id}"') ? `"${id}"` : id, together.length);
      }
    }
  }

  /** Those at the head that go in one message: of one kind, so that their order stays. */
  #howMany({ kind }: SubscribeMessage): number {
    let most = this.#core.dialect.preset.batch?.most ?? 1;
    let count = 0;
    for (const message of this.#messages) {
      most = Math.min(most, message.most);
      if (message.kind !== kind || count >= most) break;
      count += 1;
    }
    return Math.max(1, count);
  }

  #filled(template: string, id: string, together: readonly SubscribeMessage[]): string {
    const wall = this.#core.clock.wall();
    const all = together.flatMap(({ items }) => items).map((item) => fill(item, { id }));
    return fill(template, {
      id,
      all: all.join(','),
      now_ms: String(Math.round(wall)),
      now_s: String(Math.floor(wall / 1000)),
    });
  }
}
