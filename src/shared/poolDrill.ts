import type { Mark } from './drill.ts';
import type { OriginView, PoolView } from './pool.ts';
import { elapsedMs, type MonoMs } from './units.ts';

/** What a pool's timeline has a row for, in the order of a loss and a recovery. */
export const POOL_MILESTONES = ['lost', 'slow', 'failing', 'retry', 'learned', 'ready-again'] as const;
export type PoolMilestone = (typeof POOL_MILESTONES)[number];

/** One origin of a pool as a frame tells it, with the one counter that shows a loss that was made good between two frames. */
export interface OriginSight
  extends Pick<OriginView, 'state' | 'ready' | 'active' | 'wanted' | 'idleLimit' | 'lastWarmMs'> {
  readonly closedByPeer: number;
}

export interface PoolDrillSubject {
  readonly origin: string;
  /** As it was last seen before the fault. */
  readonly before: OriginSight;
  /** The fault's beginning on the engine's own clock. */
  readonly startAt: MonoMs;
  /** What a slow answer takes longer than before, ms; `null` where the fault slows nothing. */
  readonly slowerMs: number | null;
}

/**
 * What became of an origin since the fault, as far as frames tell: they come four times a second at most.
 *
 * 1. What shows a loss is marked at the first time, and counts all; what shows the recovery is taken back by the next loss.
 * 2. A loss that was made good between two frames is one all the same.
 */
export interface PoolTrack {
  readonly subject: PoolDrillSubject;
  readonly seen: OriginSight;
  readonly marks: Readonly<Partial<Record<PoolMilestone, Mark>>>;
  /** When the last loss showed, ms since the fault; `null` without one. */
  readonly lastLossMs: number | null;
}

export function sightOf(pool: PoolView, url: string): OriginSight | null {
  const origin = pool.origins.find((one) => one.url === url);
  if (origin === undefined) return null;
  const { state, ready, active, wanted, idleLimit, lastWarmMs } = origin;
  return { state, ready, active, wanted, idleLimit, lastWarmMs, closedByPeer: pool.counters.closedByPeer };
}

export const newPoolTrack = (subject: PoolDrillSubject): PoolTrack => ({
  subject,
  seen: subject.before,
  marks: {},
  lastLossMs: null,
});

/** The track after a frame that came `at`; the same object where it changes nothing. */
export function followPool(track: PoolTrack, sight: OriginSight, at: MonoMs): PoolTrack {
  const { seen, subject, marks } = track;
  const ms = elapsedMs(subject.startAt, at);
  if (ms < 0) return { ...track, seen: sight };
  const next: Partial<Record<PoolMilestone, Mark>> = { ...marks };
  const once = (milestone: PoolMilestone, text: string): void => {
    next[milestone] ??= { ms, text };
  };
  const closed = sight.closedByPeer - seen.closedByPeer;
  const short = isShort(sight) && !isShort(seen);
  const lost = closed > 0 || short;
  if (short) once('lost', `${sight.ready} of ${sight.wanted} ready`);
  // Two that were cut at once may be told in two frames.
  const inAll = sight.closedByPeer - subject.before.closedByPeer;
  if (closed > 0) next.lost = { ms: next.lost?.ms ?? ms, text: `${inAll} closed by the venue` };
  const { state } = sight;
  if (state.kind === 'failing') {
    once('failing', state.why);
    if (state.attempts > 1) once('retry', `refused again: ${state.why}`);
  }
  const { slowerMs, before } = subject;
  const slowFromMs = slowerMs === null ? null : (before.lastWarmMs ?? 0) + slowerMs / 2;
  if (slowFromMs !== null && sight.lastWarmMs !== seen.lastWarmMs && (sight.lastWarmMs ?? 0) >= slowFromMs)
    once('slow', `a warm request took ${Math.round(sight.lastWarmMs ?? 0)} ms`);
  if (sight.idleLimit.source === 'learned' && sight.idleLimit.ms < before.idleLimit.ms)
    once('learned', `idle limit ${(sight.idleLimit.ms / 1000).toFixed(1)} s`);
  const whole = state.kind === 'warm' && sight.ready >= sight.wanted;
  const troubled = next.lost !== undefined || next.failing !== undefined;
  if (lost || !whole) delete next['ready-again'];
  if (troubled && whole) once('ready-again', `${sight.ready} of ${sight.wanted} ready`);
  return { ...track, seen: sight, marks: next, lastLossMs: lost ? ms : track.lastLossMs };
}

/** A socket that carries a request is not ready, and not lost either. */
const isShort = ({ ready, active, wanted }: OriginSight): boolean => ready + active < wanted;
