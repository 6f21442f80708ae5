import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterAnnouncement,
  afterIdleClose,
  afterIdleSurvival,
  type IdleKnowledge,
  idleLimit,
  NOTHING_KNOWN,
  safetyMs,
} from '../../../src/main/engine/pool/idleLimit.ts';

const SETTING = 90_000;
/** Closes after these idle times, a minute apart. */
const closes = (...lived: number[]): IdleKnowledge =>
  lived.reduce((known, ms, index) => afterIdleClose(known, { idleMs: ms, ageMs: ms }, index * 60_000), NOTHING_KNOWN);
/** Closes after these idle times at these ages, a minute apart. */
const aged = (...ends: readonly (readonly [idleMs: number, ageMs: number])[]): IdleKnowledge =>
  ends.reduce(
    (known, [idleMs, ageMs], index) => afterIdleClose(known, { idleMs, ageMs }, index * 60_000),
    NOTHING_KNOWN,
  );

describe('the learned idle limit', () => {
  it('P5: is the setting until two closes agree, then the shorter of the two', () => {
    expect(idleLimit(NOTHING_KNOWN, SETTING)).toEqual({ ms: SETTING, source: 'setting', closes: 0 });
    expect(idleLimit(closes(20_000), SETTING)).toMatchObject({ source: 'setting', closes: 1 });
    expect(idleLimit(closes(20_400, 20_000), SETTING)).toEqual({ ms: 20_000, source: 'learned', closes: 2 });
  });

  it('P5: one odd early close changes nothing, before or after or between', () => {
    for (const lived of [
      [3_000, 20_000, 20_000],
      [20_000, 3_000, 20_000],
      [20_000, 20_000, 3_000],
    ]) {
      expect(idleLimit(closes(...lived), SETTING).ms, String(lived)).toBe(20_000);
    }
  });

  it('P5: a venue that closes sooner from now on is believed after two closes', () => {
    expect(idleLimit(closes(60_000, 60_000, 60_000, 15_000, 15_000), SETTING).ms).toBe(15_000);
  });

  it('P5: closes at one age after different idle times are of that age, and teach no idle time', () => {
    const known = aged([20_000, 20_000], [20_100, 20_100], [3_000, 20_000], [3_400, 20_200], [3_200, 20_100]);
    expect(idleLimit(known, SETTING)).toEqual({ ms: SETTING, source: 'setting', closes: 5 });
    expect(idleLimit(aged([20_000, 20_000], [3_000, 20_000], [20_000, 20_000], [20_000, 20_000]), SETTING).source).toBe(
      'setting',
    );
  });

  it('P5: closes after one idle time are of that, at whatever age, also where two ages happen to agree', () => {
    expect(idleLimit(aged([10_000, 12_000], [10_000, 12_100], [10_100, 12_000]), SETTING).ms).toBe(10_000);
    const shrunk = aged([5_000, 59_000], [8_000, 59_000], [5_000, 5_000], [5_000, 5_000]);
    expect(idleLimit(shrunk, SETTING)).toMatchObject({ ms: 5_000, source: 'learned' });
  });

  it('P5: a socket older than that age that lives takes it back', () => {
    const known = afterIdleSurvival(aged([20_000, 20_000], [3_000, 20_000]), { idleMs: 100, ageMs: 40_000 });
    const later = afterIdleClose(known, { idleMs: 20_000, ageMs: 20_000 }, 600_000);
    expect(idleLimit(afterIdleClose(later, { idleMs: 20_000, ageMs: 20_000 }, 700_000), SETTING).ms).toBe(20_000);
  });

  it('P5: what one socket lived through idle, no close of another that was sooner is the limit of', () => {
    const known = afterIdleSurvival(closes(3_000), { idleMs: 12_000, ageMs: 12_000 });
    expect(idleLimit(afterIdleClose(known, { idleMs: 3_400, ageMs: 9_000 }, 600_000), SETTING).source).toBe('setting');
    expect(idleLimit(closes(3_000, 12_000, 3_400), SETTING).source).toBe('setting');
  });

  it('P5: a socket that outlives what was learned takes it back', () => {
    const known = closes(20_000, 20_000);
    expect(idleLimit(afterIdleSurvival(known, { idleMs: 21_000, ageMs: 21_000 }), SETTING).source).toBe('learned');
    expect(idleLimit(afterIdleSurvival(known, { idleMs: 30_000, ageMs: 30_000 }), SETTING).source).toBe('setting');
  });

  it('P5: sockets that a restart closes together are one close, that of the longest', () => {
    const restart = [4_000, 50_000, 300].reduce(
      (known, idleMs) => afterIdleClose(known, { idleMs, ageMs: 60_000 }, 1000),
      NOTHING_KNOWN,
    );
    expect(restart).toMatchObject({ lived: [{ idleMs: 50_000, ageMs: 60_000 }], closes: 3 });
    expect(idleLimit(restart, SETTING).source).toBe('setting');
  });

  it('P5: an announced limit holds until it is taken back; the shortest of all wins', () => {
    const announced = afterAnnouncement(NOTHING_KNOWN, 'timeout=5, max=1000');
    expect(idleLimit(announced, SETTING)).toEqual({ ms: 5_000, source: 'announced', closes: 0 });
    expect(idleLimit(announced, 2_000).source).toBe('setting');
    expect(idleLimit(afterAnnouncement(announced, undefined), SETTING).source).toBe('setting');
    expect(idleLimit(afterAnnouncement(closes(3_000, 3_000), 'max=5, timeout=60'), SETTING)).toMatchObject({
      ms: 3_000,
      source: 'learned',
    });
  });

  it('P5: whatever closes there were, the limit is one of them that another confirms, and never above the setting', () => {
    const idle = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(fc.array(idle, { maxLength: 12 }), fc.integer({ min: 100, max: 100_000 }), (lived, setting) => {
        const { ms, source } = idleLimit(closes(...lived), setting);
        expect(ms).toBeLessThanOrEqual(setting);
        if (source !== 'learned') return;
        const last = lived.slice(-3);
        expect(last).toContain(ms);
        const near = last.filter((one) => Math.abs(one - ms) <= Math.max(1_000, Math.min(one, ms) / 10));
        expect(near.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('P5: a limit that comes from a venue with jitter is learned below every close that was seen of it', () => {
    const jittered = fc.tuple(
      fc.integer({ min: 2_000, max: 60_000 }),
      fc.array(fc.double({ min: 0, max: 0.09, noNaN: true }), { minLength: 3, maxLength: 20 }),
    );
    fc.assert(
      fc.property(jittered, ([base, jitters]) => {
        const { ms, source } = idleLimit(closes(...jitters.map((jitter) => base * (1 + jitter))), SETTING);
        expect(source).toBe('learned');
        expect(ms).toBeGreaterThanOrEqual(base);
        expect(ms).toBeLessThanOrEqual(base * 1.09 + 1);
      }),
    );
  });
});

describe('the safety before it', () => {
  it('P5: covers two round trips and half a second, and is never more than half of the limit', () => {
    expect(safetyMs(90_000, null)).toBe(9_000);
    expect(safetyMs(4_000, 30)).toBe(560);
    expect(safetyMs(1_000, 200)).toBe(500);
    const any = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1e4, noNaN: true }), (limit, rtt) => {
        const safety = safetyMs(limit, rtt);
        expect(safety).toBeGreaterThan(0);
        expect(safety).toBeLessThanOrEqual(limit / 2);
        if (500 + 2 * rtt <= limit / 2) expect(safety).toBeGreaterThanOrEqual(500 + 2 * rtt);
      }),
    );
  });
});
