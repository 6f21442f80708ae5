import type { LinkSubscription } from '../../../shared/engineConfig.ts';
import { type SubscribeQueue, saying } from './subscribeQueue.ts';
import { ANY } from './subscriptionEntry.ts';

/** So many messages are remembered: a venue may answer none of them. */
const KEPT = 20;

/** What one socket was told to bring no more. Of several that are refused together one was not held: they are said by halves. */
export class Unsubscribes {
  readonly #queue: SubscribeQueue;
  /** By the ids of their messages; only of those for several. */
  readonly #sent = new Map<string, LinkSubscription[]>();

  constructor(queue: SubscribeQueue) {
    this.#queue = queue;
  }

  say(subscription: LinkSubscription, most = ANY): void {
    const { unsubscribe, item } = subscription;
    if (unsubscribe === null) return;
    const message = saying('unsubscribe', unsubscribe, item === undefined ? [] : [item]);
    const onSent = (id: string, together: number): void => {
      if (together > 1) this.#keep(id, subscription);
    };
    this.#queue.add({ ...message, most: item === undefined ? 1 : most, onSent });
  }

  acked(id: string): void {
    this.#sent.delete(id);
  }

  /** True if it was such a message. What is wanted again meanwhile stays. */
  refused(id: string, isWanted: (subscription: LinkSubscription) => boolean): boolean {
    const refused = this.#sent.get(id);
    if (refused === undefined) return false;
    this.#sent.delete(id);
    const most = Math.ceil(refused.length / 2);
    this.#queue.together(() => {
      for (const subscription of refused) if (!isWanted(subscription)) this.say(subscription, most);
    });
    return true;
  }

  #keep(id: string, subscription: LinkSubscription): void {
    const together = this.#sent.get(id);
    if (together !== undefined) return void together.push(subscription);
    this.#sent.set(id, [subscription]);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > KEPT && oldest !== undefined) this.#sent.delete(oldest);
  }
}
