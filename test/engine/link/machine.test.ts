import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Consequence } from '../../../src/main/engine/link/classify.ts';
import { type Course, decide, type Effect, NEW_COURSE, usesSocket } from '../../../src/main/engine/link/machine.ts';
import type { Step } from '../../../src/main/engine/link/step.ts';
import { after, monoMs } from '../../../src/shared/units.ts';
import { POLICY } from '../../support/linkConfig.ts';

const REASON = { kind: 'cut', code: 'ECONNRESET' } as const;
const ENDED: Step = { kind: 'ended', reason: REASON, consequence: { kind: 'retry', loud: false } };
const NO_QUEUE = { queue: null } as const;

function run(steps: readonly Step[], policy = POLICY, from: Course = NEW_COURSE) {
  let course = from;
  let effects: readonly Effect[] = [];
  for (const step of steps)
    ({ course, effects } = decide(course, step, { now: monoMs(0), random: 0, policy, ...NO_QUEUE }));
  return { course, effects };
}

function waitMs(course: Course): number {
  return course.state.kind === 'waiting' || course.state.kind === 'blocked'
    ? (course.state.until ?? Number.NaN)
    : Number.NaN;
}

it('[L8] the waits of a venue that never answers are 0.1, 0.2, then the breaker’s 10 s, until the backoff outgrows it', () => {
  let course = run([{ kind: 'start' }]).course;
  const waits: number[] = [];
  for (let i = 0; i < 10; i += 1) {
    course = run([ENDED], POLICY, course).course;
    waits.push(waitMs(course) / 1000);
    course = run([{ kind: 'due' }], POLICY, course).course;
  }
  expect(waits).toEqual([0.1, 0.2, 10, 10, 10, 10, 10, 12.8, 25.6, 30]);
});

it('[L6] with the breaker off the waits are the backoff’s alone', () => {
  const policy = { ...POLICY, breakerFailures: 0 };
  let course = run([{ kind: 'start' }], policy).course;
  const waits: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    course = run([ENDED], policy, course).course;
    expect(course.state.kind).toBe('waiting');
    waits.push(waitMs(course));
    course = run([{ kind: 'due' }], policy, course).course;
  }
  expect(waits).toEqual([100, 200, 400, 800, 1600]);
});

it('[L6] only a stable socket forgets the attempts: a flapping venue is not hammered', () => {
  const flap: Step[] = [{ kind: 'due' }, { kind: 'restored' }, ENDED];
  const policy = { ...POLICY, breakerFailures: 0 };
  const flapping = run([{ kind: 'start' }, { kind: 'restored' }, ENDED, ...flap, ...flap], policy).course;
  expect(waitMs(flapping)).toBe(400);
  const stable = run([{ kind: 'due' }, { kind: 'restored' }, { kind: 'stable' }, ENDED], policy, flapping).course;
  expect(waitMs(stable)).toBe(100);
  expect(stable.failures).toBe(0);
});

it('[L8] a fault that is tried at fixed times is a failure like any other; a slot that is taken is none', () => {
  const times = (consequence: Consequence): Course => {
    let course = run([{ kind: 'start' }]).course;
    for (let i = 0; i < 4; i += 1) course = run([{ kind: 'due' }, { ...ENDED, consequence }], POLICY, course).course;
    return course;
  };
  const fault = times({ kind: 'fixed', waitMs: 300_000, loud: true });
  expect(fault).toMatchObject({ failures: 4, state: { kind: 'blocked', until: 300_000 } });
  const slot = times({ kind: 'slot', waitMs: 2_000, loud: false });
  expect(slot).toMatchObject({ failures: 0, state: { kind: 'waiting', delayMs: 2_000 } });
});

