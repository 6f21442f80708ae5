import { backoffMs } from '../../../shared/backoff.ts';
import { breakerOpenMs } from '../../../shared/breaker.ts';
import type { Policy } from '../../../shared/engineConfig.ts';
import type { ConnectPhase, DownReason, LinkState, Suspicion } from '../../../shared/linkState.ts';
import { assertNever } from '../../../shared/outcome.ts';
import { after, elapsedMs, type MonoMs } from '../../../shared/units.ts';
import { atLeastMs } from './classify.ts';
import type { Step } from './step.ts';

/**
 * The life of a link as a pure function.
 *
 * 1. A socket is in use in exactly `connecting`, `restoring`, `up` and `suspect`; in `closing` one is on its way out.
 * 2. `waiting` and `blocked` have exactly one next step, the dial at `until` or, in an origin's queue, in its turn;
 *    `paused`, `failed` and a breaker held open wait for a person.
 * 3. Attempts and failures are forgotten only by a stable socket or by a person.
 * 4. A breaker that a person holds open is held until a person dials the link or closes it: no pause changes that.
 */
export interface Course {
  readonly state: LinkState;
  /** Dials since the link was last stable, the running one included. */
  readonly attempts: number;
  /** Of these, the dials that count for no cap: after a wait for a slot, or in place of a socket that was up. */
  readonly free: number;
  /** Failures in a row: dials that failed, and sockets that ended before they were stable. */
  readonly failures: number;
  /** The socket in use has been up for the stability time. */
  readonly stable: boolean;
  /** Waits since the link was last stable: the backoff's exponent. */
  readonly waits: number;
  readonly previousDelayMs: number | null;
  /** A person holds the breaker open. */
  readonly held: boolean;
}

export type Effect = 'dial' | 'queue' | 'wait' | 'hurry' | 'cut' | 'retire' | 'close' | 'gone' | 'gave-up' | 'alarm';

export interface Decision {
  readonly course: Course;
  readonly effects: readonly Effect[];
}

export interface Moment {
  readonly now: MonoMs;
  /** Uniform in [0, 1), for this decision's jitter. */
  readonly random: number;
  readonly policy: Policy;
  /** What the origin's limit on dials says now; `null` when a dial may go out at once. */
  readonly queue: { readonly place: number; readonly origin: string; readonly until: MonoMs } | null;
}

const FORGOTTEN = { attempts: 0, free: 0, failures: 0, waits: 0, previousDelayMs: null } as const;

export const NEW_COURSE: Course = { state: { kind: 'paused' }, stable: false, held: false, ...FORGOTTEN };

export function usesSocket(state: LinkState): boolean {
  return state.kind === 'connecting' || state.kind === 'restoring' || state.kind === 'up' || state.kind === 'suspect';
}

