import type { LinkConfig } from '../../shared/engineConfig.ts';
import { LINE_PRESET, PLAIN_PRESET } from '../../shared/preset.ts';
import type { MonoMs } from '../../shared/units.ts';
import type { Compared, EndEvidence } from '../../shared/verdict/endEvidence.ts';
import type { OpenEvidence } from '../../shared/verdict/openVerdict.ts';

/** What one link knows about its own end. `dialledMs`: since it was dialled, whether it opened or not. */
export type EndClues = { readonly dialledMs: number } & Pick<
  EndEvidence,
  | 'reason'
  | 'livedMs'
  | 'closeClass'
  | 'lastAnswerMs'
  | 'lagGrowthMs'
  | 'foreignPongs'
  | 'unansweredPings'
  | 'sentLastSec'
  | 'heartbeatMissedMs'
  | 'pongs'
  | 'refused403'
  | 'neverSubscribed'
>;

/** What one link shows while it is open, without what others show. */
export type OpenClues = Omit<
  OpenEvidence,
  'sameVenue' | 'otherVenues' | 'stalledMs' | 'heartbeatMissedBefore' | 'memoryPressure'
> & {
  /** Its last data came so long ago; `null` before any, and while none are expected. */
  readonly dataAgeMs: number | null;
};

/** Where a venue is: that one inside this program, or on this machine, is reached says nothing of any network. */
export type Stands = 'inside' | 'on this machine' | 'elsewhere';

/** Whose end is explained. */
export type Subject = Pick<LinkConfig, 'preset' | 'demo' | 'dialUrl'>;

const NOBODYS: ReadonlySet<string> = new Set([PLAIN_PRESET.venue, LINE_PRESET.venue]);

/** Where a link goes: to which venue, and where that stands. */
export interface Goal {
  readonly venue: string;
  readonly stands: Stands;
}

/** Of each link it is asked again and again, and its settings seldom change. */
const KNOWN = new WeakMap<object, Goal>();

export function goalOf(subject: Subject): Goal {
  const goal = KNOWN.get(subject) ?? made(subject);
  KNOWN.set(subject, goal);
  return goal;
}

/** Without a preset nobody has said whose address it is: each host is a venue. */
function made({ preset, demo, dialUrl }: Subject): Goal {
  const host = URL.canParse(dialUrl) ? new URL(dialUrl).hostname : dialUrl;
  const venue = NOBODYS.has(preset.venue) ? host : preset.venue;
  return { venue, stands: demo ? 'inside' : LOOPBACK.test(host) ? 'on this machine' : 'elsewhere' };
}

/** As `URL` writes a host, also of schemes it does not know. */
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|(.+\.)?localhost\.?)$/i;

/** One link as the inquiry sees it. */
export interface Witness {
  readonly name: string;
  readonly venue: string;
  readonly enabled: boolean;
  readonly stands: Stands;
  /** Since when its socket is open; `null` without one. */
  readonly openedAt: MonoMs | null;
  /** When anything came on it last. */
  readonly heardAt: MonoMs | null;
  /** It is down and dials again by itself, now or later. */
  readonly tries: boolean;
  /** `null` unless it is up or suspect. */
  readonly open: OpenClues | null;
}

/** What the other links say of one that was lost. */
export type Others = Pick<EndEvidence, 'sameVenue' | 'otherVenues'>;

/** A link that one which was lost is compared with, and whether it was lost alike. */
export interface Other {
  readonly witness: Witness;
  readonly lost: boolean;
}

export function othersOf(others: readonly Other[], venue: string | undefined): Others {
  const count = (some: readonly Other[]): Compared => ({
    links: some.length,
    lost: some.filter(({ lost }) => lost).length,
    flowing: some.filter(({ witness }) => isFlowing(witness.open)).length,
    lagging: some.filter(({ witness }) => isLagging(witness.open)).length,
  });
  return {
    sameVenue: count(others.filter(({ witness }) => witness.venue === venue)),
    otherVenues: count(others.filter(({ witness }) => witness.venue !== venue)),
  };
}

export function isFlowing(open: OpenClues | null): boolean {
  return open !== null && open.dataAgeMs !== null && open.dataAgeMs <= open.dataNoticeMs;
}

/** Its socket was open at that moment, and has been heard since: what this machine did then has not hurt it. */
export function hasOutlived({ openedAt, heardAt }: Witness, moment: MonoMs): boolean {
  return openedAt !== null && openedAt <= moment && heardAt !== null && heardAt > moment;
}

/** Its messages are so much older than usual that this machine may be the reason. */
export function isLagging(open: OpenClues | null): boolean {
  return open !== null && open.lagGrowthMs > 1000;
}

/** How many open links there are of a kind, and what they show. */
export class Tally implements Compared {
  links = 0;
  readonly lost = 0;
  flowing = 0;
  lagging = 0;
  /** What a verdict on one of them depends on beside itself. */
  around = '';

  add(open: OpenClues): this {
    this.links += 1;
    if (isFlowing(open)) this.flowing += 1;
    if (isLagging(open)) this.lagging += 1;
    return this;
  }

  without(some: Tally): Compared {
    const { links, flowing, lagging } = this;
    return { links: links - some.links, lost: 0, flowing: flowing - some.flowing, lagging: lagging - some.lagging };
  }
}

/** The open links of each venue, and of all venues that stand alike: the others say nothing of them. */
export class Tallies {
  readonly #all = new Map<string, Tally>();

  constructor(witnesses: readonly Witness[]) {
    for (const { open, stands, venue } of witnesses) {
      if (open === null) continue;
      this.of(stands).add(open);
      this.of(stands, venue).add(open);
    }
  }

  /** Without a venue those of all. */
  of(stands: Stands, venue = ''): Tally {
    const key = `${stands} ${venue}`;
    const tally = this.#all.get(key) ?? new Tally();
    this.#all.set(key, tally);
    return tally;
  }
}
