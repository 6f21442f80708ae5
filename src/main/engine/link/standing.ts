import type { LinkConfig, Policy } from '../../../shared/engineConfig.ts';
import { elapsedMs, type MonoMs } from '../../../shared/units.ts';

/** Round trips of one address that its p50 is taken from. */
export const KEPT = 30;
const JUDGED_FROM = 5;
/** The rest of an address that no switch to succeeds is doubled so often at most. */
const LONGEST_REST = 4;

export type Route = LinkConfig['routes'][number];
export type RouteRules = Pick<Policy, 'routeBetterMs' | 'routeBetterPercent' | 'routeBetterForMs' | 'routeDwellMs'>;

/** What is known of one address. */
export interface Standing {
  readonly route: Route;
  rtts: number[];
  /** Sockets of it that were lost, or could not be had, since one was let in. */
  losses: number;
  /** Since when the venue refuses the credentials there, or what this machine says; `null` while it does not. */
  refusedAt: MonoMs | null;
  /** Sockets that were to take over there and could not, since one did, or a person has seen to the link. */
  misfits: number;
  misfitAt: MonoMs | null;
  /** Worked out when it is asked for, until the next round trip. */
  p50Ms: number | null | undefined;
}

export const unknown = (route: Route): Standing => ({
  route,
  rtts: [],
  losses: 0,
  refusedAt: null,
  misfits: 0,
  misfitAt: null,
  p50Ms: undefined,
});

/** A switch that failed has its dwell time like any other, and twice as long each time. */
export function rests(
  { misfits, misfitAt }: Standing,
  { routeBetterForMs, routeDwellMs }: RouteRules,
  now: MonoMs,
): boolean {
  if (misfitAt === null) return false;
  return elapsedMs(misfitAt, now) < Math.max(routeBetterForMs, routeDwellMs) * 2 ** Math.min(misfits - 1, LONGEST_REST);
}

export function p50(standing: Standing): number | null {
  if (standing.rtts.length < JUDGED_FROM) return null;
  if (standing.p50Ms !== undefined) return standing.p50Ms;
  const sorted = [...standing.rtts].sort((a, b) => a - b);
  standing.p50Ms = sorted[(sorted.length - 1) >> 1] ?? null;
  return standing.p50Ms;
}
