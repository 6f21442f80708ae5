import { type LinkEvent, whyText } from './events.ts';
import type { HealthLevel } from './health.ts';
import { isOpen } from './health.ts';
import { healthText } from './healthReason.ts';
import type { Incident, IncidentEnd } from './incident.ts';
import { type LinkState, reasonText } from './linkState.ts';
import { elapsedMs, type MonoMs, type WallMs } from './units.ts';
import type { Verdict } from './verdict/verdict.ts';

/** Healthy for less than this, and what follows is the same incident. */
export const RELAPSE_MS = 10_000;
/** What had been wrong for longer than this when the socket was lost is something of its own. */
const OWN_MS = 10_000;
/** A verdict that comes this much before or after an incident is of it. */
const VERDICT_BEFORE_MS = 5_000;
const VERDICT_AFTER_MS = 10_000;
/** A link that was only just started may fail once or twice. */
const FAILURES_FROM = 3;

/** What is known of one link's incidents: everything that the next event is read by. */
export interface IncidentTrack {
  readonly state: LinkState | null;
  /** As it was told last; `null` before it was healthy for the first time since the start, or since a pause. */
  readonly level: HealthLevel | null;
  /** The number of the socket that was in use last. */
  readonly generation: number | null;
  /** A link begins with a closed gate, and nobody says so. */
  readonly gateIsClosed: boolean;
  /** Its failures in a row while `level` is `null`: how many, and the first of them; `null` while it is up and before one. */
  readonly failing: { readonly count: number; readonly first: LinkEvent } | null;
  /** It has been up since the start, or since a pause. */
  readonly wasUp: boolean;
  /** The one that is open, or the last one. */
  readonly incident: Incident | null;
  /** Since when, and why, it has not been healthy without a break; of the last time. */
  readonly unwell: { readonly since: MonoMs; readonly why: string } | null;
  /** A socket was lost in it: that tells more than what came before. */
  readonly lost: boolean;
  readonly way: IncidentEnd;
  readonly early: readonly { readonly verdict: Verdict; readonly at: MonoMs }[];
}

export const NEW_TRACK: IncidentTrack = {
  state: null,
  level: null,
  generation: null,
  gateIsClosed: true,
  failing: null,
  wasUp: false,
  incident: null,
  unwell: null,
  lost: false,
  way: { kind: 'recovered' },
  early: [],
};

/**
 * The track after one more event of the link.
 *
 * 1. An incident opens when a link that had been healthy is told not to be, or loses its socket, whichever is first;
 *    never by the first connect, and never by a pause, which ends an open one. Before it was healthy one opens when it
 *    gave up, or failed three times in a row: it runs from the first of them until the link is up.
 * 2. It closes when the link is up and its health, as told last, is healthy; a relapse within 10 s opens it again.
 * 3. Incidents of one link do not overlap, and each begins where the one before has ended, or later. A gate that is closed
 *    still is the new one's from its beginning on: see `toldIncidents`.
 */
export function stepIncident(track: IncidentTrack, event: LinkEvent): IncidentTrack {
  const { happening, at } = event;
  switch (happening.kind) {
    case 'state':
      return settled(moved(track, event, happening), at);
    case 'health': {
      if (track.level === null && happening.to !== 'healthy') return worse(track, happening.to);
      const told = { ...track, level: happening.to };
      if (happening.to === 'healthy') return settled(told, at);
      return worse(begun(told, event, healthText(happening.reasons)), happening.to);
    }
    case 'promoted': {
      const what = reasonText(happening.reason);
      const lost = lostBy(begun(track, event, what), what, event.at);
      return settled(using({ ...lost, way: { kind: 'promoted' } }, event.generation), event.at);
    }
    case 'replaced':
      return using(isRunning(track) ? { ...track, way: { kind: 'replaced' } } : track, event.generation);
    case 'verdict':
      return heard(track, happening.verdict, at);
    case 'gate':
      return gated(track, happening.gate.kind !== 'open', at);
    default:
      return track;
  }
}

/** The link is no more: what was open is over. */
export function removeTrack(track: IncidentTrack, by: 'settings' | 'shutdown', at: MonoMs): IncidentTrack {
  return dismissed(track, { kind: 'removed', by }, at);
}

