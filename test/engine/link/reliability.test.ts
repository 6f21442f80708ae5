import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Reliability } from '../../../src/main/engine/link/reliability.ts';
import { monoMs } from '../../../src/shared/units.ts';
import { linkConfig } from '../../support/linkConfig.ts';
import { LinkRig } from '../../support/linkRig.ts';

const HOUR_MS = 3_600_000;

it('[H3] the day holds what lies within 24 h, to one slice of 15 min, and never more than all', () => {
  const seconds = fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000_000 }), fc.boolean()), {
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(
    fc.property(seconds, (steps) => {
      const reliability = new Reliability();
      let now = 0;
      const entries = steps.map(([gapMs, fresh]) => {
        now += gapMs;
        reliability.add(monoMs(now), 1000, fresh);
        return { at: now, fresh };
      });
      const within = (ms: number) => entries.filter(({ at }) => now - at <= ms).length * 1000;
      const { day, sinceStart } = reliability;
      expect(day.observedMs).toBeLessThanOrEqual(within(24 * HOUR_MS));
      expect(day.observedMs).toBeGreaterThanOrEqual(within(24 * HOUR_MS - 15 * 60_000));
      expect(sinceStart).toEqual({
        observedMs: entries.length * 1000,
        freshMs: entries.filter(({ fresh }) => fresh).length * 1000,
      });
    }),
  );
});

it('[H3] it is judged only after an hour, told once when it falls below the target and once when it is back', () => {
  const reliability = new Reliability();
  let now = 0;
  const pass = (minutes: number, fresh: boolean) => {
    const turns: string[] = [];
    for (let i = 0; i < minutes * 60; i += 1) {
      now += 1000;
      reliability.add(monoMs(now), 1000, fresh);
      const verdict = reliability.judge(95);
      if (verdict !== null) turns.push(verdict.turn);
    }
    return turns;
  };
  expect(pass(59, false)).toEqual([]);
  expect(pass(2, true)).toEqual(['low']);
  expect(pass(60, true)).toEqual([]);
  expect(pass(22 * 60, true)).toEqual(['back']);
});

it('[H3] up without fresh data counts as up, not as reliable; a sleep counts as neither', async () => {
  const rig = new LinkRig(linkConfig({ expectsData: true, policy: { dataNoticeMs: 5000 } }));
  await rig.openAndAnswer();
  rig.net.newest.text('tick');
  for (let i = 0; i < 20; i += 1) {
    await rig.answering(1000);
    rig.tick();
  }
  const { upMs, freshMs, sleptMs } = rig.link.figures.view().uptime;
  expect(upMs).toBeCloseTo(20_000, -2);
  expect(freshMs).toBeCloseTo(5_000, -3);
  expect(sleptMs).toBe(0);
  rig.clock.sleep(60_000);
  rig.tick();
  expect(rig.link.figures.view().uptime).toMatchObject({ upMs, freshMs, sleptMs: 60_000 });
  rig.end();
});
