import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GateFacts, type GateView, gateText, newGate, stepGate } from '../../src/shared/gate.ts';
import type { UnfitReason } from '../../src/shared/unfitReason.ts';
import { monoMs } from '../../src/shared/units.ts';

const facts = (now: number, change: Partial<GateFacts> = {}): GateFacts => ({
  now: monoMs(now),
  paused: false,
  fit: { fit: true },
  stalling: false,
  reopenAfterMs: 3000,
  ...change,
});
const STALE: UnfitReason = { kind: 'stale', why: 'silent' };
const NOT_FIT = { fit: { fit: false as const, reasons: [STALE] } };

it('[G1] a gate closes at once, says when it would open again, and opens then', () => {
  const open: GateView = { kind: 'open', since: monoMs(0) };
  const closed = stepGate(open, facts(1000, NOT_FIT));
  expect(closed).toEqual({ kind: 'closed', since: 1000, reasons: [STALE], cleanSince: null, opensAt: null });
  const clean = stepGate(closed, facts(1500));
  expect(clean).toMatchObject({ kind: 'closed', since: 1000, cleanSince: 1500, opensAt: 4500 });
  expect(stepGate(clean, facts(4499))).toBe(clean);
  expect(gateText(clean, monoMs(1500), 3000)).toBe('fit again, opens in 3.0 s if it stays so (was: no fresh data)');
  expect(stepGate(clean, facts(4500))).toEqual({ kind: 'open', since: 4500 });
});

it('[G1] a closed gate tells of another reason, and nothing of the same one found again', () => {
  const measuring = (pings: number): Partial<GateFacts> => ({
    fit: { fit: false, reasons: [{ kind: 'measuring', pings, of: 20 }] },
  });
  const closed = stepGate(newGate(monoMs(0)), facts(100, measuring(3)));
  expect(stepGate(closed, facts(200, measuring(3)))).toBe(closed);
  expect(stepGate(closed, facts(200, measuring(4)))).toMatchObject({ since: 0, reasons: [{ pings: 4 }] });
});

it('[G1] what goes wrong during the wait takes the time of opening away', () => {
  const clean = stepGate(newGate(monoMs(0)), facts(100));
  expect(clean).toMatchObject({ opensAt: 3100 });
  expect(stepGate(clean, facts(200, { stalling: true }))).toMatchObject({ cleanSince: null, opensAt: null });
});

it('[G1] a changed hysteresis moves the time of opening of a gate that is waiting', () => {
  const clean = stepGate(newGate(monoMs(0)), facts(100));
  expect(stepGate(clean, facts(200, { reopenAfterMs: 500 }))).toMatchObject({ cleanSince: 100, opensAt: 600 });
});

it('[G1] whatever happens, a gate opens at the time it named, or has taken it back before', () => {
  const step = fc.record({
    ms: fc.integer({ min: 1, max: 2000 }),
    fit: fc.boolean(),
    paused: fc.boolean(),
    stalling: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = 0;
      let gate = newGate(monoMs(0));
      for (const { ms, fit, paused, stalling } of steps) {
        const before = gate;
        now += ms;
        gate = stepGate(before, facts(now, { paused, stalling, ...(fit ? {} : NOT_FIT) }));
        const wasPromised = before.kind === 'closed' && before.opensAt !== null && now >= before.opensAt;
        const clean = fit && !paused && !stalling;
        if (before.kind !== 'open') expect(gate.kind === 'open').toBe(wasPromised && clean);
        if (gate.kind === 'closed') expect(gate.opensAt === null).toBe(gate.cleanSince === null);
      }
    }),
  );
});