/** What follows from `step` now. A step that means nothing in this state changes nothing. */
export function decide(course: Course, step: Step, moment: Moment): Decision {
  const { state } = course;
  switch (step.kind) {
    case 'start':
      return state.kind === 'paused' || (state.kind === 'closing' && state.next === 'paused')
        ? start(course, step, moment, state.kind === 'closing' ? ['cut'] : [])
        : same(course);
    case 'due':
      return isWaiting(state) ? dial(course, moment, []) : same(course);
    case 'granted':
      return isQueued(state) ? dialNow(course, moment, []) : same(course);
    case 'moved':
      return isQueued(state) && state.reason.kind === 'queued'
        ? to(course, { ...state, until: step.until, reason: { ...state.reason, place: step.place } })
        : same(course);
    case 'hurried':
      return isWaiting(state) && step.until < state.until ? hurried(course, state, step.until) : same(course);
    case 'phase':
      return state.kind === 'connecting' ? to(course, { ...state, phase: step.phase }) : same(course);
    case 'restoring':
      return restoring(course, step.acked, step.wanted, moment.now);
    case 'restored':
      return state.kind === 'restoring' || state.kind === 'connecting' || state.kind === 'suspect'
        ? to(course, { kind: 'up', since: upSince(state) ?? moment.now })
        : same(course);
    case 'suspect':
      return suspect(course, step.probes, step.why, moment.now);
    case 'stable':
      return usesSocket(state) ? same({ ...course, ...FORGOTTEN, stable: true }) : same(course);
    case 'ended':
      return usesSocket(state) ? ended(course, step, moment) : same(course);
    case 'replaced':
      return usesSocket(state) ? replaced(course, moment.now) : same(course);
    case 'promoted':
      return usesSocket(state) ? replaced({ ...course, failures: failuresOf(course) }, moment.now) : same(course);
    case 'taken-back':
      return usesSocket(state) ? replaced(course, moment.now, step.stable) : same(course);
    case 'adopted':
      return usesSocket(state) ? adopted(course, step.phase, moment.now) : same(course);
    case 'redial':
    case 'put-off':
      return state.kind === 'closing' || state.kind === 'paused' ? same(course) : redial(course, step, moment);
    case 'yield':
      return usesSocket(state) ? yielded(course, step.reason, moment) : same(course);
    case 'seen-to':
      return usesSocket(state) ? same({ ...course, ...FORGOTTEN }) : same(course);
    case 'open-breaker':
      return openBreaker(course);
    case 'close-breaker':
      return state.kind === 'blocked'
        ? dial({ ...course, ...FORGOTTEN, held: false }, moment, [])
        : released({ ...course, failures: 0, held: false });
    case 'pause':
      return leave(course, 'paused', moment);
    case 'remove':
      return leave(course, 'gone', moment);
    case 'closed':
      if (state.kind !== 'closing') return same(course);
      return state.next === 'gone' ? { course, effects: ['gone'] } : to(course, paused(course));
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

type Wait = Extract<LinkState, { kind: 'waiting' | 'blocked' }> & { readonly until: MonoMs };

/** A wait that ends by itself. */
function isWaiting(state: LinkState): state is Wait {
  return (state.kind === 'waiting' && !isQueued(state)) || (state.kind === 'blocked' && state.until !== null);
}

/** The same wait, over sooner. */
function hurried(course: Course, wait: Wait, until: MonoMs): Decision {
  if (wait.kind === 'blocked') return to(course, { ...wait, until }, ['hurry']);
  return to(course, { ...wait, until, delayMs: wait.delayMs - elapsedMs(until, wait.until) }, ['hurry']);
}

function isQueued(state: LinkState): state is Extract<LinkState, { kind: 'waiting' }> {
  return state.kind === 'waiting' && state.reason.kind === 'queued';
}

function start(
  course: Course,
  { asked }: Step & { readonly kind: 'start' },
  moment: Moment,
  before: readonly Effect[],
): Decision {
  if (course.held) return to(course, heldOpen(course), before);
  return asked ? waitUntil(course, asked.until, asked.reason, moment.now, before) : dial(course, moment, before);
}

/** A dial, or its place in the queue of its origin. */
function dial(course: Course, moment: Moment, before: readonly Effect[]): Decision {
  if (moment.queue === null) return dialNow(course, moment, before);
  const { place, origin, until } = moment.queue;
  const delayMs = Math.max(0, until - moment.now);
  const reason: DownReason = { kind: 'queued', place, origin };
  const state: LinkState = { kind: 'waiting', attempt: course.attempts + 1, delayMs, until, reason };
  return { course: { ...course, state }, effects: [...before, 'queue'] };
}

/** A person has seen to it. */
function redial(course: Course, step: Step & { readonly kind: 'redial' | 'put-off' }, moment: Moment): Decision {
  const anew = { ...course, ...FORGOTTEN, held: false };
  const before: readonly Effect[] = usesSocket(course.state) ? ['cut'] : [];
  if (step.kind === 'redial') return dial(anew, moment, before);
  return waitUntil(anew, step.until, step.reason, moment.now, before);
}

function dialNow(course: Course, moment: Moment, before: readonly Effect[]): Decision {
  const attempts = course.attempts + 1;
  const state: LinkState = { kind: 'connecting', attempt: attempts, phase: 'resolving', since: moment.now };
  return { course: { ...course, attempts, stable: false, state }, effects: [...before, 'dial'] };
}

/** With this end of the socket in use. Each is judged by its own time: that another was stable before says nothing of it. */
function failuresOf({ stable, failures }: Course): number {
  return stable ? 0 : failures + 1;
}

function replaced(course: Course, now: MonoMs, stable = false): Decision {
  return to({ ...course, ...(stable ? FORGOTTEN : {}), stable }, { kind: 'up', since: now });
}

/** The socket in use was lost while its successor was already being dialled: that dial is now the link's own. */
function adopted(course: Course, phase: ConnectPhase, now: MonoMs): Decision {
  const attempts = course.attempts + 1;
  const failures = failuresOf(course);
  return to(
    { ...course, attempts, failures, stable: false },
    { kind: 'connecting', attempt: attempts, phase, since: now },
  );
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

function suspect(course: Course, probes: number, why: Suspicion, now: MonoMs): Decision {
  const { state } = course;
  if (state.kind === 'suspect') return to(course, { ...state, probes });
  if (state.kind !== 'up' && state.kind !== 'restoring') return same(course);
  const upSince = state.kind === 'up' ? state.since : null;
  return to(course, { kind: 'suspect', since: now, upSince, probes, why });
}

function ended(course: Course, step: Step & { readonly kind: 'ended' }, moment: Moment): Decision {
  const { reason: end, consequence, asked } = step;
  const { policy, now } = moment;
  const isSlot = consequence.kind === 'slot';
  const failures = isSlot ? course.failures : failuresOf(course);
  const alarm: readonly Effect[] = consequence.loud ? ['alarm'] : [];
  const attempts = course.attempts - course.free;
  const capped = !isSlot && policy.maxAttempts > 0 && attempts >= policy.maxAttempts;
  if (capped || consequence.kind === 'stop') {
    const state: LinkState = { kind: 'failed', attempts, reason: end, acknowledged: false };
    return { course: { ...course, failures, state }, effects: [...alarm, 'gave-up'] };
  }
  const attempt = course.attempts + 1;
  const openMs = isSlot ? 0 : breakerOpenMs(policy, failures);
  const backsOff = !isSlot && consequence.kind !== 'fixed';
  const backedOffMs = backsOff ? backoffMs(policy, course.waits + 1, moment.random, course.previousDelayMs) : null;
  const delayMs = Math.max(backedOffMs ?? 0, openMs, atLeastMs(consequence));
  const until = after(now, delayMs);
  const reason = delayMs > atLeastMs(consequence) ? end : (asked ?? end);
  const state: LinkState =
    openMs > 0 ? { kind: 'blocked', attempt, until, reason } : { kind: 'waiting', attempt, delayMs, until, reason };
  const waited = backedOffMs === null ? {} : { waits: course.waits + 1, previousDelayMs: backedOffMs };
  const free = isSlot ? course.free + 1 : course.free;
  return { course: { ...course, ...waited, free, failures, state }, effects: [...alarm, 'wait'] };
}

function yielded(course: Course, reason: DownReason, { now, policy }: Moment): Decision {
  return waitUntil({ ...course, free: course.free + 1 }, after(now, policy.closeTimeoutMs), reason, now, ['retire']);
}

function waitUntil(
  course: Course,
  until: MonoMs,
  reason: DownReason,
  now: MonoMs,
  before: readonly Effect[],
): Decision {
  const delayMs = elapsedMs(now, until);
  const state: LinkState = { kind: 'waiting', attempt: course.attempts + 1, delayMs, until, reason };
  return to(course, state, [...before, 'wait']);
}

/** A person takes the link out of use: its socket closes politely, and nothing is dialled until the breaker is closed. */
function openBreaker(course: Course): Decision {
  const { state } = course;
  const held = { ...course, held: true };
  if (state.kind === 'paused') return to(held, paused(held));
  if (state.kind === 'closing') return same(held);
  return to(held, heldOpen(course), usesSocket(state) ? ['retire'] : []);
}

/** Nobody holds the breaker of a link that was not blocked by it. */
function released(course: Course): Decision {
  return course.state.kind === 'paused' ? to(course, paused(course)) : same(course);
}

const paused = ({ held }: Course): LinkState => (held ? { kind: 'paused', held } : { kind: 'paused' });

function heldOpen({ attempts }: Course): LinkState {
  return { kind: 'blocked', attempt: attempts + 1, until: null, reason: { kind: 'asked', by: 'breaker' } };
}

function leave(course: Course, next: 'paused' | 'gone', moment: Moment): Decision {
  const { state } = course;
  const fresh = { ...course, ...FORGOTTEN };
  if (state.kind === 'closing') return state.next === next ? same(course) : to(fresh, { ...state, next: 'gone' });
  if (usesSocket(state)) {
    return to(fresh, { kind: 'closing', deadline: after(moment.now, moment.policy.closeTimeoutMs), next }, ['close']);
  }
  if (next === 'gone') return { course: fresh, effects: ['gone'] };
  return to(fresh, paused(fresh));
}
