import { chartMark, type LinkEvent } from './events.ts';
import { isOpen } from './health.ts';

/** The most events of all links together. */
export const EVENTS_KEPT = 3000;
/** So many more come before they are thinned out again: that looks at all of them. */
const SPARE = 750;
/** No chart goes further back, ms. */
const CHARTED_MS = 65 * 60_000;

/**
 * What is kept of these events, oldest first; of each link the last in any case, which says how many went before it. What is
 * too old for every chart goes first; then a link that has more than its share gives up what is no part of an outage, then
 * what is oldest. So a link that dials again and again does not push out what another's chart is made of.
 */
export function keptEvents(events: readonly LinkEvent[]): readonly LinkEvent[] {
  const newest = events.at(-1);
  if (newest === undefined || events.length <= EVENTS_KEPT + SPARE) return events;
  const last = new Map(events.map((event) => [event.link, event]));
  const charted = events.filter((event) => newest.at - event.at <= CHARTED_MS || last.get(event.link) === event);
  const own = [...Map.groupBy(charted, ({ link }) => link).values()];
  const share = shareOf(own.map(({ length }) => length));
  return withSkipped(events, new Set(own.flatMap((ofLink) => thinned(ofLink, share))));
}

/** The most that each of them may keep of so many. */
function shareOf(counts: readonly number[]): number {
  let room = EVENTS_KEPT;
  let links = counts.length;
  for (const count of counts.toSorted((a, b) => a - b)) {
    if (count * links > room) return Math.max(1, Math.floor(room / links));
    room -= count;
    links -= 1;
  }
  return Number.POSITIVE_INFINITY;
}

function thinned(own: readonly LinkEvent[], share: number): readonly LinkEvent[] {
  if (own.length <= share) return own;
  const before = own.slice(0, -1);
  const wantedFirst = [...before.filter((event) => !isOfOutage(event)), ...before.filter(isOfOutage)].reverse();
  return [...own.slice(-1), ...wantedFirst.slice(0, share - 1)];
}

/** What charts draw, and what they say of it. */
function isOfOutage({ happening }: LinkEvent): boolean {
  if (happening.kind === 'verdict' || chartMark(happening) !== null) return true;
  return happening.kind === 'state' && isOpen(happening.from) !== isOpen(happening.to);
}

/** Those that stay; each says how many of its link went right before it. */
function withSkipped(events: readonly LinkEvent[], stay: ReadonlySet<LinkEvent>): readonly LinkEvent[] {
  const gone = new Map<string, number>();
  return events.flatMap((event) => {
    const { link, skipped = 0 } = event;
    const before = (gone.get(link) ?? 0) + skipped;
    if (!stay.has(event)) {
      gone.set(link, before + 1);
      return [];
    }
    gone.delete(link);
    return before === skipped ? event : { ...event, skipped: before };
  });
}

/**
 * What is known after the news, which a stream that was opened again begins with a whole of. Another engine counts from one
 * again: its events replace those of the one before.
 */
export function nextEvents(held: readonly LinkEvent[], news: readonly LinkEvent[]): readonly LinkEvent[] {
  const [first] = news;
  const last = held.at(-1);
  if (first === undefined) return held;
  if (last === undefined) return keptEvents(news);
  if (first.seq > last.seq) return keptEvents([...held, ...news]);
  const known = new Map(held.map((event) => [event.seq, event]));
  if (news.some((event) => isOfAnother(event, known.get(event.seq), last))) return keptEvents(news);
  const added = news.filter(({ seq }) => !known.has(seq));
  if (added.length === 0) return held;
  return keptEvents([...held, ...added].sort((a, b) => a.seq - b.seq));
}

/** Whether an event cannot be of the same engine's life as `last`. */
function isOfAnother(event: LinkEvent, known: LinkEvent | undefined, last: LinkEvent): boolean {
  return known === undefined ? event.seq < last.seq && event.wall > last.wall : event.wall !== known.wall;
}