/** What is new of one link's incidents, or has changed: a new one ends the time that the one before still had a closed gate. */
export function toldIncidents(before: IncidentTrack, { incident }: IncidentTrack): readonly Incident[] {
  if (incident === null || incident === before.incident) return [];
  const last = before.incident;
  if (last === null || last.id === incident.id || last.gateClosed.since === null) return [incident];
  const left = lapsing(before, 'gateClosed', false, incident.since).incident;
  return left === null ? [incident] : [left, incident];
}

type Move = Extract<LinkEvent['happening'], { kind: 'state' }>;

function isRunning({ incident }: IncidentTrack): boolean {
  return incident !== null && incident.closedAt === null;
}

function moved(track: IncidentTrack, event: LinkEvent, move: Move): IncidentTrack {
  const { at } = event;
  const { to } = move;
  const next = { ...track, state: to };
  if (to.kind === 'paused' || to.kind === 'closing') {
    const { early, failing, wasUp, way } = NEW_TRACK;
    return { ...dismissed(next, { kind: 'paused' }, at), level: null, early, failing, wasUp, way };
  }
  if (isOpen(to)) {
    const open = to.kind === 'up' ? { ...next, failing: null, wasUp: true } : next;
    return using(lapsing(open, 'down', false, at), event.generation);
  }
  const words = whyText(move);
  const running = track.level === null ? neverUp(next, event, to, words) : begun(next, event, words);
  const lost = lostBy(lapsing(running, 'down', true, at), words, at);
  const grave = to.kind === 'blocked' || to.kind === 'failed' ? worse(lost, 'unhealthy') : lost;
  if (to.kind !== 'connecting') return grave;
  const tried = grave.way.kind === 'reconnected' ? grave.way.attempt : 0;
  return { ...grave, way: { kind: 'reconnected', attempt: tried + 1 } };
}

/** It was not healthy yet, and another dial or socket of it has failed. */
function neverUp(track: IncidentTrack, event: LinkEvent, to: LinkState, what: string): IncidentTrack {
  if (isRunning(track) || !isFailure(to)) return track;
  const { first, count } = track.failing ?? { first: event, count: 0 };
  const failed = { ...track, failing: { first, count: count + 1 } };
  if (to.kind !== 'failed' && count + 1 < FAILURES_FROM) return failed;
  const words = track.wasUp ? what : `never came up: ${what}`;
  const opened = newIncident(failed, first, words);
  return lapsing(gated({ ...opened, lost: true }, track.gateIsClosed, first.at), 'down', true, first.at);
}

/** A dial or a socket failed; nobody has asked for it, and no turn is waited for. */
function isFailure(to: LinkState): boolean {
  return 'reason' in to && to.reason.kind !== 'queued' && to.reason.kind !== 'asked';
}

/** An incident runs from here on, unless the link was never healthy, or one runs already. */
function begun(track: IncidentTrack, event: LinkEvent, what: string): IncidentTrack {
  const { incident } = track;
  if (track.level === null) return track;
  if (isRunning(track)) return track;
  const unwell = { since: event.at, why: what };
  const fresh = { ...track, unwell, lost: false, way: { kind: 'recovered' }, early: [] } as const;
  if (incident !== null && elapsedMs(endOf(incident), event.at) < RELAPSE_MS) {
    const again = { ...incident, closedAt: null, end: null, relapses: incident.relapses + 1 };
    return gated({ ...fresh, lost: track.lost, incident: again }, track.gateIsClosed, event.at);
  }
  return gated(newIncident(fresh, event, what, track.early), track.gateIsClosed, event.at);
}

function newIncident(track: IncidentTrack, event: LinkEvent, what: string, verdicts = track.early): IncidentTrack {
  const early = verdicts.filter(({ at }) => elapsedMs(at, event.at) <= VERDICT_BEFORE_MS);
  const inUse = track.generation ?? event.generation;
  const opened: Incident = {
    id: `${Math.round(event.wall)}-${event.seq}`,
    link: event.link,
    openedAt: event.wall,
    since: event.at,
    closedAt: null,
    generations: { from: inUse, to: inUse },
    what,
    worst: 'degraded',
    verdicts: early.map(({ verdict }) => verdict),
    down: { ms: 0, since: null },
    gateClosed: { ms: 0, since: null },
    relapses: 0,
    end: null,
  };
  return { ...track, early: [], incident: opened };
}

