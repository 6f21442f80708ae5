import { type IdleLimit, LEAST_IDLE_LIMIT_MS } from '../../../shared/pool.ts';

/** Closes that came together are one event: a restart of the venue ends young and old sockets at once. */
const TOGETHER_MS = 1_000;
const LOOKED_AT = 3;

/** The life of a socket up to now, or to its end, ms: since its last answer, and since it was opened. */
export interface SocketLife {
  readonly idleMs: number;
  readonly ageMs: number;
}

/** What is known of how long a venue lets a socket be idle. All times are milliseconds. */
export interface IdleKnowledge {
  /** Sockets as the venue closed them, the newest last; at most the last three count. */
  readonly lived: readonly SocketLife[];
  /** The age at which it closes sockets however short they were idle; `null` while none is known. */
  readonly closesAtMs: number | null;
  /** All such closes so far. */
  readonly closes: number;
  /** The engine's clock at the last of them. */
  readonly lastCloseAt: number;
  /** `Keep-Alive: timeout=n` of its last answer. */
  readonly announcedMs: number | null;
}

export const NOTHING_KNOWN: IdleKnowledge = {
  lived: [],
  closesAtMs: null,
  closes: 0,
  lastCloseAt: Number.NEGATIVE_INFINITY,
  announcedMs: null,
};

/** The venue closed an idle socket. */
export function afterIdleClose(known: IdleKnowledge, closed: SocketLife, at: number): IdleKnowledge {
  const last = at - known.lastCloseAt < TOGETHER_MS ? known.lived.at(-1) : undefined;
  const before = last === undefined ? known.lived : known.lived.slice(0, -1);
  const longest = last !== undefined && last.idleMs > closed.idleMs ? last : closed;
  const sameAge = before.find(({ idleMs, ageMs }) => isNear(ageMs, longest.ageMs) && !isNear(idleMs, longest.idleMs));
  const closesAtMs = sameAge === undefined ? known.closesAtMs : Math.min(sameAge.ageMs, longest.ageMs);
  // Until it was closed it lived.
  const { lived } = outlived({ ...known, lived: before, closesAtMs }, longest.idleMs);
  return {
    ...known,
    lived: [...lived, longest].slice(-LOOKED_AT),
    closesAtMs,
    closes: known.closes + 1,
    lastCloseAt: at,
  };
}

/** A socket was not closed: what says otherwise is not true any more. */
export function afterIdleSurvival(known: IdleKnowledge, { idleMs, ageMs }: SocketLife): IdleKnowledge {
  const { closesAtMs } = known;
  const ofOldAge = closesAtMs !== null && ageMs > closesAtMs && !isNear(ageMs, closesAtMs);
  if (!ofOldAge) return outlived(known, idleMs);
  const lived = known.lived.filter((closed) => !isOfAge(known, closed));
  return outlived({ ...known, lived, closesAtMs: null }, idleMs);
}

/** It closes sockets at that age, whatever was asked on them. */
export const isOfAge = ({ closesAtMs }: IdleKnowledge, { ageMs }: SocketLife): boolean =>
  closesAtMs !== null && isNear(ageMs, closesAtMs);

/** Why the limit is none to keep a socket ready by; `null` where it is long enough, or the user's own. */
export function whyTooShort({ ms, source }: IdleLimit): string | null {
  if (source === 'setting' || ms >= LEAST_IDLE_LIMIT_MS) return null;
  return `the venue keeps an idle socket for ${Number((ms / 1000).toFixed(1))} s only: none can be kept ready`;
}

function outlived(known: IdleKnowledge, byMs: number): IdleKnowledge {
  const lived = known.lived.filter(({ idleMs }) => idleMs >= byMs || isNear(idleMs, byMs));
  return lived.length === known.lived.length ? known : { ...known, lived };
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
function learnedMs(known: IdleKnowledge): number | null {
  const idle = known.lived.filter((closed) => !isOfAge(known, closed)).map(({ idleMs }) => idleMs);
  for (let newer = idle.length - 1; newer > 0; newer -= 1) {
    for (let older = newer - 1; older >= 0; older -= 1) {
      const [a, b] = [idle[newer] ?? 0, idle[older] ?? 0];
      if (isNear(a, b)) return Math.min(a, b);
    }
  }
  return null;
}

/** Within a tenth, or a second. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(TOGETHER_MS, Math.min(a, b) / 10);
