import { counted } from './counted.ts';
import type { MonoMs } from './units.ts';

/** What the message numbers of one subscription showed on this socket. */
export interface SequenceCounts {
  readonly gaps: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly reordered: number;
  readonly resets: number;
}

export interface SubscriptionView {
  readonly name: string;
  readonly status: 'unsent' | 'sent' | 'acked' | 'never-acked' | 'refused';
  /** Since when it has that status; `null` before it was sent. */
  readonly since: MonoMs | null;
  /** Its last data on this socket; `null`: none yet, or nobody can say. */
  readonly dataAt: MonoMs | null;
  /** Whether its frames can be told from those of others: else there is no `dataAt`. */
  readonly told: boolean;
  /** Without data for too long, it was subscribed anew. */
  readonly retried: boolean;
  /** Row L15; `null` where its numbers are not watched. */
  readonly sequence: SequenceCounts | null;
}

/** So many are named in a sentence. */
const NAMED = 3;

/** Those that a sentence names. */
export const firstNames = (names: readonly string[]): readonly string[] => names.slice(0, NAMED);

/** Their names in a sentence, the first few. `count`: how many they are, where `names` are the first of them only. */
export function namesText(names: readonly string[], count = names.length): string {
  const first = firstNames(names);
  const more = count - first.length;
  return first.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Subscriptions that the venue does not serve: the first of their names, and how many of the wanted ones they are. */
export interface NotInForce {
  readonly kind: 'not-in-force';
  readonly names: readonly string[];
  readonly count: number;
  readonly wanted: number;
}

export const notInForce = (names: readonly string[], wanted: number): NotInForce => ({
  kind: 'not-in-force',
  names: firstNames(names),
  count: names.length,
  wanted,
});

export const notInForceText = ({ names, count, wanted }: NotInForce): string =>
  `${count} of ${counted(wanted, 'subscription')} not in force: ${namesText(names, count)}`;

/** What the venue lets us send, and how much of it is used now. */
export interface BudgetView {
  readonly used: number;
  readonly limit: number;
  /** The limit holds for any time of this length, ms; a margin is in it. */
  readonly windowMs: number;
  /** All links to the venue use it together. */
  readonly shared: boolean;
}
