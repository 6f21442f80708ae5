/** What a drill's timeline has a row for, in the order of a loss and a recovery. */
export const MILESTONES = [
  'suspect',
  'gate-closed',
  'dead',
  'ended',
  'promoted',
  'dial',
  'redial',
  'verdict',
  'notice',
  'replaced',
  'opened',
  'restored',
  'healthy',
  'gate-open',
  'others',
] as const;
export type Milestone = (typeof MILESTONES)[number];

/** What a time is counted from: the fault, its end, the first trouble (suspect or ended), another milestone, or the later of restore and end. */
export type Anchor = 'fault' | 'over' | 'trouble' | 'ended' | 'dial' | 'restored' | 'recovered';

/** What the settings and what was learned promise of one milestone. `why` is a clause for people. */
export type Promised =
  | { readonly kind: 'within'; readonly ms: number; readonly from: Anchor; readonly why: string }
  | { readonly kind: 'not-before'; readonly ms: number; readonly from: Anchor; readonly why: string }
  | { readonly kind: 'never'; readonly why: string }
  /** It may come or not: nobody can say. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** It has no place in this drill. */
  | { readonly kind: 'apart'; readonly why: string };

export type Promises = Readonly<Record<Milestone, Promised>>;

export const within = (ms: number, from: Anchor, why: string): Promised => ({ kind: 'within', ms, from, why });
export const never = (why: string): Promised => ({ kind: 'never', why });
export const nothing = (why: string): Promised => ({ kind: 'nothing', why });
export const apart = (why: string): Promised => ({ kind: 'apart', why });

/** What is said to happen at once: timers, two threads, loopback. */
export const AT_ONCE_MS = 100;
/** Health is judged with every snapshot, gates several times a second. */
export const JUDGED_WITHIN_MS = 1_500;

/** The same of every milestone of this link; other links are never to be disturbed. */
export const everywhere = (one: Promised): Promises => ({
  suspect: one,
  'gate-closed': one,
  dead: one,
  ended: one,
  promoted: one,
  dial: one,
  redial: one,
  verdict: one,
  notice: one,
  replaced: one,
  opened: one,
  restored: one,
  healthy: one,
  'gate-open': one,
  others: never('only this exchange is touched'),
});

/** The link lives on and nothing is to be recovered. */
export function undisturbed(why: string): Promises {
  const quiet = never(why);
  return { ...everywhere(apart(why)), suspect: quiet, dead: quiet, ended: quiet, 'gate-closed': quiet, notice: quiet };
}

/** Twice what it took last time; what took next to nothing may take a second. */
export const generousMs = (lastMs: number): number => Math.max(2 * lastMs, lastMs + 1000);

/** A length of time inside a sentence: `110 ms`, `3.3 s`. */
export const inWords = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
