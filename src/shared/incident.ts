import type { HealthLevel } from './health.ts';
import type { MonoMs, WallMs } from './units.ts';
import type { Verdict } from './verdict/verdict.ts';

/** How an incident ended. `recovered`: on the same socket. `attempt`: its own dials, from 1. */
export type IncidentEnd =
  | { readonly kind: 'recovered' | 'replaced' | 'promoted' | 'paused' }
  | { readonly kind: 'reconnected'; readonly attempt: number }
  | { readonly kind: 'removed'; readonly by: 'settings' | 'shutdown' };

/** Time that something lasted so far, ms, and since when it goes on; `null` while it does not. */
export interface Lapse {
  readonly ms: number;
  readonly since: MonoMs | null;
}

/** A time in which a link that had been healthy was not (row S2). */
export interface Incident {
  /** Unlike that of any other incident of this engine's life. */
  readonly id: string;
  readonly link: string;
  readonly openedAt: WallMs;
  /** The same moment on the engine's clock. */
  readonly since: MonoMs;
  /** By the wall clock as it was at the opening: a clock that is set meanwhile moves no end before a beginning. */
  readonly closedAt: WallMs | null;
  /** Numbers of the first and the last socket that were in use. */
  readonly generations: { readonly from: number; readonly to: number };
  /** What broke, as a clause. */
  readonly what: string;
  readonly worst: Exclude<HealthLevel, 'healthy'>;
  /** The last of each cause. */
  readonly verdicts: readonly Verdict[];
  /** Without an open socket. */
  readonly down: Lapse;
  /** With the trading gate closed: that goes on after the link is healthy again, until the gate opens. */
  readonly gateClosed: Lapse;
  /** How often it was healthy for less than 10 s in between. */
  readonly relapses: number;
  readonly end: IncidentEnd | null;
}

/** `change`: what is new or has changed, by id. */
export interface IncidentsUpdate {
  readonly kind: 'whole' | 'change';
  readonly incidents: readonly Incident[];
}

/** The most incidents of all links that are remembered. */
export const INCIDENTS_KEPT = 200;

/** What is known after an update, in the order in which they opened. */
export function nextIncidents(held: readonly Incident[], { kind, incidents }: IncidentsUpdate): readonly Incident[] {
  if (kind === 'whole') return incidents;
  const byId = new Map(held.map((incident) => [incident.id, incident]));
  for (const incident of incidents) byId.set(incident.id, incident);
  return [...byId.values()].slice(-INCIDENTS_KEPT);
}