/**
 * The loss tells more than what it began with, unless that had gone on for a while: then both are told. One reason may have
 * followed another meanwhile, and nobody is told of that: only how it began is known.
 */
function lostBy(track: IncidentTrack, what: string, at: MonoMs): IncidentTrack {
  const { unwell } = track;
  if (unwell === null || !isRunning(track) || track.lost) return track;
  const beforeMs = elapsedMs(unwell.since, at);
  const before = `not healthy for ${Math.round(beforeMs / 1000)} s before, which began with ${unwell.why}`;
  const told = beforeMs < OWN_MS ? what : `${what}; ${before}`;
  return { ...changed(track, { what: told }), lost: true };
}

/** Closes it if the link is up and well, as far as was told; before it was ever well, if it is up. */
function settled(track: IncidentTrack, at: MonoMs): IncidentTrack {
  const isUp = track.state === null || track.state.kind === 'up';
  if (!isUp || (track.level ?? 'healthy') !== 'healthy' || !isRunning(track)) return track;
  return ended(track, track.way, at);
}

function ended(track: IncidentTrack, end: IncidentEnd, at: MonoMs): IncidentTrack {
  const { incident } = track;
  if (incident === null || incident.closedAt !== null) return track;
  const closedAt = (incident.openedAt + elapsedMs(incident.since, at)) as WallMs;
  return lapsing(changed(track, { closedAt, end }), 'down', false, at);
}

/** Nobody wants the link now: neither it nor its gate is waited for any more. */
function dismissed(track: IncidentTrack, end: IncidentEnd, at: MonoMs): IncidentTrack {
  return lapsing(ended(track, end, at), 'gateClosed', false, at);
}

/** Only a running incident can begin to lapse; one that is over may still end to. */
function gated(track: IncidentTrack, closed: boolean, at: MonoMs): IncidentTrack {
  return lapsing({ ...track, gateIsClosed: closed }, 'gateClosed', closed, at);
}

function lapsing(track: IncidentTrack, what: 'down' | 'gateClosed', lapses: boolean, at: MonoMs): IncidentTrack {
  const { incident } = track;
  if (incident === null) return track;
  const { ms, since } = incident[what];
  if (lapses && since === null && isRunning(track)) return changed(track, { [what]: { ms, since: at } });
  if (lapses || since === null) return track;
  return changed(track, { [what]: { ms: ms + elapsedMs(since, at), since: null } });
}

function heard(track: IncidentTrack, verdict: Verdict, at: MonoMs): IncidentTrack {
  const { incident } = track;
  const isOfIt = incident !== null && (isRunning(track) || elapsedMs(endOf(incident), at) <= VERDICT_AFTER_MS);
  if (!isOfIt) return { ...track, early: [...track.early.slice(-3), { verdict, at }] };
  const others = incident.verdicts.filter(({ cause }) => cause !== verdict.cause);
  return changed(track, { verdicts: [...others, verdict] });
}

function worse(track: IncidentTrack, level: Incident['worst']): IncidentTrack {
  return level === 'unhealthy' && isRunning(track) ? changed(track, { worst: level }) : track;
}

/** Another socket is in use, or the same one still. */
function using(track: IncidentTrack, to: number): IncidentTrack {
  const next = { ...track, generation: to };
  const { incident } = track;
  if (incident === null || !isRunning(track) || to <= incident.generations.to) return next;
  return changed(next, { generations: { from: incident.generations.from, to } });
}

function changed(track: IncidentTrack, change: Partial<Incident>): IncidentTrack {
  return track.incident === null ? track : { ...track, incident: { ...track.incident, ...change } };
}

/** When it ended on the engine's clock; only of one that is over. */
function endOf({ since, openedAt, closedAt }: Incident): MonoMs {
  return (since + ((closedAt ?? openedAt) - openedAt)) as MonoMs;
}
