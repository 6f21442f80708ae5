import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LinkEvent, LinkHappening } from '../../src/shared/events.ts';
import { habitual, RestartHabits } from '../../src/shared/restartHabit.ts';
import { monoMs, wallMs } from '../../src/shared/units.ts';
import type { Verdict } from '../../src/shared/verdict/verdict.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2026, 10, 2, 8, 59, 3);
const CUT = { kind: 'cut', code: 'ECONNRESET' } as const;

const event = (at: number, happening: LinkHappening, link = 'venue'): LinkEvent => ({
  seq: 1,
  at: monoMs(0),
  wall: wallMs(at),
  link,
  generation: 1,
  happening,
});
const ended = (livedMs: number): LinkHappening => ({ kind: 'socket-ended', reason: CUT, livedMs });
const verdict = (cause: Verdict['cause'], blame: Verdict['blame'] = 'path'): Verdict => ({
  cause,
  blame,
  certainty: 'likely',
  evidence: ['x'],
});

it('[H6] [L20] a stop at the same time of a later day is a habit, however many days lie between; at another time it is none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: -43_000_000, max: 43_000_000 }), (days, offMs) => {
      const habits = new RestartHabits();
      expect(habits.note(event(FIRST, ended(3_600_000)))).toBe(true);
      expect(habits.has('venue', FIRST + days * DAY_MS + offMs)).toBe(Math.abs(offMs) <= 5_000);
      expect(habits.has('other', FIRST + days * DAY_MS)).toBe(false);
    }),
  );
});

it.each(['constructor', 'toString', 'valueOf', '__proto__'])('[H6] a link may be called %s', (link) => {
  const habits = new RestartHabits();
  expect(habits.has(link, FIRST)).toBe(false);
  expect(habits.note(event(FIRST, ended(3_600_000), link))).toBe(true);
  const later = new RestartHabits();
  later.know(JSON.parse(JSON.stringify(habits.times)));
  expect(later.has(link, FIRST + DAY_MS)).toBe(true);
});

it('[H6] around midnight as well, and never on the same day', () => {
  const habits = new RestartHabits();
  const midnight = Date.UTC(2026, 10, 3);
  habits.note(event(midnight - 1_000, ended(3_600_000)));
  expect(habits.has('venue', midnight + DAY_MS + 2_000)).toBe(true);
  expect(habits.has('venue', midnight + 2_000)).toBe(false);
});

it('[H6] remembered are stops of a feed that ran: not short lives, not what we asked for or what this machine lost', () => {
  const habits = new RestartHabits();
  const asked = { kind: 'asked', by: 'user' } as const;
  const dead = { kind: 'dead', missed: 3, silentMs: 3_000 } as const;
  expect(habits.note(event(FIRST, ended(60_000)))).toBe(false);
  expect(habits.note(event(FIRST, { kind: 'socket-ended', reason: asked, livedMs: 3_600_000 }))).toBe(false);
  expect(habits.note(event(FIRST, { kind: 'socket-ended', reason: dead, livedMs: 3_600_000 }))).toBe(false);
  expect(habits.note(event(FIRST, { kind: 'verdict', verdict: verdict('feed stalled') }))).toBe(false);
  expect(habits.note(event(FIRST, { kind: 'verdict', verdict: verdict('heartbeat stopped') }))).toBe(true);
  expect(habits.note(event(FIRST + 30_000, ended(3_600_000)))).toBe(false);
  expect(habits.times).toEqual({ venue: [FIRST] });
});

it('[H6] what an earlier run has seen is joined with what this one has, once each, and 50 a link are kept', () => {
  const habits = new RestartHabits();
  habits.note(event(FIRST + DAY_MS, ended(3_600_000)));
  habits.know({ venue: [FIRST, FIRST + DAY_MS], other: [FIRST] });
  habits.know({ venue: [FIRST] });
  expect(habits.times).toEqual({ venue: [FIRST, FIRST + DAY_MS], other: [FIRST] });
  for (let i = 1; i <= 60; i += 1) habits.note(event(FIRST + DAY_MS + i * 120_000, ended(3_600_000)));
  expect(habits.times['venue']).toHaveLength(50);
});

it('[H6] only a loss that a restart may show as, and that nobody else is to blame for, is said to be one', () => {
  const again = { cause: 'scheduled restart', blame: 'venue', certainty: 'likely' };
  expect(habitual(verdict('venue restart', 'venue'))).toMatchObject(again);
  expect(habitual(verdict('abnormal close'))).toMatchObject(again);
  for (const other of [
    verdict('abnormal close', 'local network'),
    verdict('half-open', 'this machine'),
    verdict('message too big', 'our settings'),
    verdict('sleep', 'this machine'),
  ])
    expect(habitual(other)).toBe(other);
});
