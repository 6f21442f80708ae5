import { isHeldUp } from '../shared/gate.ts';
import { healthReasons } from '../shared/health.ts';
import { healthReasonText } from '../shared/healthReason.ts';
import { isAboutCredentials } from '../shared/linkState.ts';
import type { LinkView } from '../shared/linkView.ts';
import { assertNever } from '../shared/outcome.ts';
import { linksOf, type Snapshot } from '../shared/snapshot.ts';
import { unfitReasonText } from '../shared/unfitReason.ts';
import type { MonoMs } from '../shared/units.ts';
import { countdown, duration, plural, withoutNumbers } from './format.ts';
import { isPaused, isTrying, mayTrade, stateDetail, type Tone, toneOf } from './standing.ts';
import { countsOf, kindOf } from './unfitKinds.ts';

/** One link that a trade cannot rely on now, or that is not healthy: `word` stands while the cause lasts, `detail` counts. */
export interface Named {
  readonly name: string;
  readonly tone: Tone;
  readonly word: string;
  readonly detail: string;
  /** The word as it is spoken: the steps of getting a socket go round at every try, and are one there. */
  readonly spoken: string;
}

/** Rows H5 and G1 of all links in one sentence: who may trade now. Paused links are counted apart, neither fit nor unfit. */
export interface VerdictLine {
  readonly tone: Tone;
  /** `3 of 5 fit to trade, 1 paused` */
  readonly count: string;
  /** What is nobody's own doing and keeps most links from being traded over; empty else. */
  readonly shared: string;
  /** Worst first, then in the order of the settings: whatever gives the line its tone. */
  readonly named: readonly Named[];
  /** Where these are more than can be read while they change: how many of each kind, worst first. Empty else. */
  readonly kinds: readonly string[];
}

/** More links than this are counted. */
const MOST_NAMED = 3;

const made = new WeakMap<object, VerdictLine>();

/** Of one snapshot it is made once, however many ask. */
export function verdictLine(snapshot: Pick<Snapshot, 'at' | 'order' | 'links'>): VerdictLine {
  const line = made.get(snapshot) ?? makeLine(snapshot);
  made.set(snapshot, line);
  return line;
}

function makeLine({ at, order, links }: Pick<Snapshot, 'at' | 'order' | 'links'>): VerdictLine {
  const all = linksOf({ order, links });
  if (all.length === 0) return { tone: 'idle', count: 'no links yet', shared: '', named: [], kinds: [] };
  const active = all.filter((link) => !isPaused(link));
  const paused = all.length - active.length;
  if (active.length === 0) {
    return { tone: 'idle', count: `all ${plural(paused, 'link')} paused`, shared: '', named: [], kinds: [] };
  }
  const fit = active.filter(mayTrade).length;
  const wanting = active
    .filter((link) => !mayTrade(link) || toneOf(link) !== 'good')
    .map((link) => ({ link, cause: mayTrade(link) ? ailment(link) : causeOf(link, at) }));
  wanting.sort((a, b) => gravity(b.link, b.cause) - gravity(a.link, a.cause));
  const count = `${fit} of ${active.length} fit to trade${paused === 0 ? '' : `, ${paused} paused`}`;
  const named = wanting.map(({ link, cause: { word, detail } }) => ({
    name: link.name,
    tone: toneOf(link) === 'good' ? 'warn' : toneOf(link),
    word,
    detail,
    spoken: isTrying(link) ? 'not connected' : word,
  }));
  const kinds = wanting.length <= MOST_NAMED ? [] : countsOf(wanting.map(({ link }) => kindOf(link)));
  return { tone: worstTone(named), count, shared: sharedCause(active), named, kinds };
}

/** What shuts the gates of most links at once is no link's. */
function sharedCause(active: readonly LinkView[]): string {
  const heldUp = active.filter(({ gate }) => isHeldUp(gate));
  if (active.length < 2 || heldUp.length * 2 <= active.length) return '';
  const still = heldUp.some(({ gate }) => gate.kind === 'closed' && gate.cleanSince === null);
  return still ? 'this machine is held up' : 'this machine was held up';
}

/** Green only when every link is both healthy and fit; a healthy link that is being measured is a warning. */
function worstTone(named: readonly Named[]): Tone {
  if (named.some(({ tone }) => tone === 'bad')) return 'bad';
  return named.length > 0 ? 'warn' : 'good';
}

export const namedText = ({ name, word, detail }: Named): string =>
  `${name} ${word}${detail === '' ? '' : ` ${detail}`}`;

/** The line as text: `3 of 5 fit to trade: a quiet 42 s, b suspect`, or `27 of 56 fit to trade: 12 down, 8 slow`. */
export const verdictText = (line: VerdictLine): string => listText(line, line.named.map(namedText));

