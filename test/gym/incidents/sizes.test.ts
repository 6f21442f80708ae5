import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LinkConfig } from '../../../src/shared/engineConfig.ts';
import { GZIP, rawFrame } from '../scripts.ts';
import { GymVenue } from '../venue.ts';
import { jsonLink, opened, plainLink, rig, SETTLED_MS, setStage, venue, waits } from './stage.ts';

setStage();

describe('20. The first message is larger than the client accepts', () => {
  const MIB = 1024 * 1024;
  const limited = { maxFrameBytes: 4 * MIB, maxInflatedBytes: 4 * MIB };

  /** What the venue sends first on each connection. */
  function first(send: (guest: (typeof venue)['newest']) => void): void {
    const { onGuest } = venue;
    venue.onGuest = (guest) => {
      onGuest(guest);
      send(guest);
    };
  }

  function fragments(bytes: number): Buffer {
    const piece = Buffer.alloc(65_536, 0x78);
    const count = bytes / piece.length;
    return Buffer.concat(Array.from({ length: count }, (_, i) => rawFrame(i === 0 ? 1 : 0, piece, i === count - 1)));
  }

  async function tooBig(config: LinkConfig): Promise<void> {
    await rig.run(config);
    const verdict = await rig.verdict('message too big');
    expect(verdict).toMatchObject({ blame: 'our settings', certainty: 'sure' });
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'protocol', code: 1009 } });
    expect(rig.happenings('alarm')).toHaveLength(1);
    expect(waits()).toMatchObject([{ delayMs: 300_000 }]);
    await rig.pass(30_000);
    expect(venue.upgrades).toBe(1);
  }

  it.each([5, 16])('[L20] 20. message too big: %i MiB whole, and not asked for again at once', async (mib) => {
    first(({ ws }) => ws.send('x'.repeat(mib * MIB)));
    await tooBig(plainLink({ policy: limited }));
  });

  it('[L20] 20. the same in fragments of 64 KiB', async () => {
    first(({ socket }) => socket.write(fragments(16 * MIB)));
    await tooBig(plainLink({ policy: limited }));
  });

  it('[L20] 20. a frame that claims 64 MiB ends the link before it has come', async () => {
    first(({ socket }) => socket.write(rawFrame(1, 'x', true, 64 * MIB)));
    await tooBig(plainLink({ policy: limited }));
  });

  it('[L20] 20. a small gzip message that inflates to too much, with both sizes named', async () => {
    first(({ ws }) => ws.send(gzipSync(Buffer.alloc(16 * MIB, 0x78))));
    await tooBig(plainLink({ preset: GZIP, policy: limited }));
    expect(rig.verdicts()[0]?.evidence.join()).toMatch(/\d+ bytes inflates to more than 4194304 bytes/);
  });

  it('[L20] 20. the same inside permessage-deflate', async () => {
    const packed = await opened(GymVenue.open(null, true));
    packed.onGuest = ({ ws }) => ws.send('x'.repeat(16 * MIB));
    await rig.run(plainLink({ dialUrl: packed.url, policy: { ...limited, compression: true } }));
    await rig.until(() => packed.guests.length === 1, 'a guest');
    const [guest] = packed.guests;
    await rig.soon(() => guest?.ws.readyState !== 1);
    expect(await rig.verdict('message too big')).toMatchObject({ blame: 'our settings' });
    expect(packed.upgrades).toBe(1);
  });

  it('[L20] 20. the size, or the limit, is in the evidence', async () => {
    first(({ ws }) => ws.send('x'.repeat(5 * MIB)));
    await rig.run(plainLink({ policy: limited }));
    expect((await rig.verdict('message too big')).evidence.join()).toMatch(/4 MiB|4194304|5242880/);
  });

  it('[L20] 20. the venue closes with 1009 for a message of ours', async () => {
    await rig.run(jsonLink());
    await rig.up();
    venue.newest.ws.close(1009, 'request over 32 kB');
    const verdict = await rig.verdict('message too big');
    expect(verdict.evidence.join()).toContain('1009 "request over 32 kB"');
    expect(rig.happenings('alarm')).toHaveLength(1);
  });

  it('[L20] 20. near miss: 3 MiB, whole and in fragments, are messages like others', async () => {
    first(({ ws, socket }) => {
      ws.send('x'.repeat(3 * MIB));
      socket.write(fragments(3 * MIB));
    });
    await rig.run(plainLink({ policy: limited }));
    await rig.until(() => rig.link().counters.dataMessages === 2, 'both messages');
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] 20. near miss: a 1006 in the middle of the snapshot is an abnormal close', async () => {
    first(({ socket, id }) => {
      if (id > 1) return;
      socket.write(fragments(MIB).subarray(0, 500_000));
      rig.later(50, () => socket.resetAndDestroy());
    });
    await rig.run(plainLink({ policy: limited }));
    await rig.verdict('abnormal close');
    expect(rig.causes()).not.toContain('message too big');
  });
});

