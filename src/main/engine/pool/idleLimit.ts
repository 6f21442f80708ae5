import type { IdleLimit } from '../../../shared/pool.ts';

/** Closes that came together are one event: a restart of the venue ends young and old sockets at once. */
const TOGETHER_MS = 1_000;
const LOOKED_AT = 3;

/** What is known of how long a venue lets a socket be idle. All times are milliseconds. */
export interface IdleKnowledge {
  /** Idle times at which the venue closed sockets, the newest last; at most the last three count. */
  readonly lived: readonly number[];
  /** All such closes so far. */
  readonly closes: number;
  /** The engine's clock at the last of them. */
  readonly lastCloseAt: number;
  /** `Keep-Alive: timeout=n` of its last answer. */
  readonly announcedMs: number | null;
}

export const NOTHING_KNOWN: IdleKnowledge = {
  lived: [],
  closes: 0,
  lastCloseAt: Number.NEGATIVE_INFINITY,
  announcedMs: null,
};

/** The venue closed a socket that had been idle for `idleMs`. */
export function afterIdleClose(known: IdleKnowledge, idleMs: number, at: number): IdleKnowledge {
  const together = at - known.lastCloseAt < TOGETHER_MS;
  const before = together ? known.lived.slice(0, -1) : known.lived;
  const longest = together ? Math.max(idleMs, known.lived.at(-1) ?? 0) : idleMs;
  return { ...known, lived: [...before, longest].slice(-LOOKED_AT), closes: known.closes + 1, lastCloseAt: at };
}

/** A socket has been idle for `idleMs` and was not closed: what says otherwise is not true any more. */
export function afterIdleSurvival(known: IdleKnowledge, idleMs: number): IdleKnowledge {
  const learned = learnedMs(known);
  return learned === null || idleMs <= learned + toleranceMs(learned) ? known : { ...known, lived: [] };
}

/** The header of an answer; `null` takes back what an earlier one announced. */
export function afterAnnouncement(known: IdleKnowledge, header: string | undefined): IdleKnowledge {
  const secs = /(?:^|[,;\s])timeout\s*=\s*"?(\d+)/i.exec(header ?? '')?.[1];
  const announcedMs = secs === undefined ? null : Number(secs) * 1000;
  return announcedMs === known.announcedMs ? known : { ...known, announcedMs };
}

/** The shortest of the setting, the announced and the learned limit: the longest that a socket is trusted idle. */
export function idleLimit(known: IdleKnowledge, settingMs: number): IdleLimit {
  const learned = learnedMs(known);
  const { announcedMs, closes } = known;
  let limit: IdleLimit = { ms: settingMs, source: 'setting', closes };
  if (announcedMs !== null && announcedMs < limit.ms) limit = { ms: announcedMs, source: 'announced', closes };
  if (learned !== null && learned < limit.ms) limit = { ms: learned, source: 'learned', closes };
  return limit;
}

/**
 * How long before its limit a socket is refreshed and no longer given to requests: a tenth of the limit, at least half a
 * second and two round trips, at most half of the limit.
 */
export function safetyMs(limitMs: number, rttMs: number | null): number {
  return Math.min(limitMs / 2, Math.max(limitMs / 10, 500 + 2 * (rttMs ?? 0)));
}

/** Two of the last three closes agree: the shorter of the two, of the newest such pair. One odd close changes nothing. */
function learnedMs({ lived }: IdleKnowledge): number | null {
  for (let newer = lived.length - 1; newer > 0; newer -= 1) {
    for (let older = newer - 1; older >= 0; older -= 1) {
      const [a, b] = [lived[newer] ?? 0, lived[older] ?? 0];
      if (Math.abs(a - b) <= toleranceMs(Math.min(a, b))) return Math.min(a, b);
    }
  }
  return null;
}

const toleranceMs = (ms: number): number => Math.max(TOGETHER_MS, ms / 10);
