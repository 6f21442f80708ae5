import type { Policy } from '../../../shared/engineConfig.ts';
import type { ConnectPhase, DownReason, LinkState } from '../../../shared/linkState.ts';
import { assertNever } from '../../../shared/outcome.ts';
import { after, type MonoMs } from '../../../shared/units.ts';
import { backoffMs } from './backoff.ts';
import { breakerOpenMs } from './breaker.ts';

/**
 * The life of a link as a pure function.
 *
 * 1. A socket is in use in exactly `connecting`, `restoring`, `up` and `suspect`; in `closing` one is on its way out.
 * 2. `waiting` and `blocked` have exactly one next step, the dial at `until`; `paused` and `failed` wait for a person.
 * 3. Attempts and failures are forgotten only by a stable socket or by a person.
 */
export interface Course {
  readonly state: LinkState;
  /** Dials since the link was last stable, the running one included. */
  readonly attempts: number;
  /** Failures in a row: dials that failed, and sockets that ended before they were stable. */
  readonly failures: number;
  /** Waits since the link was last stable: the backoff's exponent. */
  readonly waits: number;
  readonly previousDelayMs: number | null;
}

export type Step =
  | { readonly kind: 'start' }
  | { readonly kind: 'due' }
  | { readonly kind: 'phase'; readonly phase: ConnectPhase }
  | { readonly kind: 'restoring'; readonly acked: number; readonly wanted: number }
  | { readonly kind: 'restored' }
  | { readonly kind: 'suspect'; readonly probes: number }
  | { readonly kind: 'stable' }
  | { readonly kind: 'ended'; readonly reason: DownReason; readonly retryAfterMs: number | null }
  | { readonly kind: 'replaced' }
  | { readonly kind: 'adopted'; readonly phase: ConnectPhase }
  | { readonly kind: 'redial' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'acknowledge' };

export type Effect = 'dial' | 'wait' | 'cut' | 'close' | 'gone' | 'gave-up';

export interface Decision {
  readonly course: Course;
  readonly effects: readonly Effect[];
}

export interface Moment {
  readonly now: MonoMs;
  /** Uniform in [0, 1), for this decision's jitter. */
  readonly random: number;
  readonly policy: Policy;
}

const FORGOTTEN = { attempts: 0, failures: 0, waits: 0, previousDelayMs: null } as const;

export const NEW_COURSE: Course = { state: { kind: 'paused' }, ...FORGOTTEN };

export function usesSocket(state: LinkState): boolean {
  return state.kind === 'connecting' || state.kind === 'restoring' || state.kind === 'up' || state.kind === 'suspect';
}

/** What follows from `step` now. A step that means nothing in this state changes nothing. */
export function decide(course: Course, step: Step, moment: Moment): Decision {
  const { state } = course;
  switch (step.kind) {
    case 'start':
      return state.kind === 'paused' || (state.kind === 'closing' && state.next === 'paused')
        ? dial(course, moment, state.kind === 'closing' ? ['cut'] : [])
        : same(course);
    case 'due':
      return state.kind === 'waiting' || state.kind === 'blocked' ? dial(course, moment, []) : same(course);
    case 'phase':
      return state.kind === 'connecting' ? to(course, { ...state, phase: step.phase }) : same(course);
    case 'restoring':
      return restoring(course, step.acked, step.wanted, moment.now);
    case 'restored':
      return state.kind === 'restoring' || state.kind === 'connecting' || state.kind === 'suspect'
        ? to(course, { kind: 'up', since: upSince(state) ?? moment.now })
        : same(course);
    case 'suspect':
      return suspect(course, step.probes, moment.now);
    case 'stable':
      return usesSocket(state) ? same({ ...course, ...FORGOTTEN }) : same(course);
    case 'ended':
      return usesSocket(state) ? ended(course, step.reason, step.retryAfterMs, moment) : same(course);
    case 'replaced':
      return usesSocket(state) ? to(course, { kind: 'up', since: moment.now }) : same(course);
    case 'adopted':
      return usesSocket(state) ? adopted(course, step.phase, moment.now) : same(course);
    case 'redial':
      if (state.kind === 'closing' || state.kind === 'paused') return same(course);
      return dial({ ...course, ...FORGOTTEN }, moment, usesSocket(state) ? ['cut'] : []);
    case 'pause':
      return leave(course, 'paused', moment);
    case 'remove':
      return leave(course, 'gone', moment);
    case 'closed':
      if (state.kind !== 'closing') return same(course);
      return state.next === 'gone' ? { course, effects: ['gone'] } : to(course, { kind: 'paused' });
    case 'acknowledge':
      return state.kind === 'failed' ? to(course, { ...state, acknowledged: true }) : same(course);
    default:
      return assertNever(step);
  }
}

