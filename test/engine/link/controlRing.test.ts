import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ControlRing, type ControlRow } from '../../../src/main/engine/link/controlRing.ts';
import { CARRIERS, CONTROL_KEPT, CONTROL_KINDS, CONTROL_NOTES, nextControl } from '../../../src/shared/controlFrame.ts';
import { wallMs } from '../../../src/shared/units.ts';

const rows: fc.Arbitrary<ControlRow> = fc.record({
  wall: fc.integer({ min: 0, max: 2 ** 42 }).map(wallMs),
  generation: fc.nat(),
  direction: fc.constantFrom('sent', 'received'),
  kind: fc.constantFrom(...CONTROL_KINDS),
  carrier: fc.constantFrom(...CARRIERS),
  bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  size: fc.nat(),
  rttMs: fc.option(fc.integer({ min: 0, max: 90_000_000 }).map((us) => us / 1000)),
  notes: fc.subarray([...CONTROL_NOTES]),
  count: fc.integer({ min: 1, max: 1_000_000 }),
});

it('[L2] the control log gives back the last 200 exchanges as they were written, however long they are', () => {
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 450 }), (written) => {
      const ring = new ControlRing();
      for (const row of written) ring.add(row);
      const wanted = written
        .map((row, index) => ({ ...row, seq: index + 1, bytes: row.bytes.toString('latin1') }))
        .slice(-CONTROL_KEPT);
      expect(ring.since(0)).toEqual(wanted);
      expect(ring.newest).toEqual(wanted.at(-1) ?? null);
      expect(ring.since(written.length)).toEqual(wanted.slice(-1));
    }),
    { numRuns: 40 },
  );
});

it('[L2] a change of the newest exchange leaves every other byte alone', () => {
  fc.assert(
    fc.property(fc.array(rows, { minLength: 2, maxLength: 20 }), (written) => {
      const ring = new ControlRing();
      for (const row of written) ring.add(row);
      const before = ring.since(0);
      ring.amend({ rttMs: 1.5, notes: ['late', 'stalled'], count: 7 });
      const after = ring.since(0);
      expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
      expect(after.at(-1)).toEqual({ ...before.at(-1), rttMs: 1.5, notes: ['late', 'stalled'], count: 7 });
    }),
  );
});

it('[L2] two hundred short pings and pongs take less than 10 kB, and nothing is taken before the first', () => {
  const ring = new ControlRing();
  expect(ring.sizeBytes).toBe(0);
  const row = { wall: wallMs(1), generation: 1, carrier: 'protocol', size: 6, rttMs: 1, notes: [], count: 1 } as const;
  for (let i = 0; i < 2_000; i += 1) {
    ring.add({ ...row, direction: i % 2 === 0 ? 'sent' : 'received', kind: 'ping', bytes: Buffer.from('abcd1z') });
  }
  expect(ring.since(0).length).toBe(CONTROL_KEPT);
  expect(ring.sizeBytes).toBeLessThan(10_000);
});

it('[L2] a page that takes updates as they come knows what the engine knows', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(rows, fc.boolean(), fc.boolean()), { maxLength: 420 }), (steps) => {
      const ring = new ControlRing();
      let held = nextControl([], { kind: 'whole', frames: [] });
      let told = 0;
      for (const [row, amends, tells] of steps) {
        if (amends) ring.amend({ count: row.count });
        else ring.add(row);
        if (!tells) continue;
        held = nextControl(held, { kind: 'more', frames: ring.since(told) });
        told = ring.seq;
      }
      held = nextControl(held, { kind: 'more', frames: ring.since(told) });
      expect(held).toEqual(ring.since(0));
    }),
    { numRuns: 60 },
  );
});
