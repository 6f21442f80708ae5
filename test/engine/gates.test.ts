import { expect, it } from 'vitest';
import { type GatedLink, Gates } from '../../src/main/engine/gates.ts';
import { Revisions } from '../../src/main/engine/link/revision.ts';
import type { Fitness } from '../../src/shared/fitness.ts';
import { FakeClock } from '../support/fakeClock.ts';

function rig() {
  const clock = new FakeClock();
  const stall = { ms: 0 };
  const revisions = new Revisions();
  const revision = revisions.take();
  const changed = (): void => revision.changed();
  const gates = new Gates({ clock, revisions, stalledMs: () => stall.ms, changed, turned: () => undefined });
  gates.reopenAfterMs = 1_000;
  const link = { fit: { fit: true } as Fitness, fitUntil: Number.POSITIVE_INFINITY, looks: 0 };
  const gated: GatedLink = {
    name: 'one',
    isPaused: false,
    figures: {
      get fit() {
        link.looks += 1;
        return link.fit;
      },
      get fitUntil() {
        return link.fitUntil;
      },
    },
  };
  /** As the engine does it, four times a second. */
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 250) {
      clock.advanceSync(250);
      gates.tick({ links: [gated], places: [revision.place] });
    }
  };
  return { clock, stall, gates, link, changed, pass };
}

it('[G1] a link of which nothing has changed is not judged again, and its gate counts down all the same', () => {
  const { gates, link, changed, pass } = rig();
  pass(1_500);
  expect(gates.of('one').kind).toBe('open');
  pass(250);
  const { looks } = link;
  pass(60_000);
  expect(link.looks).toBe(looks);
  link.fit = { fit: false, reasons: [{ kind: 'stale', why: 'silent' }] };
  changed();
  pass(250);
  expect(gates.of('one')).toMatchObject({ kind: 'closed', reasons: [{ kind: 'stale', why: 'silent' }] });
});

it('[G1] what time alone changes is noticed at its time: data that have become old', () => {
  const { clock, gates, link, pass } = rig();
  link.fitUntil = clock.now() + 5_000;
  pass(4_750);
  expect(gates.of('one').kind).toBe('open');
  link.fit = { fit: false, reasons: [{ kind: 'stale', why: 'silent' }] };
  pass(500);
  expect(gates.of('one').kind).toBe('closed');
});

it('[G1] a stall of this machine closes every gate, and its end lets them count down', () => {
  const { stall, gates, pass } = rig();
  pass(1_500);
  stall.ms = 300;
  pass(250);
  expect(gates.of('one')).toMatchObject({ kind: 'closed', reasons: [{ kind: 'held-up' }] });
  stall.ms = 0;
  pass(250);
  expect(gates.of('one')).toMatchObject({ kind: 'closed', cleanSince: expect.any(Number) });
  pass(1_250);
  expect(gates.of('one').kind).toBe('open');
});
