import { isHeldUp } from '../../shared/gate.ts';
import type { LinkView } from '../../shared/linkView.ts';
import type { RunningText } from '../../shared/settingsView.ts';
import { linksOf, type Snapshot } from '../../shared/snapshot.ts';
import { plural } from '../format.ts';
import { isTrying, type Tone } from '../standing.ts';
import { type Cause, causeOf } from './causes.ts';
import { countsDemo, isDegraded, kindOf, TILES, type Tile, UNFIT_KINDS, type UnfitKind } from './kinds.ts';

/** One link that may not be traded over now. */
export interface Named extends Cause {
  readonly name: string;
  /** The word as it is spoken: the steps of getting a socket go round at every try, and are one there. */
  readonly spoken: string;
}

/** Rows H5 and G1 of all links: over how many one may trade now, and what is wrong with the others. */
export interface Verdict {
  readonly tone: Tone;
  readonly links: number;
  /** Of those that are on: `on` is `fit` and the tiles of all unfit kinds together. */
  readonly fit: number;
  readonly on: number;
  readonly tiles: Readonly<Record<Tile, number>>;
  /** Demo links are what is counted: no other link is on. */
  readonly isDemo: boolean;
  /** Demo links beside those that are counted, paused ones too. */
  readonly demo: number;
  /** What is nobody's own doing and keeps most links from being traded over; empty else. */
  readonly shared: string;
  /** The worst of the unfit, at most three; of one kind in the order of the settings. */
  readonly named: readonly Named[];
}

const MOST_NAMED = 3;

const made = new WeakMap<object, Verdict>();

/** Of one snapshot it is made once, however many ask. */
export function verdictOf(snapshot: Pick<Snapshot, 'at' | 'order' | 'links'>): Verdict {
  const verdict = made.get(snapshot) ?? judged(snapshot);
  made.set(snapshot, verdict);
  return verdict;
}

function judged({ at, order, links }: Pick<Snapshot, 'at' | 'order' | 'links'>): Verdict {
  const all = linksOf({ order, links });
  const withDemo = countsDemo(all);
  const tiles = Object.fromEntries(TILES.map((tile) => [tile, 0])) as Record<Tile, number>;
  const unfit: Unfit[] = [];
  const on: LinkView[] = [];
  let demo = 0;
  for (const link of all) {
    const kind = kindOf(link, withDemo);
    if (kind === 'demo') demo += 1;
    else if (kind !== 'fit') tiles[kind] += 1;
    else if (isDegraded(link)) tiles.degraded += 1;
    if (kind === 'demo' || kind === 'paused') continue;
    on.push(link);
    if (kind !== 'fit') unfit.push({ link, kind });
  }
  unfit.sort((a, b) => rank(a) - rank(b));
  const fit = on.length - unfit.length;
  return {
    tone: toneOfAll(fit, on.length, tiles),
    links: all.length,
    fit,
    on: on.length,
    tiles,
    isDemo: withDemo && on.length > 0,
    demo,
    shared: sharedCause(on),
    named: unfit.slice(0, MOST_NAMED).map(({ link }) => named(link, causeOf(link, at))),
  };
}

interface Unfit {
  readonly link: LinkView;
  readonly kind: UnfitKind;
}

/** What a person must see to is worse than what mends itself. */
function rank({ link: { state }, kind }: Unfit): number {
  if (state.kind === 'failed') return -2;
  return state.kind === 'blocked' && state.until === null ? -1 : UNFIT_KINDS.indexOf(kind);
}

const named = (link: LinkView, cause: Cause): Named => ({
  name: link.name,
  ...cause,
  spoken: isTrying(link) ? 'not connected' : cause.word,
});

/** Green only when every link is both healthy and fit. Of those that are measured nothing bad is known. */
function toneOfAll(fit: number, on: number, tiles: Verdict['tiles']): Tone {
  const wrong = on - fit - tiles.measuring;
  if (tiles.down > 0 || (fit === 0 && wrong > 0)) return 'bad';
  if (wrong > 0 || tiles.degraded > 0) return 'warn';
  return tiles.measuring > 0 || on === 0 ? 'idle' : 'good';
}

/** With links of other settings than the file's nothing is well, however they are. */
export function toneUnder(running: RunningText | null, tone: Tone): Tone {
  if (running === null || running === 'this file') return tone;
  if (running !== 'the last good settings') return 'bad';
  return tone === 'bad' ? 'bad' : 'warn';
}

/** What shuts the gates of most links at once is no link's. */
function sharedCause(on: readonly LinkView[]): string {
  const heldUp = on.filter(({ gate }) => isHeldUp(gate));
  if (on.length < 2 || heldUp.length * 2 <= on.length) return '';
  const still = heldUp.some(({ gate }) => gate.kind === 'closed' && gate.cleanSince === null);
  return still ? 'this machine is held up' : 'this machine was held up';
}

/** `3 of 5 fit to trade, 1 paused`; `demo: 3 of 3 fit to trade`. */
export function countText({ links, fit, on, tiles, isDemo }: Verdict): string {
  if (links === 0) return 'no links yet';
  if (on === 0) return `all ${plural(tiles.paused, 'link')} paused`;
  const paused = tiles.paused === 0 ? '' : `, ${tiles.paused} paused`;
  return `${isDemo ? 'demo: ' : ''}${fit} of ${on} fit to trade${paused}`;
}

/** How many there are of each unfit kind, worst first: `12 down`, `8 slow`. */
export const kindTexts = ({ tiles }: Verdict): readonly string[] =>
  UNFIT_KINDS.flatMap((kind) => (tiles[kind] === 0 ? [] : [`${tiles[kind]} ${kind}`]));

/** Whether it names all that are not fit, or only the worst of them. */
export const namesAll = ({ fit, on, named: { length } }: Verdict): boolean => on - fit === length;

/** What the window's title has room for: the worst, and how many are fit. */
export function titleText(verdict: Verdict): string {
  const [worst] = namesAll(verdict) ? verdict.named.map(({ name, word }) => `${name} ${word}`) : kindTexts(verdict);
  const cause = verdict.shared === '' ? (worst ?? '') : verdict.shared;
  return `${cause === '' ? '' : `${cause} · `}${countText(verdict)}`;
}
