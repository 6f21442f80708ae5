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

const WORDY = [
  ['protocol', 'abcd1z', 'abcd1z'],
  ['text', 'ping', 'pong'],
  [
    'Kraken',
    '{"method":"ping","req_id":1234}',
    '{"method":"pong","req_id":1234,"time_in":"2026-11-21T17:14:40.680123Z","time_out":"2026-11-21T17:14:40.680140Z"}',
  ],
  [
    'Bybit',
    '{"req_id":"1234","op":"ping"}',
    '{"success":true,"ret_msg":"pong","conn_id":"0970e817-426e-429a-a679-ff7f55e0b16a","req_id":"1234","op":"ping"}',
  ],
] as const;

it.each(WORDY)(
  '[L2] two hundred pings and pongs of %s take less than 10 kB, and nothing before the first',
  (_, ping, pong) => {
    const ring = new ControlRing();
    expect(ring.sizeBytes).toBe(0);
    let random = 1;
    const next = (): number => {
      random = (random * 48_271) % 2_147_483_647;
      return random;
    };
    for (let i = 0; i < 2_000; i += 1) {
      const isPing = i % 2 === 0;
      const text = (isPing ? ping : pong).replace('1234', String(i)).replace('680', String(next() % 1000));
      ring.add({
        wall: wallMs(1_763_000_000_000 + i * 500 + (next() % 50)),
        generation: 3,
        carrier: 'message',
        size: text.length,
        rttMs: isPing ? null : 1 + (next() % 5_000) / 1000,
        notes: [],
        count: 1,
        direction: isPing ? 'sent' : 'received',
        kind: isPing ? 'ping' : 'pong',
        bytes: Buffer.from(text),
      });
    }
    expect(ring.since(0).length).toBe(CONTROL_KEPT);
    expect(ring.sizeBytes).toBeLessThan(10_000);
  },
);

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
