import { type DemoInjection, lastsMs } from './demoFault.ts';
import type { Mark, Marks, Track } from './drill.ts';
import { assertNever } from './outcome.ts';
import { type Anchor, MILESTONES, type Milestone, type Promised, type Promises } from './promised.ts';

/** How a promise stands. `does not apply`, too, where the drill ended before it could be said. */
export type Standing = 'kept' | 'missed' | 'not yet' | 'no promise' | 'does not apply';

export interface TimelineRow<Of extends string = Milestone> {
  readonly milestone: Of;
  readonly promised: Promised;
  /** The latest (or, for `not-before`, the earliest) time that was promised, counted from the fault; `null` if it depends on what has not come. */
  readonly limitMs: number | null;
  readonly mark: Mark | null;
  readonly standing: Standing;
}

/** Where a drill is: times in ms since the fault began. */
export interface DrillMoment {
  readonly nowMs: number;
  /** When the fault was over, `null` while it is in force. */
  readonly overMs: number | null;
  /** Nothing more is waited for. */
  readonly closed: boolean;
}

export interface DrillFindings {
  readonly track: Track;
  /** What happened to links that the fault does not touch. */
  readonly alarms: readonly string[];
}

/** A dial that came through needs no second one, and what is counted from the end of the fault does not apply if there was nothing to recover from. */
const RECOVERS: Readonly<Partial<Record<Milestone, readonly Milestone[]>>> = {
  opened: ['ended'],
  restored: ['ended'],
  healthy: ['ended', 'notice'],
  'gate-open': ['gate-closed'],
};

/** Every milestone beside its promise, in the order of a loss and a recovery. */
export function timeline(promises: Promises, findings: DrillFindings, moment: DrillMoment): readonly TimelineRow[] {
  const marks = withAlarms(findings);
  return MILESTONES.map((milestone) => {
    const promised = promises[milestone];
    const mark = marks[milestone] ?? null;
    const begun =
      milestone === 'redial'
        ? marks.opened === undefined || mark !== null
        : (RECOVERS[milestone]?.some((one) => marks[one] !== undefined) ?? true);
    const from = begun && 'from' in promised ? anchorMs(promised.from, marks, moment) : null;
    const limitMs = from !== null && 'ms' in promised ? from + promised.ms : null;
    return { milestone, promised, limitMs, mark, standing: standingOf(promised, limitMs, mark, moment) };
  });
}

/** After the end of a fault so much is waited for: the verdict is the last to come of what may come. */
const AFTERMATH_MS = 4_000;
const LONGEST_AFTERMATH_MS = 120_000;

/** True once nothing is left to be waited for. */
export function isSettled(
  rows: readonly Pick<TimelineRow, 'standing' | 'limitMs'>[],
  { nowMs, overMs }: DrillMoment,
): boolean {
  if (overMs === null || nowMs < overMs + AFTERMATH_MS) return false;
  if (nowMs >= overMs + LONGEST_AFTERMATH_MS) return true;
  return rows.every(({ standing, limitMs }) => standing !== 'not yet' || limitMs === null);
}

/** A fault that somebody ended before its time: what was promised for all of it cannot be judged. */
export function wasCutShort({ at, endedAt, fault }: DemoInjection): boolean {
  return endedAt !== null && endedAt - at < lastsMs(fault) - 100;
}

function withAlarms({ track, alarms }: DrillFindings): Marks {
  return alarms.length === 0 ? track.marks : { ...track.marks, others: { ms: 0, text: alarms.join('; ') } };
}

function anchorMs(from: Anchor, marks: Marks, { overMs }: DrillMoment): number | null {
  switch (from) {
    case 'fault':
      return 0;
    case 'over':
      return overMs;
    case 'trouble': {
      const first = Math.min(
        marks.suspect?.ms ?? Number.POSITIVE_INFINITY,
        marks.ended?.ms ?? Number.POSITIVE_INFINITY,
      );
      return Number.isFinite(first) ? first : null;
    }
    case 'recovered':
      return overMs === null || marks.restored === undefined ? null : Math.max(overMs, marks.restored.ms);
    case 'ended':
    case 'dial':
    case 'restored':
      return marks[from]?.ms ?? null;
    default:
      return assertNever(from);
  }
}

/** How a promise stands, given its limit and what was measured. */
export function standingOf(
  promised: Promised,
  limitMs: number | null,
  mark: Mark | null,
  { nowMs, closed }: DrillMoment,
): Standing {
  const open = closed ? 'does not apply' : 'not yet';
  switch (promised.kind) {
    case 'apart':
      return 'does not apply';
    case 'nothing':
      return 'no promise';
    case 'never':
      if (mark !== null) return 'missed';
      return closed ? 'kept' : 'not yet';
    case 'within':
      // What came before that which it is counted from came in time.
      if (mark !== null) return limitMs === null || mark.ms <= limitMs ? 'kept' : 'missed';
      return limitMs !== null && nowMs > limitMs ? 'missed' : open;
    case 'not-before':
      if (mark === null || limitMs === null) return open;
      return mark.ms >= limitMs ? 'kept' : 'missed';
    default:
      return assertNever(promised);
  }
}