function same(course: Course): Decision {
  return { course, effects: [] };
}

function to(course: Course, state: LinkState, effects: readonly Effect[] = []): Decision {
  return { course: { ...course, state }, effects };
}

function dial(course: Course, moment: Moment, before: readonly Effect[]): Decision {
  const attempts = course.attempts + 1;
  const state: LinkState = { kind: 'connecting', attempt: attempts, phase: 'resolving', since: moment.now };
  return { course: { ...course, attempts, state }, effects: [...before, 'dial'] };
}

/** The socket in use was lost while its successor was already being dialled: that dial is now the link's own. */
function adopted(course: Course, phase: ConnectPhase, now: MonoMs): Decision {
  const attempts = course.attempts + 1;
  return to({ ...course, attempts }, { kind: 'connecting', attempt: attempts, phase, since: now });
}

function upSince(state: LinkState): MonoMs | null {
  return state.kind === 'suspect' ? state.upSince : null;
}

function restoring(course: Course, acked: number, wanted: number, now: MonoMs): Decision {
  const { state } = course;
  if (state.kind === 'connecting' || (state.kind === 'suspect' && state.upSince === null)) {
    return to(course, { kind: 'restoring', acked, wanted, since: now });
  }
  return state.kind === 'restoring' ? to(course, { ...state, acked, wanted }) : same(course);
}

function suspect(course: Course, probes: number, now: MonoMs): Decision {
  const { state } = course;
  if (state.kind === 'suspect') return to(course, { ...state, probes });
  if (state.kind !== 'up' && state.kind !== 'restoring') return same(course);
  return to(course, { kind: 'suspect', since: now, upSince: state.kind === 'up' ? state.since : null, probes });
}

function ended(course: Course, reason: DownReason, retryAfterMs: number | null, moment: Moment): Decision {
  const { policy, now } = moment;
  const wasStable = course.attempts === 0;
  const failures = wasStable ? 0 : course.failures + 1;
  if (policy.maxAttempts > 0 && course.attempts >= policy.maxAttempts) {
    const state: LinkState = { kind: 'failed', attempts: course.attempts, reason, acknowledged: false };
    return { course: { ...course, failures, state }, effects: ['gave-up'] };
  }
  const backedOffMs = backoffMs(policy, course.waits + 1, moment.random, course.previousDelayMs);
  const openMs = breakerOpenMs(policy, failures);
  const delayMs = Math.max(backedOffMs, openMs, retryAfterMs ?? 0);
  const until = after(now, delayMs);
  const attempt = course.attempts + 1;
  const state: LinkState =
    openMs > 0 ? { kind: 'blocked', attempt, until, reason } : { kind: 'waiting', attempt, delayMs, until, reason };
  return {
    course: { ...course, failures, waits: course.waits + 1, previousDelayMs: backedOffMs, state },
    effects: ['wait'],
  };
}

function leave(course: Course, next: 'paused' | 'gone', moment: Moment): Decision {
  const { state } = course;
  const fresh = { ...course, ...FORGOTTEN };
  if (state.kind === 'closing') return state.next === next ? same(course) : to(fresh, { ...state, next: 'gone' });
  if (usesSocket(state)) {
    return to(fresh, { kind: 'closing', deadline: after(moment.now, moment.policy.closeTimeoutMs), next }, ['close']);
  }
  if (next === 'gone') return { course: fresh, effects: ['gone'] };
  return to(fresh, { kind: 'paused' });
}
