import { csvOf } from '../../shared/csv.ts';
import type { Incident, IncidentEnd, Lapse } from '../../shared/incident.ts';
import { assertNever } from '../../shared/outcome.ts';
import type { MonoMs } from '../../shared/units.ts';
import type { Cause, Verdict } from '../../shared/verdict/verdict.ts';
import { duration } from '../format.ts';

const CERTAINTY: readonly Verdict['certainty'][] = ['possible', 'likely', 'sure'];

/** Of a cut that says nothing: how a socket ended, not why. */
const HOW_ONLY: ReadonlySet<Cause> = new Set(['abnormal close', 'half-closed']);

/** What keeps a link from being dialled. */
const OF_DIALS: ReadonlySet<Cause> = new Set([
  'name resolution',
  'unreachable',
  'tls',
  'upgrade refused',
  'dial rate limit',
  'credentials refused',
]);

/**
 * What it is known by: the surest verdict, of equal ones the first; `null` while there is none. Where the dials after a cut
 * were refused, what refused them says more than the cut.
 */
export function leadingVerdict(incident: Incident): Verdict | null {
  const refused = incident.verdicts.some(({ cause }) => OF_DIALS.has(cause));
  const verdicts = refused ? incident.verdicts.filter(({ cause }) => !HOW_ONLY.has(cause)) : incident.verdicts;
  return verdicts.reduce<Verdict | null>(
    (held, next) =>
      held === null || CERTAINTY.indexOf(next.certainty) > CERTAINTY.indexOf(held.certainty) ? next : held,
    null,
  );
}

export function endText(end: IncidentEnd | null): string {
  if (end === null) return 'not over';
  switch (end.kind) {
    case 'recovered':
      return 'recovered on the same socket';
    case 'replaced':
      return 'a new socket took over';
    case 'promoted':
      return 'a socket that stood by took over';
    case 'reconnected':
      return `connected on attempt ${end.attempt}`;
    case 'paused':
      return 'paused by you';
    case 'removed':
      return end.by === 'settings' ? 'taken out of the settings' : 'Warmwire was stopped';
    default:
      return assertNever(end);
  }
}

/** How long it has lasted by `now`. */
export const lapseMs = ({ ms, since }: Lapse, now: MonoMs): number => ms + (since === null ? 0 : now - since);

/** From its opening to its end, or to `now`. */
export function lengthMs({ openedAt, closedAt, since }: Incident, now: MonoMs): number {
  return closedAt === null ? now - since : closedAt - openedAt;
}

/** It says so where it counts on: in an incident that is over that is not seen. */
export const lapseText = (lapse: Lapse, now: MonoMs): string =>
  `${duration(lapseMs(lapse, now))}${lapse.since === null ? '' : ', goes on'}`;

/** What it cost by `now`: the time with a closed gate, which goes on while a new socket is measured; else how long it lasted. */
export function headline(incident: Incident, now: MonoMs): string {
  const { gateClosed, closedAt } = incident;
  const closedMs = lapseMs(gateClosed, now);
  if (closedMs === 0) return duration(lengthMs(incident, now));
  return `no trading ${closedAt === null ? duration(closedMs) : lapseText(gateClosed, now)}`;
}

/** What a verdict rests on besides what the incident is called by. */
export const furtherEvidence = ({ what }: Incident, { evidence }: Verdict): readonly string[] =>
  evidence.filter((clause) => !what.includes(clause));

/** What is open first, then the newest. */
export function inOrder(incidents: readonly Incident[]): readonly Incident[] {
  const isOver = ({ closedAt }: Incident): number => (closedAt === null ? 0 : 1);
  return incidents.toSorted((a, b) => isOver(a) - isOver(b) || b.openedAt - a.openedAt || b.since - a.since);
}

const HEAD = [
  'link',
  'opened',
  'closed',
  'seconds',
  'what',
  'cause',
  'blame',
  'certainty',
  'evidence',
  'worst',
  'seconds_without_socket',
  'seconds_gate_closed',
  'gate_still_closed',
  'first_socket',
  'last_socket',
  'relapses',
  'ended',
] as const;

/** Oldest first, times in UTC, seconds up to `now` for what goes on. */
export function incidentsCsv(incidents: readonly Incident[], now: MonoMs): string {
  return csvOf(
    HEAD,
    incidents.map((incident) => {
      const verdict = leadingVerdict(incident);
      return [
        incident.link,
        new Date(incident.openedAt).toISOString(),
        incident.closedAt === null ? '' : new Date(incident.closedAt).toISOString(),
        seconds(lengthMs(incident, now)),
        incident.what,
        verdict?.cause ?? '',
        verdict?.blame ?? '',
        verdict?.certainty ?? '',
        incident.verdicts.flatMap(({ evidence }) => evidence).join('; '),
        incident.worst,
        seconds(lapseMs(incident.down, now)),
        seconds(lapseMs(incident.gateClosed, now)),
        incident.gateClosed.since === null ? 'no' : 'yes',
        incident.generations.from,
        incident.generations.to,
        incident.relapses,
        endText(incident.end),
      ];
    }),
  );
}

/** The same as JSON, with every verdict; clocks that mean nothing outside of this engine's life are left out. */
export function incidentsJson(incidents: readonly Incident[], now: MonoMs): string {
  const told = incidents.map(({ since: _since, down, gateClosed, openedAt, closedAt, ...rest }) => ({
    ...rest,
    openedAt: new Date(openedAt).toISOString(),
    closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
    downMs: Math.round(lapseMs(down, now)),
    gateClosedMs: Math.round(lapseMs(gateClosed, now)),
    gateStillClosed: gateClosed.since !== null,
  }));
  return `${JSON.stringify(told, null, 2)}\n`;
}

const seconds = (ms: number): number => Math.round(ms) / 1000;
