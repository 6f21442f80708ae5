import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type UpkeepFacts, upkeep } from '../../../src/main/engine/pool/upkeep.ts';
import { monoMs } from '../../../src/shared/units.ts';

const NOW = 1_000_000;

function facts(change: Partial<UpkeepFacts> & { readonly ages?: readonly number[] } = {}): UpkeepFacts {
  const { ages = [], ...rest } = change;
  const idle = ages.map((age, index) => ({
    id: index + 1,
    idleSince: monoMs(NOW - age),
    endsAt: monoMs(NOW + 600_000),
    spread: 0,
  }));
  return {
    now: monoMs(NOW),
    idle,
    busy: 0,
    refreshing: 0,
    connecting: 0,
    total: idle.length,
    wanted: 2,
    maxIdle: 10,
    maxConnections: 50,
    trustedMs: 80_000,
    restUntil: monoMs(NOW),
    doubtful: false,
    ...rest,
  };
}

describe('upkeep', () => {
  it('P2: opens what is missing of the wanted ones; busy and connecting ones count', () => {
    expect(upkeep(facts()).open).toBe(2);
    expect(upkeep(facts({ connecting: 1, total: 1 })).open).toBe(1);
    expect(upkeep(facts({ busy: 1, refreshing: 1, total: 2 })).open).toBe(0);
    expect(upkeep(facts({ wanted: 5, maxConnections: 3, busy: 2, total: 2 })).open).toBe(1);
  });

  it('P2: refreshes a kept socket when its trusted time ends, one of two at a time', () => {
    expect(upkeep(facts({ ages: [79_000, 1_000] }))).toMatchObject({ refresh: [], lookAt: NOW + 1_000 });
    expect(upkeep(facts({ ages: [80_000, 1_000] })).refresh).toEqual([1]);
    expect(upkeep(facts({ ages: [80_000, 81_000] })).refresh).toEqual([2]);
    expect(upkeep(facts({ ages: [80_000], refreshing: 1, total: 2 })).refresh).toEqual([]);
  });

  it('P2: the spread brings a refresh forward by a tenth at most', () => {
    const [socket] = facts({ ages: [0] }).idle;
    if (socket === undefined) throw new Error('unreachable');
    const spread = { ...socket, spread: 0.999 };
    expect(upkeep(facts({ idle: [spread], total: 1, wanted: 1 })).nextRefreshAt).toBeCloseTo(NOW + 80_000 * 0.9001, 0);
  });

  it('P1: of more idle sockets than allowed the oldest are closed', () => {
    expect(upkeep(facts({ ages: [5, 1, 4, 2, 3], maxIdle: 3 })).close).toEqual([3, 1]);
  });

  it('P1: a socket past its age is closed and replaced', () => {
    const [socket] = facts({ ages: [0] }).idle;
    if (socket === undefined) throw new Error('unreachable');
    const old = { ...socket, endsAt: monoMs(NOW) };
    expect(upkeep(facts({ idle: [old], total: 1, wanted: 1 }))).toMatchObject({ close: [1], open: 1 });
  });

  it('P2: at rest nothing is asked or opened, and it is looked again at its end', () => {
    const restUntil = monoMs(NOW + 5_000);
    expect(upkeep(facts({ ages: [90_000], restUntil }))).toMatchObject({ refresh: [], open: 0, lookAt: NOW + 5_000 });
    const proves = upkeep(facts({ ages: [10, 20], doubtful: true }));
    expect(proves.refresh).toEqual([1]);
  });

  it('P1: never more than may be, never a socket both closed and refreshed, always a next look while anything is kept', () => {
    const whole = (max: number) => fc.integer({ min: 0, max });
    const some = fc.record({
      ages: fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 20 }),
      ends: fc.array(fc.integer({ min: -1_000, max: 600_000 }), { minLength: 20, maxLength: 20 }),
      busy: whole(10),
      refreshing: whole(3),
      connecting: whole(8),
      wanted: whole(12),
      maxIdle: whole(12),
      maxConnections: fc.integer({ min: 1, max: 30 }),
      restMs: fc.integer({ min: -1_000, max: 60_000 }),
      doubtful: fc.boolean(),
    });
    fc.assert(
      fc.property(some, ({ ages, ends, busy, refreshing, connecting, restMs, ...rest }) => {
        const { idle } = facts({ ages });
        const given = facts({
          ...rest,
          idle: idle.map((socket, index) => ({ ...socket, endsAt: monoMs(NOW + (ends[index] ?? 0)) })),
          busy,
          refreshing,
          connecting,
          total: idle.length + busy + refreshing + connecting,
          restUntil: monoMs(NOW + restMs),
        });
        const plan = upkeep(given);
        const left = idle.length - plan.close.length;
        expect(left).toBeLessThanOrEqual(given.maxIdle);
        expect(plan.close.filter((id) => plan.refresh.includes(id))).toEqual([]);
        if (plan.open > 0) {
          expect(given.total - plan.close.length + plan.open).toBeLessThanOrEqual(given.maxConnections);
          expect(left + busy + refreshing + connecting + plan.open).toBeLessThanOrEqual(given.wanted);
        }
        if (restMs > 0) expect([plan.open, plan.refresh.length]).toEqual([0, 0]);
        if (plan.lookAt !== null) expect(plan.lookAt).toBeGreaterThan(NOW);
        if (left > 0) expect(plan.lookAt).not.toBeNull();
      }),
    );
  });
});
