import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Pass, type Reading, stepRule, type Track } from '../../src/main/notices/ruleStep.ts';
import type { Threshold } from '../../src/shared/noticeThreshold.ts';

const OVER: Threshold = { unit: 'ms', side: 'over', enter: 200, leave: 160 };
const UNDER: Threshold = { unit: 'percent', side: 'under', enter: 95, leave: 95.5 };
const measured = (value: number, ownEnter: number | null = null): Reading => ({ kind: 'measured', value, ownEnter });

interface Look {
  readonly ranMs: number;
  readonly jumped: boolean;
  readonly reading: Reading;
}

const reading: fc.Arbitrary<Reading> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(90, 94, 95, 95.2, 95.5, 120, 160, 161, 200, 201, 300).map((v) => measured(v)),
  },
  { weight: 1, arbitrary: fc.constant<Reading>({ kind: 'unknown' }) },
  { weight: 1, arbitrary: fc.constant<Reading>({ kind: 'clear' }) },
  { weight: 1, arbitrary: fc.constant<Reading>({ kind: 'holds', why: 'it is' }) },
);
const look: fc.Arbitrary<Look> = fc.record({
  ranMs: fc.integer({ min: 0, max: 3000 }),
  jumped: fc.boolean().map((value) => value),
  reading,
});
const rules = fc.record({
  threshold: fc.constantFrom(OVER, UNDER, null),
  forMs: fc.constantFrom(0, 500, 5000),
  cooldownMs: fc.constantFrom(0, 1000, 10_000),
});

const isWrong = (threshold: Threshold | null, { kind, ...rest }: Reading): boolean => {
  if (kind !== 'measured') return kind === 'holds';
  if (threshold === null || !('value' in rest)) return false;
  return threshold === OVER ? rest.value > 200 : rest.value < 95;
};
const isGood = (threshold: Threshold | null, { kind, ...rest }: Reading): boolean => {
  if (kind !== 'measured') return kind === 'clear';
  if (threshold === null || !('value' in rest)) return true;
  return threshold === OVER ? rest.value <= 160 : rest.value >= 95.5;
};

it('[D4] whatever comes: raised only after its time without a break, resolved only past the leave threshold, in turn', () => {
  fc.assert(
    fc.property(rules, fc.array(look, { maxLength: 80 }), (rule, looks) => {
      let track: Track | null = null;
      let open = false;
      let wrongMs: number | null = null;
      let sinceResolvedMs = Number.POSITIVE_INFINITY;
      for (const [index, { ranMs, jumped, reading: found }] of looks.entries()) {
        const pass: Pass = { ranMs, jumped: index === 0 || jumped, settled: index > 2 };
        const step = stepRule(rule, track, found, pass);
        const wrong = isWrong(rule.threshold, found);
        wrongMs = !wrong ? null : wrongMs === null || pass.jumped ? 0 : wrongMs + ranMs;
        sinceResolvedMs += ranMs;
        if (step.news === 'raise') {
          expect(open).toBe(false);
          expect(wrongMs ?? -1).toBeGreaterThanOrEqual(rule.forMs);
          expect(sinceResolvedMs).toBeGreaterThanOrEqual(rule.cooldownMs);
          expect(pass.settled).toBe(true);
          open = true;
        } else if (step.news === 'resolve') {
          expect(open).toBe(true);
          expect(isGood(rule.threshold, found)).toBe(true);
          open = false;
          sinceResolvedMs = 0;
          wrongMs = null;
        } else if (open) expect(isGood(rule.threshold, found)).toBe(false);
        else {
          const due = wrongMs !== null && wrongMs >= rule.forMs && sinceResolvedMs >= rule.cooldownMs && pass.settled;
          expect(due).toBe(false);
        }
        expect(step.track?.kind === 'open').toBe(open);
        track = step.track;
      }
    }),
    { numRuns: 2000 },
  );
});

const calm = (ranMs: number): Pass => ({ ranMs, jumped: false, settled: true });

it('[D4] a sleep or a jump of the clock takes the waiting back to its start', () => {
  const rule = { threshold: OVER, forMs: 5000, cooldownMs: 0 };
  const waiting = stepRule(rule, { kind: 'wrong', heldMs: 4900, restMs: 0 }, measured(300), {
    ranMs: 600_000,
    jumped: true,
    settled: false,
  });
  expect(waiting).toMatchObject({ news: null, track: { kind: 'wrong', heldMs: 0 } });
  expect(stepRule(rule, waiting.track, measured(300), calm(4999)).news).toBeNull();
  expect(stepRule(rule, waiting.track, measured(300), calm(5000))).toMatchObject({ news: 'raise', heldMs: 5000 });
});

it('[D4] between its two thresholds a figure neither raises nor resolves, and neither does one that is unknown', () => {
  const rule = { threshold: OVER, forMs: 0, cooldownMs: 0 };
  const between = measured(180);
  expect(stepRule(rule, null, between, calm(1000)).news).toBeNull();
  expect(stepRule(rule, { kind: 'open' }, between, calm(1000)).news).toBeNull();
  expect(stepRule(rule, { kind: 'open' }, { kind: 'unknown' }, calm(1000)).news).toBeNull();
  expect(stepRule(rule, { kind: 'open' }, measured(160), calm(1000)).news).toBe('resolve');
});

it('[H3] without a threshold of its own a rule takes the link’s, and leaves half a percent above it, never above 100', () => {
  const rule = {
    threshold: { unit: 'percent', side: 'under', enter: null, leave: null } as const,
    forMs: 0,
    cooldownMs: 0,
  };
  expect(stepRule(rule, null, measured(98.9, 99), calm(1000)).news).toBe('raise');
  expect(stepRule(rule, null, measured(98.9, null), calm(1000)).news).toBeNull();
  expect(stepRule(rule, { kind: 'open' }, measured(99.4, 99), calm(1000)).news).toBeNull();
  expect(stepRule(rule, { kind: 'open' }, measured(99.5, 99), calm(1000)).news).toBe('resolve');
  expect(stepRule(rule, { kind: 'open' }, measured(100, 100), calm(1000)).news).toBe('resolve');
});
