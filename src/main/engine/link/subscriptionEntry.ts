import { type LinkSubscription, RAW_CHANNEL } from '../../../shared/engineConfig.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import type { MonoMs } from '../../../shared/units.ts';

/** What one socket was told of one subscription, and what came of it. */
export interface Entry {
  readonly subscription: LinkSubscription;
  status: SubscriptionView['status'];
  /** Of every try: an ack of any of them is an ack. */
  readonly ids: string[];
  /** Since when it has that status; `null` before it was sent. */
  since: MonoMs | null;
  /** Of its last try; `null` while that waits for its place in the venue's budget. */
  sentAt: MonoMs | null;
  /** When it was first sent on this socket; before that, since when it is wanted. */
  askedAt: MonoMs;
  tries: number;
  /** How many its last message was for; and for how many the next one may be: half of those with which it was refused. */
  sentWith: number;
  most: number;
}

/** Two raw messages may share the start that is their name. */
export function identityOf({ name, subscribe }: LinkSubscription): string {
  return `${name}\0${subscribe}`;
}

export function unsent(subscription: LinkSubscription, now: MonoMs): Entry {
  return {
    subscription,
    status: 'unsent',
    ids: [],
    since: null,
    sentAt: null,
    askedAt: now,
    tries: 0,
    sentWith: 1,
    most: ANY,
  };
}

/** One that was given up may still come. */
export function isAwaited({ status }: Entry): boolean {
  return status === 'sent' || status === 'never-acked';
}

/** One of those that go in one message. */
export function isListed({ subscription }: Entry): boolean {
  return !isRaw(subscription);
}

/** As many as the preset has room for. */
export const ANY = Number.POSITIVE_INFINITY;

export const piecesOf = (entries: readonly Entry[]): readonly string[] =>
  entries.map(({ subscription }) => subscription.subscribe);

/** A message that is sent as it stands has no template, and so no ack that could be told. */
export function isRaw(subscription: LinkSubscription): boolean {
  return subscription.channel === RAW_CHANNEL;
}
