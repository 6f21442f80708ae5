import type { LinkEvent } from '../../shared/events.ts';
import { isOpen } from '../../shared/health.ts';
import type { LinkStateKind } from '../../shared/linkState.ts';

/** A stretch without an open socket; `toMs` is `null` while it goes on. */
export interface Away {
  readonly fromMs: number;
  readonly toMs: number | null;
  /** A person paused it, and nothing failed until it was back. */
  readonly paused: boolean;
}

const NONE: readonly Away[] = [];
/** Charts ask for a dozen links every second, and the events seldom change. */
const KNOWN = new WeakMap<readonly LinkEvent[], ReadonlyMap<string, readonly Away[]>>();

/** When a link had no open socket, as far as its events go back, oldest first. */
export function awayOf(events: readonly LinkEvent[], link: string): readonly Away[] {
  const known = KNOWN.get(events);
  if (known !== undefined) return known.get(link) ?? NONE;
  KNOWN.set(events, allAway(events));
  return awayOf(events, link);
}

/** Since when all events of these links are kept, where earlier ones of one of them are not; `null`: none is missing. */
export function keptSince(events: readonly LinkEvent[], links: ReadonlySet<string>): number | null {
  const found = new Set<string>();
  let since: number | null = null;
  for (const { link, wall, skipped = 0 } of events) {
    if (found.size === links.size) break;
    if (!links.has(link) || found.has(link)) continue;
    found.add(link);
    if (skipped > 0) since = Math.max(since ?? wall, wall);
  }
  return since;
}

const PAUSING: ReadonlySet<LinkStateKind> = new Set(['closing', 'paused']);
const FAILING: ReadonlySet<LinkStateKind> = new Set(['waiting', 'blocked', 'failed']);

function allAway(events: readonly LinkEvent[]): ReadonlyMap<string, readonly Away[]> {
  const all = new Map<string, Away[]>();
  for (const { link, wall, happening } of events) {
    if (happening.kind !== 'state') continue;
    const away = all.get(link) ?? [];
    all.set(link, away);
    const current = away.at(-1);
    const goesOn = current !== undefined && current.toMs === null;
    if (isOpen(happening.to)) {
      if (goesOn) away[away.length - 1] = { ...current, toMs: wall };
    } else if (goesOn) {
      if (current.paused && FAILING.has(happening.to.kind)) away[away.length - 1] = { ...current, paused: false };
    } else if (isOpen(happening.from)) away.push({ fromMs: wall, toMs: null, paused: PAUSING.has(happening.to.kind) });
  }
  return all;
}
