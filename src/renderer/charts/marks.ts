import { CHART_MARKS, type ChartMarkKind, chartMark, eventText, type LinkEvent } from '../../shared/events.ts';
import { verdictText } from '../../shared/verdict/verdict.ts';
import { duration } from '../format.ts';
import { type Away, awayOf } from './outages.ts';
import type { Span } from './timeScope.ts';

/** Something that happened to a link, and what a person would ask about it. */
export interface Mark {
  readonly seq: number;
  readonly t: number;
  readonly kind: ChartMarkKind;
  readonly link: string;
  readonly generation: number;
  readonly text: string;
  /** What probably happened, once that is known. */
  readonly verdict: string | null;
  /** For how long there was no open socket: `away 12.3 s`; `null` where that is no question. */
  readonly away: string | null;
}

/** Marks so close to each other that they share a place. */
export interface MarkGroup {
  readonly x: number;
  /** That of the gravest. */
  readonly kind: ChartMarkKind;
  /** Whose they are; `null` where they are of several links: its colour would blame one for another's. */
  readonly link: string | null;
  /** Oldest first. */
  readonly marks: readonly Mark[];
}

/** A verdict comes once it is known who else was lost; one that comes later belongs to something else. */
const VERDICT_WITHIN_MS = 15_000;
/** The event of a lost socket and that of the state it led to are told one after the other. */
const SAME_MOMENT_MS = 1_000;

/** A chart asks every second, and the events seldom change. */
const KNOWN = new WeakMap<readonly LinkEvent[], readonly Mark[]>();

/** The marks of some links in a stretch of time, oldest first. */
export function marksOf(events: readonly LinkEvent[], links: ReadonlySet<string>, span: Span): readonly Mark[] {
  const all = KNOWN.get(events) ?? allMarks(events);
  KNOWN.set(events, all);
  return all.filter(({ t, link }) => t > span.fromMs && t <= span.toMs && links.has(link));
}

function allMarks(events: readonly LinkEvent[]): readonly Mark[] {
  return events.flatMap((event, at) => {
    const { seq, wall: t, link, generation, happening } = event;
    const kind = chartMark(happening);
    if (kind === null) return [];
    const verdict = kind === 'lost' || kind === 'suspect' ? verdictAfter(events, at) : null;
    const mark = {
      seq,
      t,
      kind,
      link,
      generation,
      text: eventText(happening),
      verdict,
      away: awayText(kind, t, awayOf(events, link)),
    };
    return [mark];
  });
}

/** Puts marks into one group that would lie under it: its width in pixels is that of a mark and of how many it stands for. */
export function groupMarks(
  marks: readonly Mark[],
  xOf: (t: number) => number,
  widthOf: (marks: number) => number,
): readonly MarkGroup[] {
  const groups: { x: number; kind: ChartMarkKind; link: string | null; marks: Mark[] }[] = [];
  for (const mark of marks.toSorted((a, b) => a.t - b.t || a.seq - b.seq)) {
    const x = xOf(mark.t);
    const group = groups.at(-1);
    if (group === undefined || x - group.x > widthOf(group.marks.length)) {
      groups.push({ x, kind: mark.kind, link: mark.link, marks: [mark] });
    } else {
      group.marks.push(mark);
      if (group.link !== mark.link) group.link = null;
      if (gravity(mark.kind) < gravity(group.kind)) group.kind = mark.kind;
    }
  }
  return groups;
}

const gravity = (kind: ChartMarkKind): number => CHART_MARKS.indexOf(kind);

function verdictAfter(events: readonly LinkEvent[], at: number): string | null {
  const event = events[at] as LinkEvent;
  for (let next = at + 1; next < events.length; next += 1) {
    const { link, wall, happening } = events[next] as LinkEvent;
    if (wall - event.wall > VERDICT_WITHIN_MS) return null;
    if (link !== event.link) continue;
    if (happening.kind === 'verdict') return verdictText(happening.verdict);
    if (chartMark(happening) === 'lost') return null;
  }
  return null;
}

function awayText(kind: ChartMarkKind, t: number, outages: readonly Away[]): string | null {
  if (kind === 'lost' || kind === 'by-hand') {
    const outage = outages.find(({ fromMs }) => fromMs >= t - SAME_MOMENT_MS && fromMs <= t + SAME_MOMENT_MS);
    if (outage === undefined) return kind === 'lost' ? 'without a gap: another socket was ready' : null;
    return outage.toMs === null ? 'still away' : `away ${duration(outage.toMs - outage.fromMs)}`;
  }
  if (kind !== 'connected') return null;
  const outage = outages.find(({ toMs }) => toMs !== null && Math.abs(toMs - t) <= SAME_MOMENT_MS);
  return outage === undefined ? null : `had been away ${duration((outage.toMs ?? t) - outage.fromMs)}`;
}