function listText({ count, shared, kinds }: VerdictLine, named: readonly string[]): string {
  const list = (kinds.length > 0 ? kinds : named).join(', ');
  return [count, shared, list].filter((part) => part !== '').join(': ');
}

interface Cause {
  readonly word: string;
  readonly detail: string;
  readonly rank: number;
}

/** None of the steps of getting a socket is worse than another: links that go through them keep their order. */
const TRYING = 7;

function causeOf(link: LinkView, now: MonoMs): Cause {
  const { state } = link;
  switch (state.kind) {
    case 'failed':
      return isAboutCredentials(state.reason)
        ? { word: 'stopped: credentials', detail: '', rank: 9 }
        : { word: 'gave up', detail: `after ${plural(state.attempts, 'attempt')}`, rank: 9 };
    case 'blocked':
      return state.until === null
        ? { word: 'breaker held open', detail: '', rank: 8 }
        : { word: 'breaker open', detail: `(next try in ${countdown(state.until - now)})`, rank: TRYING };
    case 'waiting': {
      const next = `next in ${countdown(state.until - now)}`;
      return state.reason.kind === 'queued'
        ? { word: 'waits its turn', detail: `(number ${state.reason.place} in the queue, ${next})`, rank: TRYING }
        : { word: 'reconnecting', detail: `(attempt ${state.attempt}, ${next})`, rank: TRYING };
    }
    case 'connecting':
      return { word: 'connecting', detail: `(attempt ${state.attempt}, ${stateDetail(link)})`, rank: TRYING };
    case 'suspect':
      return { word: 'suspect', detail: bracketed(stateDetail(link)), rank: 5 };
    case 'restoring':
      return { word: 'restoring', detail: stateDetail(link), rank: 4 };
    case 'closing':
      return { word: 'closing', detail: '', rank: 3 };
    case 'up':
    case 'paused':
      return trafficCause(link, now);
    default:
      return assertNever(state);
  }
}

/** It may be traded over, and is not healthy. */
function ailment({ health }: LinkView): Cause {
  const [reason] = healthReasons(health);
  return {
    word: reason === undefined ? health.level : `${health.level}: ${healthReasonText(reason)}`,
    detail: '',
    rank: 0,
  };
}

function trafficCause(link: LinkView, now: MonoMs): Cause {
  const { about, clocks, fit, gate } = link;
  if (fit.fit && gate.kind === 'closed') {
    const [first] = gate.reasons;
    return gate.opensAt === null
      ? { word: first === undefined ? 'gate closed' : unfitReasonText(first), detail: '', rank: 2 }
      : { word: 'gate opening', detail: `in ${countdown(gate.opensAt - now)}`, rank: 1 };
  }
  const { dataAt } = clocks;
  if (about.expectsData && dataAt === null) return { word: 'has no data yet', detail: '', rank: 3 };
  if (about.expectsData && dataAt !== null && now - dataAt > about.dataNoticeMs) {
    return { word: 'quiet', detail: duration(now - dataAt), rank: 3 };
  }
  const [first] = fit.fit ? [] : fit.reasons;
  if (first?.kind !== 'measuring')
    return { word: first === undefined ? 'not fit' : unfitReasonText(first), detail: '', rank: 2 };
  // That it is measured anew is the least of what is wrong with it.
  return toneOf(link) === 'bad'
    ? { ...ailment(link), rank: 1 }
    : { word: 'measuring', detail: `${first.pings}/${first.of}`, rank: 1 };
}

const gravity = (link: LinkView, { rank }: Cause): number => (toneOf(link) === 'bad' ? 10 : 0) + rank;

const bracketed = (text: string): string => (text === '' ? '' : `(${text})`);

/** What a screen reader was told last, and of which set of links and causes. */
export interface Spoken {
  readonly key: string;
  readonly text: string;
  readonly at: number;
}

/** Speech takes seconds: what changes faster is told when it has come to rest, as it is then. */
const QUIET_MS = 5000;

/** Says the line anew only when it would name others, or for another cause, or count others; numbers that count on say nothing. */
export function nextSpoken(held: Spoken | null, line: VerdictLine, nowMs: number): Spoken {
  if (held !== null && isSoonAfter(held.at, nowMs)) return held;
  const { count, shared, named, kinds } = line;
  const causes =
    kinds.length > 0 ? kinds.map(withoutNumbers) : named.map(({ name, spoken }) => [name, withoutNumbers(spoken)]);
  const key = JSON.stringify([count, shared, named.length, causes]);
  if (held?.key === key) return held;
  const text = listText(
    line,
    named.map(({ name, spoken }) => `${name} ${spoken}`),
  );
  return { key, text, at: nowMs };
}

/** A clock that was set back (another engine) is no reason to be silent. */
const isSoonAfter = (at: number, nowMs: number): boolean => nowMs >= at && nowMs - at < QUIET_MS;
