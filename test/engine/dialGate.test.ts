import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DIAL_RANK, DialGate, type DialRank, originOf } from '../../src/main/engine/dialGate.ts';
import { PLAIN_PRESET } from '../../src/shared/preset.ts';
import { FakeClock } from '../support/fakeClock.ts';

it('[L22] a window is a little longer than the venue’s, which counts dials as they arrive', () => {
  expect(originOf(PLAIN_PRESET, 'wss://a.example/x')).toEqual({ key: 'a.example', limit: 5, windowMs: 1_100 });
  const limits = { ...PLAIN_PRESET.limits, dials: 3, dials_window_secs: 60 };
  expect(originOf({ ...PLAIN_PRESET, limits }, 'wss://a.example/x')).toMatchObject({ limit: 3, windowMs: 60_100 });
});

const origin = { key: 'venue', limit: 3, windowMs: 1_000 };

it('[L22] over random arrivals no window holds more dials than the limit, every dial comes, and live links come first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.constantFrom<DialRank>(0, 1, 2), fc.boolean()), {
        minLength: 1,
        maxLength: 60,
      }),
      (arrivals) => {
        const clock = new FakeClock();
        const gate = new DialGate(clock);
        const dials: { at: number; rank: DialRank }[] = [];
        let left = 0;
        for (const [pauseMs, rank, gives] of arrivals) {
          clock.advanceSync(pauseMs);
          const go = (): void => void dials.push({ at: clock.now(), rank });
          if (gate.ahead(origin, rank) === null) {
            gate.take(origin);
            go();
            continue;
          }
          const ticket = gate.queue(origin, rank, go);
          expect(ticket.place).toBeGreaterThanOrEqual(1);
          expect(ticket.until).toBeGreaterThanOrEqual(clock.now());
          if (!gives) continue;
          ticket.leave();
          left += 1;
        }
        clock.advanceSync(60_000);
        gate.stop();
        expect(dials.length).toBe(arrivals.length - left);
        for (const [i, { at }] of dials.entries()) {
          expect(dials.slice(i).filter((other) => other.at < at + origin.windowMs).length).toBeLessThanOrEqual(
            origin.limit,
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('[L22] a live link that comes later is dialled before links that never were up, and before what is only good to have', () => {
  const clock = new FakeClock();
  const gate = new DialGate(clock);
  const order: string[] = [];
  for (let i = 0; i < 3; i += 1) gate.take(origin);
  gate.queue(origin, DIAL_RANK.spare, () => order.push('spare'));
  gate.queue(origin, DIAL_RANK.other, () => order.push('other'));
  const live = gate.queue(origin, DIAL_RANK.live, () => order.push('live'));
  expect(live.place).toBe(1);
  clock.advanceSync(5_000);
  gate.stop();
  expect(order).toEqual(['live', 'other', 'spare']);
});

it('[L22] origins do not wait for each other', () => {
  const clock = new FakeClock();
  const gate = new DialGate(clock);
  for (let i = 0; i < 3; i += 1) gate.take(origin);
  expect(gate.ahead(origin, 0)).not.toBeNull();
  expect(gate.ahead({ ...origin, key: 'other' }, 0)).toBeNull();
  gate.stop();
});

it('[L22] two presets on one origin are each held to their own limit, and the dials of both count', () => {
  const clock = new FakeClock();
  const gate = new DialGate(clock);
  const strict = { ...origin, limit: 1, windowMs: 4_000 };
  const dials: string[] = [];
  const want = (of: typeof origin, name: string): void =>
    void gate.pass(of, DIAL_RANK.other, () => dials.push(`${name} ${clock.now() - from}`));
  const from = clock.now();
  want(strict, 'strict');
  want(origin, 'loose');
  want(origin, 'loose');
  want(strict, 'strict');
  clock.advanceSync(3_999);
  expect(dials).toEqual(['strict 0', 'loose 0', 'loose 0']);
  clock.advanceSync(1);
  want(origin, 'loose');
  gate.stop();
  expect(dials.slice(3)).toEqual(['strict 4000', 'loose 4000']);
});

it('[L22] a place that was taken before the limit changed is left after it, and the dials before it still count', () => {
  const clock = new FakeClock();
  const gate = new DialGate(clock);
  const dials: string[] = [];
  const strict = { ...origin, limit: 1 };
  gate.take(origin);
  const leaving = gate.queue(strict, DIAL_RANK.other, () => dials.push('left'));
  gate.queue(strict, DIAL_RANK.other, () => dials.push('stayed'));
  expect(gate.ahead({ ...origin, limit: 2 }, DIAL_RANK.other)).toMatchObject({ place: 3 });
  leaving.leave();
  expect(dials).toEqual([]);
  clock.advanceSync(10_000);
  gate.stop();
  expect(dials).toEqual(['stayed']);
});

it('[L22] however often others dial, a lost live link finds places free: half of the window after spares, a quarter after links that never were up', () => {
  const clock = new FakeClock();
  const gate = new DialGate(clock);
  const hourly = { key: 'venue', limit: 36, windowMs: 3_600_000 };
  const dials = { live: 0, other: 0, spare: 0 };
  const want = (rank: keyof typeof dials): void => {
    for (let i = 0; i < 40; i += 1) {
      gate.pass(hourly, DIAL_RANK[rank], () => {
        dials[rank] += 1;
      });
    }
  };
  want('spare');
  expect(dials).toEqual({ live: 0, other: 0, spare: 18 });
  want('other');
  expect(dials).toEqual({ live: 0, other: 9, spare: 18 });
  want('live');
  expect(dials).toEqual({ live: 9, other: 9, spare: 18 });
  gate.stop();
});

it('[L22] where one dial is allowed at a time every rank has its turn', () => {
  const clock = new FakeClock();
  const gate = new DialGate(clock);
  const order: string[] = [];
  for (const rank of ['spare', 'other', 'live'] as const) {
    gate.pass({ ...origin, limit: 1 }, DIAL_RANK[rank], () => order.push(rank));
  }
  clock.advanceSync(2_000);
  gate.stop();
  expect(order).toEqual(['spare', 'live', 'other']);
});
