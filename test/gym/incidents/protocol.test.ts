import { describe, expect, it } from 'vitest';
import { rawFrame } from '../scripts.ts';
import { cameBackOnce, jsonLink, plainLink, rig, SETTLED_MS, setStage, talk, venue, waits } from './stage.ts';

setStage();

describe('What breaks the protocol', () => {
  const FAULTS: readonly [what: string, bytes: Buffer, code: number][] = [
    ['a control frame in two parts', Buffer.concat([rawFrame(9, 'a', false), rawFrame(0, 'b')]), 1002],
    ['a control frame of more than 125 bytes', rawFrame(9, 'x'.repeat(126)), 1002],
    ['text that is not UTF-8', rawFrame(1, Buffer.from([0xc3, 0x28])), 1007],
    ['a close reason that is not UTF-8', rawFrame(8, Buffer.from([0x03, 0xe8, 0xc3, 0x28])), 1007],
    ['a continuation of nothing', rawFrame(0, 'x'), 1002],
    ['a message inside a message', Buffer.concat([rawFrame(1, 'a', false), rawFrame(1, 'b')]), 1002],
    ['an opcode that does not exist', rawFrame(3, 'x'), 1002],
    ['a close code that must not be sent', rawFrame(8, Buffer.from([0x03, 0xed])), 1002],
    ['a compressed frame that nobody agreed to', Buffer.concat([Buffer.from([0xc1, 1]), Buffer.from('x')]), 1002],
  ];

  it.each(FAULTS)(
    '[L20] %s: protocol fault of the venue, told at once and retried slowly',
    async (_what, bytes, code) => {
      await rig.run(plainLink());
      await rig.up();
      venue.newest.socket.write(bytes);
      const verdict = await rig.verdict('protocol fault');
      expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
      expect(verdict.evidence.join()).toContain(String(code));
      expect(rig.happenings('alarm')).toHaveLength(1);
      expect(waits()).toMatchObject([{ delayMs: 300_000, reason: { kind: 'protocol', code } }]);
    },
  );

  it('[L20] a control frame between two fragments, and an empty message, are none', async () => {
    await rig.run(plainLink());
    await rig.up();
    const { socket } = venue.newest;
    socket.write(Buffer.concat([rawFrame(1, 'a', false), rawFrame(9, 'p'), rawFrame(0, 'b'), rawFrame(1, '')]));
    await rig.until(() => rig.link().counters.messages === 2, 'both messages');
    expect(rig.link().counters.venuePings).toBe(1);
    await rig.pass(SETTLED_MS);
    expect(rig.verdicts()).toEqual([]);
  });

  it('[L20] half a frame, and then nothing: no message, no pong, dead in the promised time, and one retry', async () => {
    await rig.run(jsonLink());
    await rig.up();
    await rig.pass(3_000);
    const { messages } = rig.link().counters;
    talk.muted.add(venue.newest);
    venue.newest.socket.write(rawFrame(1, '{"s":"BTC"', true, 1_000));
    const from = rig.clock.now();
    expect(await rig.happened('socket-ended')).toMatchObject({ reason: { kind: 'dead' } });
    expect(rig.clock.now() - from).toBeLessThan(3_300);
    expect(rig.link().counters.messages).toBe(messages);
    await rig.verdict('half-open');
    await cameBackOnce();
  });

  it('[L20] a message in fragments of one byte without end is a protocol fault; memory stays bounded', async () => {
    await rig.run(plainLink());
    await rig.up();
    const before = process.memoryUsage().rss;
    const pieces = Buffer.concat(Array.from({ length: 1_000 }, () => rawFrame(0, 'x', false)));
    venue.newest.socket.write(rawFrame(1, 'x', false));
    const stop = rig.every(1, () => venue.newest.socket.write(pieces));
    const verdict = await rig.verdict('protocol fault', 'venue', 1_000);
    stop();
    expect(verdict).toMatchObject({ blame: 'venue', certainty: 'sure' });
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
    expect(waits()).toMatchObject([{ delayMs: 300_000, reason: { kind: 'protocol' } }]);
  });

  it('[L20] pings without end of a venue that takes no pong: told as what it is, and memory stays bounded', async () => {
    await rig.run(plainLink());
    await rig.up();
    const before = process.memoryUsage().rss;
    const { socket } = venue.newest;
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 10_000 }, () => rawFrame(9, 'x'.repeat(125))));
    const stop = rig.every(1, () => socket.write(pings));
    const verdict = await rig.verdict('protocol fault', 'venue', 10_000);
    stop();
    expect(verdict.evidence.join()).toContain('pings');
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(150);
    expect(waits()).toMatchObject([{ delayMs: 300_000 }]);
    expect(rig.happenings('alarm')).toHaveLength(1);
  });

  it('[L20] 100,000 pings of the venue are answered; CPU and memory stay bounded, the link stays up', async () => {
    await pinged(40, 2_500);
  });

  it('[L20] the same where 100 of them come in one piece', async () => {
    await pinged(100, 10);
  });

  /** So many pings in one piece, every millisecond. */
  async function pinged(inOnePiece: number, times: number): Promise<void> {
    await rig.run(jsonLink());
    await rig.up();
    const guest = venue.newest;
    const pings = Buffer.concat(Array.from({ length: inOnePiece }, () => rawFrame(9, '1618678072504')));
    let pongs = 0;
    guest.ws.on('pong', () => {
      pongs += 1;
    });
    const before = { rss: process.memoryUsage().rss, cpu: process.cpuUsage() };
    for (let i = 0; i < times; i += 1) {
      guest.socket.write(pings);
      await rig.pass(1);
    }
    await rig.until(() => pongs === inOnePiece * times, 'all answered', 5_000);
    await rig.pass(500);
    const { user, system } = process.cpuUsage(before.cpu);
    expect((user + system) / 1e6).toBeLessThan(10);
    expect((process.memoryUsage().rss - before.rss) / 2 ** 20).toBeLessThan(100);
    expect(rig.link().counters.venuePings).toBe(inOnePiece * times);
    expect(rig.states()).toEqual(['connecting', 'restoring', 'up']);
    expect(rig.causes()).toEqual([]);
    expect(venue.guests).toHaveLength(1);
  }
});
