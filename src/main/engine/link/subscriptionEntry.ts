import { type LinkSubscription, RAW_CHANNEL } from '../../../shared/engineConfig.ts';
import type { SubscriptionView } from '../../../shared/subscriptionView.ts';
import type { MonoMs } from '../../../shared/units.ts';

/** What one socket was told of one subscription, and what came of it. */
export interface Entry {
  readonly subscription: LinkSubscription;
  /** As it is known: one that was refused stays so while it is asked for again. */
  status: SubscriptionView['status'];
  /** Of the last few tries since it was subscribed anew, without those refused: an ack of any of them is an ack. */
  ids: readonly string[];
  /** Since when it has that status; `null` before it was sent. */
  since: MonoMs | null;
  /** Of its last try; `null` while that waits for its place in the venue's budget. */
  sentAt: MonoMs | null;
  /** Its last message has no answer yet; one that was given up may still come. */
  awaits: boolean;
  /** Stands for its message that waits for a place; any other message of it is not sent any more. */
  waiting: object | null;
  /** Since when data of it may be expected: when it was first sent on this socket; before that, since when it is wanted. */
  askedAt: MonoMs;
  /** When it was first sent since it is to be subscribed, or to be subscribed anew: data since then are of that. */
  countsFrom: MonoMs | null;
  tries: number;
  /** How many its last message was for; and for how many the next one may be: half of those with which it was refused. */
  sentWith: number;
  most: number;
  /** While it is refused, or never acknowledged: when it is asked for again, and how often it was. */
  againAt: MonoMs | null;
  rounds: number;
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
    awaits: false,
    waiting: null,
    askedAt: now,
    countsFrom: null,
    tries: 0,
    sentWith: 1,
    most: ANY,
    againAt: null,
    rounds: 0,
  };
}

/** It was refused, or never acknowledged; only its data can say otherwise. */
export function isGivenUp({ status }: Entry): boolean {
  return status === 'refused' || status === 'never-acked';
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