it('[L8] sockets that take over one after another and die at once are failures, each judged by its own time', () => {
  const stable: Step[] = [{ kind: 'start' }, { kind: 'restored' }, { kind: 'stable' }];
  const promoted: Step = { kind: 'promoted' };
  expect(run([...stable, promoted]).course.failures).toBe(0);
  const flapping = run([...stable, promoted, promoted, promoted, ENDED]).course;
  expect(flapping).toMatchObject({ failures: 3, state: { kind: 'blocked' } });
  expect(run([...stable, promoted, promoted, { kind: 'stable' }, ENDED]).course.failures).toBe(0);
  expect(run([...stable, { kind: 'replaced' }, ENDED]).course.failures).toBe(1);
  expect(run([...stable, { kind: 'adopted', phase: 'tcp' }, ENDED]).course.failures).toBe(1);
});

it('[L6] Retry-After is obeyed', () => {
  const { course } = run([
    { kind: 'start' },
    { ...ENDED, consequence: { kind: 'slow', atLeastMs: 60_000, loud: false, paceDown: false } },
  ]);
  expect(waitMs(course)).toBe(60_000);
});

it('[L16] a wait that is hurried ends sooner, never later, and is the same wait', () => {
  const waits = run([{ kind: 'start' }, ENDED], { ...POLICY, initialReconnectDelayMs: 20_000 }).course;
  const { course, effects } = run([{ kind: 'hurried', until: monoMs(700) }], POLICY, waits);
  expect(course).toEqual({ ...waits, state: { ...waits.state, until: 700, delayMs: 700 } });
  expect(effects).toEqual(['hurry']);
  expect(run([{ kind: 'hurried', until: monoMs(900) }], POLICY, course)).toEqual({ course, effects: [] });
});

it('[L7] at the attempt cap the link has failed, says so once, and a click starts it again', () => {
  const policy = { ...POLICY, maxAttempts: 2 };
  const { course, effects } = run([{ kind: 'start' }, ENDED, { kind: 'due' }, ENDED], policy);
  expect(course.state).toMatchObject({ kind: 'failed', attempts: 2, acknowledged: false });
  expect(effects).toEqual(['gave-up']);
  expect(run([{ kind: 'due' }], policy, course).course.state.kind).toBe('failed');
  expect(run([{ kind: 'redial' }], policy, course)).toMatchObject({
    course: { state: { kind: 'connecting', attempt: 1 } },
    effects: ['dial'],
  });
});

it('[L1] a hard reconnect cuts the socket before it dials', () => {
  expect(run([{ kind: 'start' }, { kind: 'restored' }, { kind: 'redial' }]).effects).toEqual(['cut', 'dial']);
});

it('[L1] pause closes with a deadline and then is paused; resume in between dials at once', () => {
  const closing = run([{ kind: 'start' }, { kind: 'restored' }, { kind: 'pause' }]);
  expect(closing).toMatchObject({
    course: { state: { kind: 'closing', deadline: 1000, next: 'paused' } },
    effects: ['close'],
  });
  expect(run([{ kind: 'closed' }], POLICY, closing.course).course.state.kind).toBe('paused');
  expect(run([{ kind: 'start' }], POLICY, closing.course).effects).toEqual(['cut', 'dial']);
});