describe('22. Memory grows with compression', () => {
  const MIB = 1024 * 1024;
  const rss = (): number => process.memoryUsage().rss / MIB;

  it('[L20] 22. 5,000 gzip messages in one go are read one at a time, and none is lost', async () => {
    const frame = gzipSync(JSON.stringify({ ch: 'market.btc', tick: 'y'.repeat(20_000) }));
    await rig.run(plainLink({ preset: GZIP }));
    await rig.up();
    const before = rss();
    venue.newest.socket.cork();
    for (let i = 0; i < 5_000; i += 1) venue.newest.ws.send(frame);
    venue.newest.socket.uncork();
    await rig.until(() => rig.link().counters.dataMessages === 5_000, 'all of them');
    expect(rss() - before).toBeLessThan(150);
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  });

  it('[L20] 22. a message of 200 kB that would inflate to 200 MiB does not', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    await rig.run(plainLink({ preset: GZIP, policy: { maxInflatedBytes: MIB } }));
    await rig.up();
    const before = rss();
    venue.newest.ws.send(bomb);
    expect(await rig.verdict('message too big')).toMatchObject({ blame: 'our settings' });
    expect(rss() - before).toBeLessThan(100);
  });

  it('[L20] 22. the same inside permessage-deflate', async () => {
    const packed = await opened(GymVenue.open(null, true));
    await rig.run(plainLink({ dialUrl: packed.url, policy: { compression: true, maxInflatedBytes: MIB } }));
    await rig.up();
    await new Promise<void>((resolve) => packed.newest.ws.send(Buffer.alloc(200 * MIB), () => resolve()));
    const before = rss();
    await rig.soon(() => packed.newest.ws.readyState !== 1);
    expect(await rig.verdict('message too big')).toMatchObject({ blame: 'our settings' });
    expect(rss() - before).toBeLessThan(100);
  });

  it('[L20] 22. 200 connections with context takeover leave nothing behind', async () => {
    const packed = await opened(GymVenue.open(null, true));
    packed.onGuest = ({ ws }) => ws.send(JSON.stringify({ tick: 'y'.repeat(20_000) }));
    const policy = { compression: true, breakerFailures: 0, initialReconnectDelayMs: 250, maxReconnectDelayMs: 250 };
    await rig.run(plainLink({ dialUrl: packed.url, policy }));
    let after20 = 0;
    for (let generation = 1; generation <= 200; generation += 1) {
      await rig.until(() => packed.guests.length === generation, `guest ${generation}`);
      await rig.soon(() => packed.newest.ws.bufferedAmount === 0);
      await rig.up('venue', generation);
      packed.newest.socket.destroy();
      if (generation === 20) after20 = rss();
      await rig.until(() => rig.happenings('socket-ended').length === Math.min(generation, 500), 'noticed');
    }
    expect(rss() - after20).toBeLessThan(80);
  });

  it('[L20] 22. the monitor reports what its sockets have inflated, and its own memory', async () => {
    const packed = gzipSync(JSON.stringify({ tick: 'y'.repeat(100_000) }));
    await rig.run(plainLink({ preset: GZIP }));
    await rig.up();
    venue.newest.ws.send(packed);
    await rig.until(() => (rig.snapshot?.machine.inflatedBytes ?? 0) > 100_000, 'inflated bytes', 5_000);
    expect(rig.snapshot?.machine.inflatedBytes).toBeLessThan(101_000);
    expect(rig.snapshot?.machine.rssBytes).toBeGreaterThan(0);
    expect(rig.snapshot?.machine.heapBytes).toBeGreaterThan(0);
  });

  it('[L20] [H8] 22. a heap that is nearly full is this machine’s doing, told once, until it has room again', async () => {
    await rig.run(plainLink());
    await rig.up();
    const heap = (percent: number): void => {
      rig.memory = () => ({ rssBytes: 3e9, heapBytes: percent * 1e7, heapLimitBytes: 1e9 });
    };
    heap(84);
    await rig.pass(2_000);
    expect(rig.causes()).toEqual([]);
    heap(86);
    const evidence = [expect.stringContaining('heap is 86 % full (820 MiB of 954 MiB)')];
    expect(await rig.verdict('memory')).toEqual({
      cause: 'memory',
      blame: 'this machine',
      certainty: 'sure',
      evidence,
    });
    heap(80);
    await rig.pass(2_000);
    expect(rig.link().verdicts).toMatchObject([{ cause: 'memory' }]);
    expect(rig.causes()).toEqual(['memory']);
    heap(74);
    await rig.pass(2_000);
    expect(rig.link().verdicts).toEqual([]);
  });
});