const steps: fc.Arbitrary<Step> = fc.oneof(
  ...(
    [
      'start',
      'due',
      'granted',
      'restored',
      'stable',
      'replaced',
      'promoted',
      'redial',
      'seen-to',
      'open-breaker',
      'close-breaker',
      'pause',
      'closed',
      'acknowledge',
    ] as const
  ).map((kind) => fc.constant({ kind })),
  fc.constant<Step>({ kind: 'phase', phase: 'tcp' }),
  fc.constant<Step>({ kind: 'put-off', until: monoMs(1_000_000_000), reason: { kind: 'asked', by: 'user' } }),
  fc.nat(2_000).map((until): Step => ({ kind: 'hurried', until: monoMs(until) })),
  fc.constant<Step>({ kind: 'yield', reason: { kind: 'asked', by: 'user' } }),
  fc.nat(5).map((place): Step => ({ kind: 'moved', place, until: monoMs(500) })),
  fc.constant<Step>({ kind: 'adopted', phase: 'tls' }),
  fc.record({ kind: fc.constant('restoring' as const), acked: fc.nat(3), wanted: fc.constant(3) }),
  fc.record({ kind: fc.constant('suspect' as const), probes: fc.nat(4), why: fc.constant('silence' as const) }),
  fc.record({
    kind: fc.constant('ended' as const),
    reason: fc.constant(REASON),
    consequence: fc.oneof(
      fc.constant<Consequence>({ kind: 'retry', loud: false }),
      fc.constant<Consequence>({ kind: 'stop', loud: true }),
      fc.nat(90_000).map((waitMs): Consequence => ({ kind: 'fixed', waitMs, loud: true })),
      fc.nat(90_000).map((waitMs): Consequence => ({ kind: 'slot', waitMs, loud: false })),
      fc.nat(90_000).map((atLeastMs): Consequence => ({ kind: 'slow', atLeastMs, loud: false, paceDown: true })),
    ),
  }),
);

it('[L1] over random histories there is one socket in the states that have one, and exactly one next step elsewhere', () => {
  fc.assert(
    fc.property(
      fc.array(steps, { maxLength: 60 }),
      fc.integer({ min: 0, max: 4 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.boolean(),
      (history, maxAttempts, random, busy) => {
        const policy = { ...POLICY, maxAttempts };
        let course = NEW_COURSE;
        let sockets = 0;
        let now = monoMs(0);
        for (const step of history) {
          now = after(now, 10);
          const queue = busy && now % 20 === 0 ? { place: 2, origin: 'venue', until: after(now, 400) } : null;
          const decision = decide(course, step, { now, random, policy, queue });
          for (const effect of decision.effects) {
            if (effect === 'dial') sockets += 1;
            if (effect === 'cut' || effect === 'retire') sockets -= 1;
          }
          if (step.kind === 'ended' && usesSocket(course.state)) sockets -= 1;
          if (step.kind === 'closed' && course.state.kind === 'closing') sockets -= 1;
          if (step.kind === 'adopted' && usesSocket(course.state)) sockets += 0;
          course = decision.course;
          const { state } = course;
          expect(sockets).toBe(usesSocket(state) || state.kind === 'closing' ? 1 : 0);
          const waits = decision.effects.includes('wait') || decision.effects.includes('queue');
          const until = state.kind === 'waiting' || state.kind === 'blocked' ? state.until : null;
          if (waits) expect(until).toBeGreaterThanOrEqual(now);
          if (state.kind === 'waiting' || state.kind === 'blocked')
            expect(decision.effects.every((effect) => effect !== 'dial' && effect !== 'gave-up')).toBe(true);
          expect(course.failures).toBeGreaterThanOrEqual(0);
          if (state.kind === 'failed') expect(state.attempts).toBeGreaterThanOrEqual(0);
        }
      },
    ),
    { numRuns: 5000 },
  );
});

const isStop = (step: Step): boolean => step.kind === 'ended' && step.consequence.kind === 'stop';

it('[L1] from any history the link is back up when the venue is back, unless a person paused it or opened its breaker, or its credentials were refused', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40 }), (history) => {
      let { course } = run([{ kind: 'start' }, ...history]);
      for (let i = 0; i < 4; i += 1) {
        course = run(
          [
            { kind: 'closed' },
            { kind: 'due' },
            { kind: 'granted' },
            { kind: 'phase', phase: 'tcp' },
            { kind: 'restored' },
          ],
          POLICY,
          course,
        ).course;
      }
      const held = course.state.kind === 'blocked' && course.state.until === null;
      if (!held) expect(['up', 'paused', 'failed']).toContain(course.state.kind);
      if (course.state.kind === 'failed') expect(history.some(isStop)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
